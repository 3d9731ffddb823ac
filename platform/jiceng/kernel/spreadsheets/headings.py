"""Titles that people's own sheets give their columns and that nobody knows: found, and once told, known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.spreadsheets.cells import key, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from jiceng.kernel.spreadsheets.columns import Column
    from jiceng.kernel.spreadsheets.workbook import Sheet

SEARCHED = 30
"""A header stands in the first rows, below titles and notes."""
_FEWEST = 3
_NOBODYS = frozenset({"序号", "序", "备注", "说明"})
"""Titles of columns that hold nothing to be read, in every list."""


def with_titles(columns: Sequence[Column], fields: Mapping[str, str]) -> tuple[Column, ...]:
    """The columns, known by further titles too; `fields`: field by title."""
    return tuple(
        msgspec.structs.replace(column, aliases=(*column.aliases, *_of(column.field, fields)))
        for column in columns
    )


def _of(field: str, fields: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(title for title, named in fields.items() if named == field)


def unread_titles(sheet: Sheet, header: int, read: Collection[int], known: Collection[str]) -> dict[int, str]:
    """Titles of columns that hold something but were not read, by place (from 0).

    `header`: the row of the header, -1 where none was found: then the first row that looks like one is taken;
    `known`: titles (as `cells.key` has them) that need no telling.
    """
    header = header if header >= 0 else _likely_header(sheet)
    if header < 0:
        return {}
    row, above = sheet.rows[header], sheet.rows[header - 1] if header else []
    found: dict[int, str] = {}
    for place, cell in enumerate(row):
        title = shown(cell).strip() or (shown(above[place]).strip() if place < len(above) else "")
        told = key(title) in _NOBODYS or (not read and key(title) in known)
        if place not in read and title and not told and _filled(sheet, header, place):
            found[place] = title
    return found


def _likely_header(sheet: Sheet) -> int:
    """The first row with three texts or more; -1 when there is none."""
    for number, row in enumerate(sheet.rows[:SEARCHED]):
        if sum(isinstance(cell, str) and bool(cell.strip()) for cell in row) >= _FEWEST:
            return number
    return -1


def _filled(sheet: Sheet, header: int, place: int) -> bool:
    return any(place < len(row) and row[place] != "" for row in sheet.rows[header + 1 :])
