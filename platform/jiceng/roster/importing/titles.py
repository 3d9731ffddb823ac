"""Columns that a roster file calls otherwise: what may be told about them, and what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets.cells import key, shown
from jiceng.kernel.spreadsheets.headings import SEARCHED, with_titles
from jiceng.kernel.spreadsheets.remembered import remember
from jiceng.roster.importing.sheets import BY_TABLE, OPTIONAL, RosterSheet
from jiceng.roster.schemas import Titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.kernel.spreadsheets import Sheet, Table

FAMILY = "roster"
LONGEST = 100


def with_own_titles(spec: RosterSheet, told: Mapping[str, Mapping[str, str]]) -> RosterSheet:
    """The sheet, its columns known by the tenant's own titles too."""
    return msgspec.structs.replace(spec, columns=with_titles(spec.columns, told.get(spec.table, {})))


def titles_of(sheet: Sheet, table: Table, spec: RosterSheet, told: Mapping[str, str]) -> Titles:
    """What this sheet's titles leave to be told; fields a tenant must ask for first are not offered."""
    written = {
        key(text): text for row in sheet.rows[:SEARCHED] for cell in row if (text := shown(cell).strip())
    }
    unread = [title for title in table.unread.values() if key(title) not in told]
    free = {
        column.field: column.title
        for column in spec.columns
        if column.field not in table.places and column.field not in OPTIONAL
    }
    return Titles(
        table.sheet,
        spec.table,
        tuple(dict.fromkeys(title[:LONGEST] for title in unread)),
        {written[title]: field for title, field in told.items() if title in written},
        free,
    )


async def tell(rows: Sequence[tuple[str, str, str]]) -> None:
    """Keep what titles mean: rows of (table, title, field or "").

    Raises Invalid with every fault: a sheet or field that is not the roster's, two titles for one field.
    """
    faults: list[str] = []
    fields: dict[str, dict[str, str]] = {}
    for table, title, field in rows:
        spec = BY_TABLE.get(table)
        known = {column.field: column.title for column in spec.columns} if spec else {}
        if spec is None or (field and field not in known) or not title.strip() or len(title) > LONGEST:
            faults.append(f"{title[:LONGEST]}：请从列表中选一列")
            continue
        told = fields.setdefault(table, {})
        if field and field in told.values():
            faults.append(f"{title}：「{known[field]}」已经选给了另一列，一列只能选一次")
        told[title] = field
    if faults:
        raise Invalid(faults, "列的对应没有保存")
    async with joined():
        for table, told in fields.items():
            await remember(f"{FAMILY}:{table}", told)
        record(Event.SETTING_CHANGED, kind="column_titles", count=len(rows))
