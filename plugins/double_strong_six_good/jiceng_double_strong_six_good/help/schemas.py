"""Help as pages see it, a month's progress, and a plan as it is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.turning_round import Course

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


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


class Help(Course, frozen=True, kw_only=True):
    """One plan of help."""

    id: UUID
    unit: UUID
    year: int
    problems: str
    measures: str
    helper: str
    ended: date | None

    def said(self) -> Draft:
        """Its words."""
        return Draft(
            problems=self.problems, measures=self.measures, helper=self.helper, deadline=self.deadline
        )
