"""What goes in and out of the shelf."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from jiceng_points.shelf.words import STATES


class NewItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item as somebody enters or offers it; `worth` is only proposed until the review gives it."""

    year: int
    number: str
    title: str
    kind: str
    source: str
    side: str
    opens: date
    deadline: date
    worth: int | None = None
    capacity: int | None = None
    times: int = 1
    categories: tuple[str, ...] = ()
    place: str = ""
    proof: str = ""
    online: bool = False
    details: str = ""
    owner: UUID | None = None
    offered_by: UUID | None = None
    need: UUID | None = None


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """An item as pages show it; `owner_name` and `offered_name` are empty where nobody is named."""

    id: UUID
    year: int
    number: str
    title: str
    kind: str
    source: str
    side: str
    categories: tuple[str, ...]
    worth: int | None
    capacity: int | None
    taken: int
    times: int
    opens: date
    deadline: date
    place: str
    proof: str
    online: bool
    details: str
    state: str
    reason: str
    owner: UUID | None
    offered_by: UUID | None
    entered_by: UUID | None

    @property
    def left(self) -> int | None:
        """How many more may claim it; None without a limit."""
        return None if self.capacity is None else self.capacity - self.taken

    @property
    def state_title(self) -> str:
        """What pages call its state."""
        return STATES[self.state]

    def open_on(self, day: date) -> bool:
        """Whether it can be claimed on the day, as far as the item itself decides."""
        return self.state == "shelf" and self.opens <= day <= self.deadline and self.left != 0


class NeedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A resident's need as the clerk sees it."""

    id: UUID
    number: int
    what: str
    contact: str
    source: str
    state: str
    received: datetime
    reason: str
    erase_on: date
    erased_at: datetime | None
    organization: UUID | None
    place: str


class FormRow(msgspec.Struct, frozen=True, kw_only=True):
    """A public form of one community."""

    id: UUID
    organization: UUID
    place: str
    code: str
    is_open: bool
    made_at: datetime


class ShelfFilter(msgspec.Struct, frozen=True, kw_only=True):
    """What of the shelf is looked for; empty words mean all."""

    year: int
    state: str = "shelf"
    kind: str = ""
    side: str = ""
    category: str = ""
    words: str = ""
    open_on: date | None = None
