"""What pages see of certification: supervisors, findings, surveys, acceptances and their conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.certification.life import State, Verdict

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


class Supervisor(msgspec.Struct, frozen=True, kw_only=True):
    """A supervisor of a project; `until` None while he looks after it."""

    id: UUID
    member: UUID
    name: str
    since: date
    until: date | None


class FindingMove(msgspec.Struct, frozen=True):
    """What was done about a finding."""

    act: str
    words: str
    deadline: date | None
    at: datetime


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, and where it stands."""

    id: UUID
    seq: int
    supervisor: str
    sort: str
    found: date
    matter: str
    deadline: date
    state: State
    answered: date | None
    late: bool
    moves: tuple[FindingMove, ...] = ()

    def overdue(self, day: date) -> bool:
        """Whether it should have been set right by now."""
        return self.state is State.OPEN and self.deadline < day


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """What must be done before the project is closed."""

    id: UUID
    acceptance: UUID
    seq: int
    matter: str
    deadline: date
    met: date | None
    proof: str
    met_by: UUID | None
    confirmed: date | None
    confirmed_by: str


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """One round of acceptance; `group` are names, the chair's first."""

    id: UUID
    round: int
    held: date
    verdict: Verdict
    opinion: str
    recorded_by: str
    at: datetime
    group: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether the project may be closed on it: passed, or every condition met and confirmed."""
        if self.verdict is Verdict.CONDITIONAL:
            return all(one.confirmed is not None for one in self.conditions)
        return self.verdict is Verdict.PASSED

    def stood(self, day: date) -> bool:
        """Whether it did so on a day already."""
        confirmed = (one.confirmed is not None and one.confirmed <= day for one in self.conditions)
        return self.stands and self.held <= day and all(confirmed)


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """A satisfaction survey: its ballot, and the rate in percent once it was counted and may be told."""

    ballot: UUID
    title: str
    state: str
    day: date
    rate: Decimal | None
