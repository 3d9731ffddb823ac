"""What a sheet is expected to hold: its columns, and what can be wrong with one cell."""

from typing import Literal

import msgspec

Kind = Literal["text", "integer", "decimal", "date", "year", "flag", "choice"]


class Column(msgspec.Struct, frozen=True):
    """One column: the field it fills, the titles it is known by, what its cells may hold.

    `aliases` are other titles people use; `must` means the sheet must have the column, `required` that every
    row fills it; `options` belong to a choice and are its drop-down, `synonyms` are other words for one;
    `low` and `high` bound a number, `longest` a text; `past`: a day of something that has happened, so none
    after today; `width` is for writing, in characters.
    """

    field: str
    title: str
    kind: Kind = "text"
    aliases: tuple[str, ...] = ()
    required: bool = False
    must: bool = False
    options: tuple[str, ...] = ()
    synonyms: dict[str, str] = {}
    low: int | None = None
    high: int | None = None
    longest: int = 100
    width: int = 12
    past: bool = False


class CellFault(msgspec.Struct, frozen=True):
    """Something wrong at a place in a workbook; `hint` marks a remark that stops nothing.

    `address` is the cell as Excel names it (F9), empty when the whole sheet or file is meant.
    """

    sheet: str
    address: str
    column: str
    content: str
    what: str
    todo: str
    hint: bool = False

    @property
    def where(self) -> str:
        """Sheet and cell, as one word for a message."""
        return f"{self.sheet}!{self.address}" if self.address else self.sheet

    def __str__(self) -> str:
        content = f"「{self.content}」" if self.content else ""
        return f"{self.where} {self.column}{content}：{self.what}；{self.todo}"


def letters(column: int) -> str:
    """A column's letters, counting from 0: 0 → A, 27 → AB."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """The cell's name in Excel; `row` and `column` count from 0."""
    return f"{letters(column)}{row + 1}"


def column_number(name: str) -> int:
    """The column's number from 0; the reverse of `letters`."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1
