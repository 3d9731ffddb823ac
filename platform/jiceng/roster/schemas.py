"""What travels between reading a roster file, showing what it would change, and changing it."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, TypeAlias
from uuid import UUID

import msgspec

from jiceng.kernel.spreadsheets import CellFault, Table

Kept: TypeAlias = str | int | bool | dt.date | UUID | None
Fields: TypeAlias = dict[str, Kept]


class Stored(msgspec.Struct, frozen=True):
    """One organization, unit or member as the database has it now; `since`: from when its state holds."""

    id: UUID
    identity: Fields
    state: Fields
    since: dt.date


class EarlierMembership(msgspec.Struct, frozen=True):
    """The membership before a member's latest one."""

    id: UUID
    since: dt.date
    until: dt.date | None
    left_by: str | None


class StoredMembership(msgspec.Struct, frozen=True):
    """A member's latest membership, and the one before it."""

    id: UUID
    organization: UUID
    since: dt.date
    joined_by: str | None
    until: dt.date | None
    left_by: str | None
    earlier: EarlierMembership | None = None


class Known(msgspec.Struct, frozen=True):
    """The roster as stored, by number: what a file is compared with. `version` counts applied changes."""

    version: int = 0
    organization: dict[str, Stored] = {}
    unit: dict[str, Stored] = {}
    member: dict[str, Stored] = {}
    memberships: dict[UUID, StoredMembership] = {}
    posts: dict[tuple[UUID, UUID, str, dt.date], tuple[UUID, dt.date | None]] = {}

    def of(self, table: str) -> dict[str, Stored]:
        """The stored rows of organization, unit or member."""
        return {"organization": self.organization, "unit": self.unit, "member": self.member}[table]


class Titles(msgspec.Struct, frozen=True):
    """What a sheet calls its columns where the roster does not know it, and what that may mean.

    `unread`: titles nobody has told about; `told`: field by title, "" for one that is not read;
    `free`: fields (with their titles) that no column of the sheet fills.
    """

    sheet: str
    table: str
    unread: tuple[str, ...]
    told: dict[str, str]
    free: dict[str, str]

    @property
    def asked(self) -> dict[str, str]:
        """Every title that may be told about, with the field it means now."""
        return dict.fromkeys(self.unread, "") | self.told


class Draft(msgspec.Struct, frozen=True):
    """A roster file as read, before it is compared: its tables, the day it describes, and its faults.

    `left_out`: names of sheets that hold something and were not read.
    """

    filename: str
    at: dt.date
    tables: dict[str, Table]
    faults: list[CellFault]
    titles: tuple[Titles, ...] = ()
    left_out: tuple[str, ...] = ()


class NewState(msgspec.Struct, frozen=True):
    """A state that begins at `since`, in place of the one begun that day or after the earlier one."""

    owner: UUID
    since: dt.date
    fields: Fields
    replaces: bool = False


class Changed(msgspec.Struct, frozen=True):
    """What one sheet changes: rows to add, identities to correct, states that begin."""

    added: list[tuple[UUID, str, Fields]] = []
    corrected: list[tuple[UUID, Fields]] = []
    states: list[NewState] = []


class NewMembership(msgspec.Struct, frozen=True):
    """A membership to write: `how` says whether it is added or corrected in place."""

    id: UUID
    member: UUID
    organization: UUID
    since: dt.date
    joined_by: str | None
    until: dt.date | None
    left_by: str | None
    how: Literal["add", "correct"] = "add"


class NewPost(msgspec.Struct, frozen=True):
    """A post to write, or one whose end changed."""

    id: UUID
    member: UUID
    organization: UUID
    post: str
    since: dt.date
    until: dt.date | None
    how: Literal["add", "correct"] = "add"


class Returning(msgspec.Struct, frozen=True):
    """Somebody or something that has left, in the file without a day of leaving; `back`: is taken back.

    `id`: the membership, organization or post whose end it is; `of`: the sheet as the roster calls it.
    """

    id: UUID
    of: str
    sheet: str
    address: str
    number: str
    name: str
    left: dt.date
    left_by: str
    back: bool = False


class Count(msgspec.Struct, frozen=True):
    """Rows of a sheet: new, changed, unchanged, leaving; and stored but not in the file (untouched).

    `returned`: whose leaving is taken back.
    """

    sheet: str
    rows: int
    new: int
    changed: int
    same: int
    leaving: int
    absent: int
    returned: int = 0


class Preview(msgspec.Struct, frozen=True):
    """All that a file would do to the roster, and all that is wrong with it; nothing has been changed yet."""

    filename: str
    at: dt.date
    version: int
    faults: list[CellFault]
    counts: tuple[Count, ...]
    changed: dict[str, Changed]
    closed: list[tuple[UUID, dt.date]]
    memberships: list[NewMembership]
    posts: list[NewPost]
    skipped: int
    titles: tuple[Titles, ...] = ()
    left_out: tuple[str, ...] = ()
    returning: tuple[Returning, ...] = ()

    @property
    def staying_away(self) -> int:
        """How many stay away although they stand in the file."""
        return sum(1 for each in self.returning if not each.back)

    @property
    def unread(self) -> list[str]:
        """Titles of columns nobody has told about, over all sheets."""
        return [title for sheet in self.titles for title in sheet.unread]

    @property
    def errors(self) -> list[CellFault]:
        """The faults that stop the import."""
        return [fault for fault in self.faults if not fault.hint]

    @property
    def hints(self) -> list[CellFault]:
        """Remarks that stop nothing."""
        return [fault for fault in self.faults if fault.hint]

    @property
    def does_nothing(self) -> bool:
        """Whether applying would leave the roster as it is."""
        some = any(c.added or c.corrected or c.states for c in self.changed.values())
        return not (some or self.closed or self.memberships or self.posts)

    @property
    def rows_written(self) -> int:
        """How many rows applying writes at least."""
        return sum(len(c.added) + len(c.states) for c in self.changed.values()) + len(self.memberships)


class OrganizationRow(msgspec.Struct, frozen=True, kw_only=True):
    """An organization on a day; `depth` in the tree from 0, `town`: its superior just below the root."""

    id: UUID
    number: str
    founded: dt.date | None
    name: str
    short_name: str | None
    kind: str
    field: str
    parent: UUID | None
    last_election: dt.date | None
    next_election: dt.date | None
    depth: int = 0
    town: str = ""

    def placed(self, depth: int, town: str) -> "OrganizationRow":
        """The same with its place in the tree."""
        return msgspec.structs.replace(self, depth=depth, town=town)


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """A member and where he belongs on a day; a field that may not be read here is None."""

    id: UUID
    number: str
    name: str
    sex: str | None
    birth_year: int | None
    education: str | None
    joined: dt.date | None
    category: str
    state: str
    employment: str | None
    dual: bool | None
    mobile: bool | None
    worker: bool | None
    organization: UUID
    since: dt.date
    sensitivity: int
    sensitivity_reason: str | None

    @classmethod
    def seen(cls, row: Mapping[str, Any], fields: frozenset[str]) -> "MemberRow":
        """The row of a query with the `fields` that may be read, nothing in place of the others."""
        always = ("id", "number", "name", "category", "state", "organization", "since", "sensitivity")
        told: dict[str, Any] = {
            name: row[name] if name in fields or name in always else None for name in cls.__struct_fields__
        }
        return cls(**told)


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A unit on a day."""

    id: UUID
    number: str
    name: str
    kind: str
    employees: int | None
    should_have: bool
    coverage: str
    organization: UUID | None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many there are on a day; `should_have` and `covered` count non-public enterprises."""

    organizations: int
    members: int
    units: int
    should_have: int
    covered: int

    @property
    def coverage(self) -> Decimal | None:
        """Covered enterprises in percent of those that should have an organization; None when none should."""
        return Decimal(self.covered * 100) / self.should_have if self.should_have else None
