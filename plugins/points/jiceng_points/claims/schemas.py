"""What goes in and out of claims."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from uuid import UUID

import msgspec

from jiceng_points.claims.life import STATE_TITLES, State


class Proof(msgspec.Struct, frozen=True):
    """The light proof: the day, a sentence, and a file only where somebody wants to add one."""

    done_on: date
    sentence: str
    file_name: str = ""
    pieces: AsyncIterator[bytes] | None = None


class ClaimRow(msgspec.Struct, frozen=True, kw_only=True):
    """A claim as pages show it."""

    id: UUID
    number: int
    year: int
    item: UUID
    item_number: str
    title: str
    kind: str
    member: UUID | None
    organization: UUID
    who: str
    place: str
    state: State
    worth: int
    claimed_on: date
    planned: date | None
    due: date
    done_on: date | None
    proof: str
    file: UUID | None
    reason: str
    claimed_by: UUID | None
    done_by: UUID | None
    verified_by: UUID | None
    verified_on: date | None
    times: int
    posted: int

    @property
    def state_title(self) -> str:
        """What pages call its state."""
        return STATE_TITLES[self.state]

    @property
    def subject(self) -> UUID:
        """Whose result it counts for."""
        return self.member or self.organization


class MoveRow(msgspec.Struct, frozen=True, kw_only=True):
    """One step a claim has gone through."""

    before: str
    after: str
    at: datetime
    who: str
    words: str

    @property
    def title(self) -> str:
        """What pages call it."""
        return STATE_TITLES[State(self.after)]


class ClaimFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which claims are looked for; empty means all."""

    year: int
    state: str = ""
    kind: str = ""
    organization: UUID | None = None
    member: UUID | None = None
    item: UUID | None = None
