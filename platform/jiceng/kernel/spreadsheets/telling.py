"""Titles of a sheet that nobody knows: what is left to be told about them, and what people tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets.cells import key, shown
from jiceng.kernel.spreadsheets.headings import SEARCHED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.kernel.spreadsheets.table import Table
    from jiceng.kernel.spreadsheets.workbook import Sheet

LONGEST = 100
"""Characters of a title that are kept."""


def left_to_tell(
    sheet: Sheet, table: Table, told: Mapping[str, str]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """The titles of a sheet of which nothing was told, and the field of each that was told of.

    `told`: field by title as `cells.key` has it, "" for a title that is not read.
    """
    written = {
        key(text): text for row in sheet.rows[:SEARCHED] for cell in row if (text := shown(cell).strip())
    }
    unread = [title[:LONGEST] for title in table.unread.values() if key(title) not in told]
    known = {written[title]: field for title, field in told.items() if title in written}
    return tuple(dict.fromkeys(unread)), known


def meanings(
    fields: Mapping[str, Mapping[str, str]], rows: Sequence[tuple[str, str, str]]
) -> dict[str, dict[str, str]]:
    """What people tell, by sheet: field by title; rows of (sheet, title, field or "").

    `fields`: by sheet, the title of every field. Raises Invalid with every fault: a sheet or field that is
    not known, two titles for one field.
    """
    faults: list[str] = []
    told: dict[str, dict[str, str]] = {}
    for sheet, title, field in rows:
        known = fields.get(sheet, {})
        strange = sheet not in fields or (field and field not in known)
        if strange or not title.strip() or len(title) > LONGEST:
            faults.append(f"{title[:LONGEST]}：请从列表中选一列")
            continue
        own = told.setdefault(sheet, {})
        if field and field in own.values():
            faults.append(f"{title}：「{known[field]}」已经选给了另一列，一列只能选一次")
        own[title] = field
    if faults:
        raise Invalid(faults, "列的对应没有保存")
    return told
