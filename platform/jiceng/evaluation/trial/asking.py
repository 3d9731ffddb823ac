"""Asking for a trial: at once when it is quick, else with a percentage; a newer draft wins over an older one.

Per process and in memory only. Whoever asks again hears how far it is; what is done is kept for paging.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec

from jiceng.evaluation.service import reason_of
from jiceng.evaluation.trial.ground import inputs_for
from jiceng.evaluation.trial.schemas import Trial
from jiceng.evaluation.trial.trying import tried
from jiceng.kernel.clock import apart
from jiceng.kernel.database import current_tenant, tenant_scope
from jiceng.kernel.errors import Refusal
from jiceng_sdk.faults import Faults

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.evaluation.trial.ground import Inputs
    from jiceng_sdk.rulebook import Rulebook

WAIT, MOST = 1.5, 32
"""Seconds an answer may take before a percentage is shown; trials kept for paging."""


class Waiting(msgspec.Struct, frozen=True):
    """Not ready: how far it is, in per cent."""

    percent: int


class Refused(msgspec.Struct, frozen=True):
    """It cannot be tried; why, in plain Chinese, line by line."""

    lines: tuple[str, ...]


Answer = Trial | Waiting | Refused


class Asked:
    """A trial under way or done, of one revision of a draft on one state of the data."""

    def __init__(self, revision: int, inputs: Inputs, draft: UUID, book: Rulebook) -> None:
        self.revision, self.inputs, self.percent = revision, inputs, 0
        # A context of its own: a task must not inherit the request's transaction or tenant.
        self._task = asyncio.create_task(self._work(draft, book), context=apart())

    async def answer(self, within: float) -> Answer:
        """The trial, why there is none, or how far it is after `within` seconds."""
        await asyncio.wait([self._task], timeout=within)
        if not self._task.done() or self._task.cancelled():
            return Waiting(self.percent)
        return self._task.result()

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self._task.cancel()

    @property
    def gone(self) -> bool:
        """Whether it was given up, or belongs to an event loop that is no more."""
        return self._task.cancelled() or self._task.get_loop() is not asyncio.get_running_loop()

    @property
    def trial(self) -> Trial | None:
        """The result, when there is one."""
        found = self._task.result() if self._task.done() and not self._task.cancelled() else None
        return found if isinstance(found, Trial) else None

    async def _work(self, draft: UUID, book: Rulebook) -> Trial | Refused:
        with tenant_scope(self.inputs.key.tenant):
            try:
                return await tried(self.inputs, draft, book, self._at)
            except (Refusal, Faults) as found:
                return Refused(tuple(reason_of(found).splitlines()))

    def _at(self, percent: int) -> None:
        self.percent = max(self.percent, percent)


_ASKED: OrderedDict[tuple[int, UUID], Asked] = OrderedDict()
_LAST_GOOD: OrderedDict[tuple[int, UUID], Trial] = OrderedDict()


async def ask(scheme: str, draft: UUID, revision: int, book: Rulebook, *, within: float = WAIT) -> Answer:
    """What the draft would do, or how far the computation is. An older revision's is given up."""
    inputs = await inputs_for(scheme, book)
    place = (current_tenant(), draft)
    asked = _ASKED.get(place)
    if asked is None or asked.gone or (asked.revision, asked.inputs.key) != (revision, inputs.key):
        if asked is not None and not asked.gone:
            asked.cancel()
        asked = _ASKED[place] = Asked(revision, inputs, draft, book)
    _ASKED.move_to_end(place)
    while len(_ASKED) > MOST:
        _ASKED.popitem(last=False)[1].cancel()
    answer = await asked.answer(within)
    if isinstance(answer, Trial):
        _LAST_GOOD[place] = answer
        _LAST_GOOD.move_to_end(place)
        while len(_LAST_GOOD) > MOST:
            _LAST_GOOD.popitem(last=False)
    return answer


def last_good(draft: UUID) -> Trial | None:
    """The last trial of this draft that could be made, in this process."""
    return _LAST_GOOD.get((current_tenant(), draft))


def forget() -> None:
    """Give up everything under way and forget what is kept."""
    for asked in _ASKED.values():
        if not asked.gone:
            asked.cancel()
    _ASKED.clear()
    _LAST_GOOD.clear()
