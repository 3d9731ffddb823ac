"""What pages and commands see of evaluation: runs, results, pages of them, counts."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

STATES = {"queued": "等待计算", "running": "正在计算", "done": "已计算", "failed": "没有算成"}
STATUSES = {
    "rated": "已评定",
    "needs_ruling": "待裁定",
    "incomplete": "缺资料",
    "exempt": "免评",
    "suspended": "暂缓",
    "vetoed": "一票否决",
    "not_this_round": "本次不评",
    "first_year": "当年新建",
}


class Validity(StrEnum):
    """Whether results took effect: of a run, or of one result in it; a run is never HELD.

    PROPOSED until the run is final; then EFFECTIVE, or HELD when this one had no verdict that a named person
    confirmed; REPLACED as soon as a later run of the same scheme and period is final.
    """

    PROPOSED = "proposed"
    EFFECTIVE = "effective"
    HELD = "held"
    REPLACED = "replaced"

    @property
    def in_words(self) -> str:
        """As a page says it."""
        return VALIDITY_WORDS[self]


VALIDITY_WORDS = {
    Validity.PROPOSED: "拟定",
    Validity.EFFECTIVE: "已生效",
    Validity.HELD: "未生效",
    Validity.REPLACED: "已被取代",
}
HELD_OR_NOT = {Validity.EFFECTIVE: "已生效", Validity.HELD: "未生效"}
"""What a list of a final run may be narrowed to."""


_STORED = re.compile(r"-?\d+\.\d{24}")
"""A number with all the places the engine keeps; a word of a rulebook does not look like that."""


def in_words(value: object) -> str:
    """A value as a page says it: 是, 否, the word or number itself without zeros behind, a dash for none."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    said = str(value)
    return said.rstrip("0").rstrip(".") if _STORED.fullmatch(said) else said


class RunInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A run; `state` is queued, running, done or failed, `reason` says in plain Chinese why it failed.

    `replaced_by`: number of the first later run of the same scheme and period that is final.
    """

    id: UUID
    number: int
    scheme: str
    title: str
    subject: str
    first_day: date
    last_day: date
    period: str
    rulebook: UUID
    version: int
    engine: str
    plugin: str
    roster_at: date
    watermark: int
    previous: tuple[UUID, ...]
    inputs_digest: str
    state: str
    reason: str
    job: UUID | None
    subjects: int
    opened_by: UUID | None
    opened_at: datetime
    finished_at: datetime | None
    milliseconds: int
    scheme_id: UUID
    period_id: UUID
    history: str
    rulings: tuple[int, ...]
    sources: tuple[UUID, ...]
    supersedes: UUID | None
    supersedes_number: int | None
    final_at: datetime | None
    replaced_by: int | None

    @property
    def validity(self) -> Validity:
        """Whether its results took effect; some of them may be held all the same."""
        if self.final_at is None:
            return Validity.PROPOSED
        return Validity.EFFECTIVE if self.replaced_by is None else Validity.REPLACED

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in {"done", "failed"}

    @property
    def state_in_words(self) -> str:
        """The state as a page says it."""
        return STATES[self.state]


class ResultRow(msgspec.Struct, frozen=True):
    """A result in the list; `number` and `name` are the roster's, as are the organization's."""

    subject: UUID
    number: str
    name: str
    organization: str
    status: str
    score: Decimal | None
    grade: str | None
    outputs: dict[str, Any]
    validity: Validity

    @property
    def status_in_words(self) -> str:
        """The status as a page says it; a rulebook's own word stays."""
        return STATUSES.get(self.status, self.status)

    def answer(self, output: str) -> str:
        """An output as a page says it: 是, 否, the word or number itself, a dash for none."""
        return in_words(self.outputs.get(output))


class ResultPage(msgspec.Struct, frozen=True):
    """One page of a list of results: `total` of all pages, `page` from 1."""

    rows: list[ResultRow]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Number of the first row of the page, from 1; 0 when the list is empty."""
        return (self.page - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row of the page."""
        return min(self.page * self.size, self.total)


class Verified(msgspec.Struct, frozen=True):
    """What recomputing a run showed: `differences` are subjects whose result is not the same to the digit."""

    run: int
    subjects: int
    engine_then: str
    engine_now: str
    differences: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether every result came out the same."""
        return not self.differences
