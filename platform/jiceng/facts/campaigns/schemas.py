"""What pages and other slices see of campaigns: the campaign, a sheet, an entry, what a save led to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.campaigns.stages import SELF, WITHDRAWN, later

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from jiceng.facts.campaigns.stages import Dates
    from jiceng.roster.queries import SubjectKind
    from jiceng.schemes.schemas import PeriodInfo


class CampaignInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign; `moved_to` is the stage it was moved to by hand, `rulebook` the version of its rubric."""

    id: UUID
    scheme: str
    scheme_title: str
    subject: SubjectKind
    title: str
    period: PeriodInfo
    rulebook: UUID
    version: int
    lines: tuple[str, ...]
    proof: bool
    moved_to: str
    dates: Dates
    opened_at: datetime
    closed_at: datetime | None
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    def stage(self, day: date) -> str:
        """The stage it is in: what the calendar says, or where it was moved to, whichever is later."""
        if self.withdrawn_at is not None:
            return WITHDRAWN
        calendar = self.dates.on(day)
        return calendar if self.moved_to == SELF else later(self.moved_to, calendar)


class Reopening(msgspec.Struct, frozen=True):
    """A stage opened again for one organization until a day; `place` and `by` are names."""

    organization: UUID
    place: str
    stage: str
    until: date
    reason: str
    by: str
    at: datetime


class SheetInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet; `handed_by` is the name of whoever handed it in, "" while it is a draft.

    `on_paper`: he typed it from the paper of a unit without an account.
    """

    id: UUID
    subject: str
    stage: str
    handed_by: str
    handed_at: datetime | None
    late: bool
    on_paper: bool = False


class Entry(msgspec.Struct, frozen=True):
    """A line as typed; `by` is the account that changed it last, `id` the row's once it is kept."""

    line: str
    value: str = ""
    proof: str = ""
    comment: str = ""
    revision: int = 0
    by: UUID | None = None
    id: UUID | None = None


class Typed(msgspec.Struct, frozen=True):
    """What somebody typed on a line; None leaves a field as it is.

    `revision` is the one he saw, 0 for a line nobody had filled in, None when he saw none (a workbook without
    it): then the line is written over.
    """

    value: str | None = None
    proof: str | None = None
    comment: str | None = None
    revision: int | None = None


class Saved(msgspec.Struct, frozen=True):
    """What became of a line: kept as `entry`, with what is wrong with its value (or ""), or `crossed`.

    Crossed: somebody else changed the line meanwhile; `entry` is theirs and nothing was saved.
    """

    line: str
    entry: Entry
    fault: str = ""
    crossed: bool = False
