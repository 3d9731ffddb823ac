"""What other slices and pages see of facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

import msgspec

from jiceng.roster.schemas import Titles  # noqa: TC001 - a struct's fields are resolved when it is used

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


Value = str | bool | date | Decimal | None
"""What a field may hold."""
FieldKind = Literal["number", "flag", "date", "choice", "text"]
WORDS = ("choice", "text")
"""Kinds of fields that are kept as words; all others as whole numbers."""


class Column(msgspec.Struct, frozen=True):
    """Where a field lies: `place` counts from 1 in its array, `scale` is the number of decimals kept."""

    name: str
    kind: FieldKind
    place: int
    scale: int = 0

    @property
    def key(self) -> str:
        """Name of the column in queries: n1, n2 … for numbers, w1, w2 … for words."""
        return f"{'w' if self.kind in WORDS else 'n'}{self.place}"


class Layout(msgspec.Struct, frozen=True):
    """The columns of one kind of fact, in the order they were registered."""

    columns: tuple[Column, ...] = ()

    def numbers(self) -> list[str]:
        """Keys of the columns in the array of integers, by place."""
        return [column.key for column in self.columns if column.kind not in WORDS]

    def words(self) -> list[str]:
        """Keys of the columns in the array of words, by place."""
        return [column.key for column in self.columns if column.kind in WORDS]


class Imported(msgspec.Struct, frozen=True):
    """What an import did: rows newly kept, and rows that were there already; `batch` is its number or 0."""

    scheme: str
    kind: str
    title: str
    new: int
    same: int
    batch: int


class Came(msgspec.Struct, frozen=True):
    """Where facts come from: source in words, account; the workbook they are of, or that they take back."""

    source: str
    by: UUID | None = None
    workbook: UUID | None = None
    takes_back: UUID | None = None


class Brought(msgspec.Struct, frozen=True):
    """What a workbook brought, by kind; what its columns' titles leave to be told."""

    kinds: tuple[Imported, ...]
    titles: tuple[Titles, ...]

    @property
    def unread(self) -> list[str]:
        """Titles of columns that hold something, were not read, and nobody has told about."""
        return [title for one in self.titles for title in one.unread]


class KindInfo(msgspec.Struct, frozen=True):
    """A registered kind of fact with the layout of its fields."""

    id: UUID
    scheme: str
    name: str
    title: str
    layout: Layout


class FactShown(msgspec.Struct, frozen=True):
    """A fact as people see it: fields as values and in words; people by name where the roster has them.

    `state` is "", "corrected" (another fact replaces it) or "withdrawn". `withheld`: not 0 when
    the values are not shown, for fewer voted in a party than this minimum.
    """

    seq: int
    scheme: str
    kind: str
    title: str
    occurred: date
    values: dict[str, Value]
    fields: dict[str, str]
    evidence: str
    entered_by: str
    accepted_by: str
    source: str
    state: str
    corrects: int | None
    withheld: int = 0

    def in_words(self, titles: dict[str, str] | None = None) -> Sequence[tuple[str, str]]:
        """Fields with their titles, in the order they were registered; empty ones left out."""
        known = titles or {}
        return [(known.get(name, name), value) for name, value in self.fields.items() if value != ""]
