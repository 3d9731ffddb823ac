"""Help as pages see it, a month's progress, and a plan as it is handed in."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from jiceng_double_strong_six_good.help.states import State

if TYPE_CHECKING:
    from uuid import UUID

REPORT_DUE = 5
"""A month's progress is due by this day of the next month."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """How an enterprise is to be helped; it cannot start before all of it is said."""

    problems: str = ""
    measures: str = ""
    helper: str = ""
    deadline: date | None = None

    def lacking(self) -> list[str]:
        """What is still to be said."""
        said = {"问题": self.problems, "措施": self.measures, "帮扶人": self.helper, "期限": self.deadline}
        return [title for title, given in said.items() if not given]


class Progress(msgspec.Struct, frozen=True):
    """What was reported for a month; `by` is an account."""

    month: date
    percent: int
    progress: str
    by: UUID | None
    at: datetime


class Help(msgspec.Struct, frozen=True, kw_only=True):
    """One plan of help; `percent` is of its latest report, `months` those with a report."""

    id: UUID
    unit: UUID
    year: int
    problems: str
    measures: str
    helper: str
    deadline: date | None
    state: State
    started: date | None
    ended: date | None
    handed_in_by: UUID | None
    percent: int | None
    months: tuple[date, ...]

    def said(self) -> Draft:
        """Its words."""
        return Draft(
            problems=self.problems, measures=self.measures, helper=self.helper, deadline=self.deadline
        )

    def overdue(self, today: date) -> bool:
        """Whether it still runs after its deadline."""
        running = self.state in {State.RUNNING, State.HANDED_IN}
        return running and self.deadline is not None and self.deadline < today

    def late_months(self, today: date) -> list[date]:
        """The months (their first days) without a report although it is due, from the month it began in."""
        if self.started is None or self.state is not State.RUNNING:
            return []
        found = []
        month = self.started.replace(day=1)
        while (following := _next(month)).replace(day=REPORT_DUE) < today:
            if month not in self.months:
                found.append(month)
            month = following
        return found


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
