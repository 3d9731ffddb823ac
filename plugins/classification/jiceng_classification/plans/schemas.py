"""A plan as pages see it, its reports and moves; and a plan as it is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.turning_round import Course

if TYPE_CHECKING:
    from datetime import date, datetime
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


class Plan(Course, frozen=True, kw_only=True):
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
    ended: date | None
    made_by: UUID | None
