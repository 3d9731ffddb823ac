"""A plan as pages see it, its reports and moves; and a plan as it is handed in."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from jiceng_classification.plans.states import State
from jiceng_classification.plans.vocabulary import REPORT_DUE

if TYPE_CHECKING:
    from uuid import UUID


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody plans for an organization in a year; a remedy cannot start before all of it is said."""

    organization: UUID
    year: int
    programme: str
    causes: tuple[str, ...] = ()
    goal: str = ""
    measures: str = ""
    helper: str = ""
    first_secretary: str = ""
    deadline: date | None = None


class Report(msgspec.Struct, frozen=True):
    """What was reported for a month, the latest first; `by` is an account."""

    month: date
    percent: int
    progress: str
    by: UUID | None
    at: datetime


class Move(msgspec.Struct, frozen=True):
    """What was done to a plan."""

    act: str
    before: str
    after: str
    reason: str
    by: UUID | None
    at: datetime


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """One plan; `percent` and `reported` are of its latest report, `months` those with a report."""

    id: UUID
    organization: UUID
    year: int
    programme: str
    causes: tuple[str, ...]
    goal: str
    measures: str
    helper: str
    first_secretary: str
    deadline: date | None
    state: State
    started: date | None
    ended: date | None
    made_by: UUID | None
    handed_in_by: UUID | None
    percent: int | None
    months: tuple[date, ...]

    def overdue(self, today: date) -> bool:
        """Whether it still runs after its deadline."""
        return (
            self.state in {State.RUNNING, State.HANDED_IN}
            and self.deadline is not None
            and self.deadline < today
        )

    def late_months(self, today: date) -> list[date]:
        """The months (their first days) without a report although it is due, from the month it began in."""
        if self.started is None or self.state is not State.RUNNING:
            return []
        reported = set(self.months)
        found = []
        month = self.started.replace(day=1)
        while (following := _next(month)).replace(day=REPORT_DUE) < today:
            if month not in reported:
                found.append(month)
            month = following
        return found


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
