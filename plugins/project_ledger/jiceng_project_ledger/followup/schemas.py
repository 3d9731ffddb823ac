"""Follow-up as pages see it: reports, dispatch, ratings, reminders, where a project stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_project_ledger.followup.lights import Progress
from jiceng_project_ledger.followup.states import REPORTED, State

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from jiceng_project_ledger.followup.due import Due
    from jiceng_project_ledger.followup.lights import Light
    from jiceng_project_ledger.library.schemas import Project


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a monthly report says; `figure` is the benchmark's measure now, None when not told."""

    percent: int = 0
    work: str = ""
    trouble: str = ""
    ahead: str = ""
    figure: Decimal | None = None


class Report(Said, frozen=True, kw_only=True):
    """A month's report; `words` say why it was returned, `correct_by` until when it may be corrected."""

    id: UUID
    project: UUID
    month: date
    state: State
    handed_in_on: date | None
    due: date | None
    correct_by: date | None
    words: str
    handed_in_by: UUID | None

    @property
    def reported(self) -> bool:
        """Whether the month counts as reported."""
        return self.state in REPORTED

    def being_corrected(self, day: date) -> bool:
        """Whether it was returned and may still be handed in again as of its first day."""
        return self.state is State.RETURNED and self.correct_by is not None and day <= self.correct_by

    def stands(self, day: date) -> bool:
        """Whether nothing is missing on a day: it is handed in, or within the time for its correction."""
        return self.reported or self.being_corrected(day)

    @property
    def late(self) -> bool:
        """Whether it was handed in after its day, the first time unless it was corrected too late."""
        return bool(self.handed_in_on and self.due and self.handed_in_on > self.due)


class ReportMove(msgspec.Struct, frozen=True):
    """What was done to a report."""

    act: str
    words: str
    by: UUID | None
    at: datetime


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a project stands on a day.

    `light` only while it runs; `missed` are months whose report is overdue; `spent` in fen;
    `handed_in`: when it asked for acceptance.
    """

    project: Project
    progress: Progress = Progress()
    phase: str = ""
    light: Light | None = None
    missed: tuple[date, ...] = ()
    reports: tuple[Report, ...] = ()
    spent: int = 0
    handed_in: date | None = None

    @property
    def last(self) -> Report | None:
        """The latest report that was handed in."""
        return next((one for one in reversed(self.reports) if one.reported), None)

    @property
    def figures(self) -> dict[date, Decimal]:
        """The benchmark's measure by month, as reported."""
        return {one.month: one.figure for one in self.reports if one.reported and one.figure is not None}


class MonthRow(msgspec.Struct, frozen=True):
    """A project in a month: its report, or None; what is due when."""

    standing: Standing
    report: Report | None
    due: Due
    overdue: bool


class DispatchLine(msgspec.Struct, frozen=True, kw_only=True):
    """A project in a quarter's dispatch."""

    id: UUID
    project: UUID
    quarter: date
    colour: str
    why: str
    made_on: date
    instruction: str
    answer_due: date | None
    instructed_name: str
    answer: str
    answered_on: date | None

    @property
    def state(self) -> str:
        """What is awaited, or that nothing is."""
        if self.answered_on is not None:
            return "已答复"
        return "待答复" if self.answer_due else "待调度"


class Rating(msgspec.Struct, frozen=True):
    """What one rater gave."""

    project: UUID
    rater: UUID
    rater_name: str
    score: Decimal
    comment: str


class Verdict(msgspec.Struct, frozen=True):
    """The confirmed mean of the raters."""

    project: UUID
    year: int
    kind: str
    score: Decimal
    raters: int
    reason: str
    confirmed_name: str
    at: datetime


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that still holds: the report or the answer is not there."""

    project: UUID
    number: str
    title: str
    kind: str
    period: date
    stage: str
    due: date
