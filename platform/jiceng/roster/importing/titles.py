"""Columns that a roster file calls otherwise: what may be told about them, and what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import joined
from jiceng.kernel.spreadsheets.headings import with_titles
from jiceng.kernel.spreadsheets.remembered import remember
from jiceng.kernel.spreadsheets.telling import left_to_tell, meanings
from jiceng.roster.importing.sheets import BY_TABLE, OPTIONAL, RosterSheet
from jiceng.roster.schemas import Titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.kernel.spreadsheets import Sheet, Table

FAMILY = "roster"


def with_own_titles(spec: RosterSheet, told: Mapping[str, Mapping[str, str]]) -> RosterSheet:
    """The sheet, its columns known by the tenant's own titles too."""
    return msgspec.structs.replace(spec, columns=with_titles(spec.columns, told.get(spec.table, {})))


def titles_of(sheet: Sheet, table: Table, spec: RosterSheet, told: Mapping[str, str]) -> Titles:
    """What this sheet's titles leave to be told; fields a tenant must ask for first are not offered."""
    free = {
        column.field: column.title
        for column in spec.columns
        if column.field not in table.places and column.field not in OPTIONAL
    }
    return Titles(
        table.sheet,
        spec.table,
        *left_to_tell(sheet, table, told),
        free,
    )


async def tell(rows: Sequence[tuple[str, str, str]]) -> None:
    """Keep what titles mean: rows of (table, title, field or "").

    Raises Invalid with every fault: a sheet or field that is not the roster's, two titles for one field.
    """
    fields = {
        table: {column.field: column.title for column in spec.columns} for table, spec in BY_TABLE.items()
    }
    told = meanings(fields, rows)
    async with joined():
        for table, own in told.items():
            await remember(f"{FAMILY}:{table}", own)
        record(Event.SETTING_CHANGED, kind="column_titles", count=len(rows))
