"""The first person's side: an act that needs a second person is tried, undone and asked for.

Tried, so that whoever asks is told at once of everything that would make the act fail; undone, because it
happens when somebody else approves it, exactly as it was asked for.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.accounts.second_person.kinds import KINDS, Act, needed
from jiceng.kernel.audit import Event, actor_here, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined, transaction
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Mapping
    from uuid import UUID

LASTS = timedelta(days=7)
"""A request nobody decides ends after this."""
LONGEST_TITLE, LONGEST_REASON = 200, 2000
_approved: ContextVar[Act | None] = ContextVar("approved_act", default=None)
_ADD = """
insert into approval_request (tenant_id, id, act, about, title, arguments, reason, asked_by, asked_at,
  expires_at, state, waits_for)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', $11)
on conflict (tenant_id, waits_for) do nothing
"""
_USE = """
update approval_request set state = 'done' where tenant_id = $1 and id = (
  select id from approval_request where tenant_id = $1 and act = $2 and about = $3 and asked_by = $4
  and state = 'granted' and expires_at > $5 order by asked_at limit 1 for update skip locked)
returning id
"""


class Awaiting(Refusal):
    """Not done yet: the request for it was kept and waits for a second person."""

    status = 202

    def __init__(self, act: Act, title: str) -> None:
        super().__init__(
            "已经提交，等另一位有权的人批准后才会执行",
            title,
            "可以在“待批事项”里查看",
            what_en=f"kept as a request: {act.value} needs a second person",
        )


class _Undone(Exception):  # noqa: N818 - the way out of a trial, never an error
    """The trial went through and is rolled back."""


def _undo() -> None:
    raise _Undone


@contextmanager
def approved(act: Act) -> Iterator[None]:
    """Inside the block the act was approved by a second person and happens."""
    token = _approved.set(act)
    try:
        yield
    finally:
        _approved.reset(token)


@asynccontextmanager
async def guarded(
    act: Act, about: str, title: str, arguments: Mapping[str, Any], reason: str, by: UUID | None
) -> AsyncIterator[None]:
    """Around an act: does it, or tries it, undoes it and asks for a second person.

    `about` names what it is about: two equal requests do not wait at once. `arguments` are what the act is
    done with later, as JSON. Jobs, commands and onboarding (no person) are not held up.

    Raises:
        Awaiting: asked. Conflict: the same is asked for already. Whatever the act itself raises.
    """
    if by is None or actor_here().door != "web" or _approved.get() is act or not await needed(act):
        yield
        return
    try:
        async with transaction():
            yield
            _undo()
    except _Undone:
        await _ask(act, about, title, arguments, reason, by)
    raise Awaiting(act, title)


async def pass_once(act: Act, about: str, title: str, by: UUID) -> None:
    """Before something that gives its result to the one who asks (an export): needs a granted request.

    Raises:
        Awaiting: there is none, so it was asked for. Conflict: it is asked for already.
    """
    if not await needed(act):
        return
    async with joined():
        used = await fetch_value(_USE, current_tenant(), act.value, about, by, now())
    if used is None:
        await _ask(act, about, title, {}, "", by)
        raise Awaiting(act, title)


async def _ask(act: Act, about: str, title: str, arguments: Mapping[str, Any], reason: str, by: UUID) -> None:
    moment, request = now(), new_id()
    async with joined():
        await execute(
            "update approval_request set state = 'expired', waits_for = null"
            " where tenant_id = $1 and state = 'waiting' and expires_at <= $2",
            current_tenant(),
            moment,
        )
        kept = await execute(
            _ADD,
            *(current_tenant(), request, act.value, about, title[:LONGEST_TITLE]),
            *(msgspec.json.encode(arguments).decode(), reason.strip()[:LONGEST_REASON]),
            *(by, moment, moment + LASTS, f"{act.value}:{about}"),
        )
        if not kept:
            raise Conflict(
                "同一件事已经提交过，正在等人批准", KINDS[act].zh, "请在“待批事项”里查看，或先撤回再提交"
            )
        record(Event.APPROVAL_ASKED, ("approval_request", request), kind=act.value)
