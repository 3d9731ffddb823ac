"""Columns that a workbook of facts calls otherwise: what may be told about them, and what was told before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Invalid
from jiceng.kernel.spreadsheets.cells import key, shown
from jiceng.kernel.spreadsheets.headings import SEARCHED
from jiceng.kernel.spreadsheets.remembered import remember
from jiceng.roster.schemas import Titles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jiceng.kernel.spreadsheets import Column, Sheet, Table

LONGEST = 100
Told = dict[str, dict[str, str]]
"""By kind of fact: field by title (as `cells.key` has it), "" for a title that is not read."""


def family(scheme: str) -> str:
    """Under which the titles of a scheme's sheets are remembered."""
    return f"facts:{scheme}"


def titles_of(
    sheet: Sheet, table: Table, kind: str, columns: Mapping[str, Column], told: Mapping[str, str]
) -> Titles:
    """What this sheet's titles leave to be told about the fields of a kind of fact."""
    written = {
        key(text): text for row in sheet.rows[:SEARCHED] for cell in row if (text := shown(cell).strip())
    }
    unread = [title for title in table.unread.values() if key(title) not in told]
    return Titles(
        table.sheet,
        kind,
        tuple(dict.fromkeys(title[:LONGEST] for title in unread)),
        {written[title]: field for title, field in told.items() if title in written},
        {name: column.title for name, column in columns.items() if name not in table.places},
    )


async def tell(
    scheme: str, kinds: Mapping[str, Mapping[str, Column]], rows: Sequence[tuple[str, str, str]]
) -> None:
    """Keep what titles mean: rows of (kind, title, field or ""); `kinds`: the columns of every kind.

    Raises Invalid with every fault: a kind or field that is not the scheme's, two titles for one field.
    """
    faults: list[str] = []
    fields: Told = {}
    for kind, title, field in rows:
        columns = kinds.get(kind, {})
        if kind not in kinds or (field and field not in columns) or not 0 < len(title.strip()) <= LONGEST:
            faults.append(f"{title[:LONGEST]}：请从列表中选一列")
            continue
        told = fields.setdefault(kind, {})
        if field and field in told.values():
            faults.append(f"{title}：「{columns[field].title}」已经选给了另一列，一列只能选一次")
        told[title] = field
    if faults:
        raise Invalid(faults, "列的对应没有保存")
    async with joined():
        for kind, told in fields.items():
            await remember(f"{family(scheme)}:{kind}", told)
        record(Event.SETTING_CHANGED, scheme=scheme, kind="column_titles", count=len(rows))


class Unkept(Invalid):
    """A workbook that was refused; `titles` says what could still be told about its columns."""

    def __init__(self, faults: Sequence[object], where: str, titles: tuple[Titles, ...]) -> None:
        super().__init__(faults, where=where)
        self.titles = titles
