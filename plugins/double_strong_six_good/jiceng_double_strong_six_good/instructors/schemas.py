"""An instructor as pages see him, his visits, and what is said when one is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """Who is sent, from which office, for how long, to do what."""

    name: str
    employer: str = ""
    since: date | None = None
    until: date | None = None
    task: str = ""


class Visit(msgspec.Struct, frozen=True):
    """One visit; `by` is the account that reported it."""

    day: date
    done: str
    next: str
    by: UUID | None
    at: datetime


class Instructor(msgspec.Struct, frozen=True, kw_only=True):
    """One instructor at one unit; `last_visit` is None before the first."""

    id: UUID
    unit: UUID
    name: str
    employer: str
    since: date
    until: date
    task: str
    ended: date | None
    visits: int
    last_visit: date | None

    def expired(self, today: date) -> bool:
        """Whether he is still there after the planned end."""
        return self.ended is None and self.until < today

    def visit_late(self, today: date, visit_days: int) -> bool:
        """Whether nobody went there for longer than the limit."""
        return self.ended is None and (today - (self.last_visit or self.since)).days > visit_days
