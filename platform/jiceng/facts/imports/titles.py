"""Columns that a workbook of facts calls otherwise: what may be told about them, and what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets.remembered import remember
from jiceng.kernel.spreadsheets.telling import left_to_tell, meanings
from jiceng.roster.schemas import Titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.kernel.spreadsheets import Column, Sheet, Table

Told = dict[str, dict[str, str]]
"""By kind of fact: field by title (as `cells.key` has it), "" for a title that is not read."""


def family(scheme: str) -> str:
    """Under which the titles of a scheme's sheets are remembered."""
    return f"facts:{scheme}"


def titles_of(
    sheet: Sheet, table: Table, kind: str, columns: Mapping[str, Column], told: Mapping[str, str]
) -> Titles:
    """What this sheet's titles leave to be told about the fields of a kind of fact."""
    return Titles(
        table.sheet,
        kind,
        *left_to_tell(sheet, table, told),
        {name: column.title for name, column in columns.items() if name not in table.places},
    )


async def tell(
    scheme: str, kinds: Mapping[str, Mapping[str, Column]], rows: Sequence[tuple[str, str, str]]
) -> None:
    """Keep what titles mean: rows of (kind, title, field or ""); `kinds`: the columns of every kind.

    Raises Invalid with every fault: a kind or field that is not the scheme's, two titles for one field.
    """
    fields = {kind: {name: one.title for name, one in columns.items()} for kind, columns in kinds.items()}
    told = meanings(fields, rows)
    async with joined():
        for kind, own in told.items():
            await remember(f"{family(scheme)}:{kind}", own)
        record(Event.SETTING_CHANGED, scheme=scheme, kind="column_titles", count=len(rows))


class Unkept(Invalid):
    """A workbook that was refused; `titles` says what could still be told about its columns."""

    def __init__(self, faults: Sequence[object], where: str, titles: tuple[Titles, ...]) -> None:
        super().__init__(faults, where=where)
        self.titles = titles
