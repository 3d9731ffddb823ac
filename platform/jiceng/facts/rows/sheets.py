"""Sheets of facts: which columns a kind of fact has in Excel, and rows read from a sheet of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import polars as pl
from msgspec.structs import replace

from jiceng.facts.rows.checking import (
    ACCEPTED,
    DATE,
    ENTERED,
    EVIDENCE,
    SUBJECT,
    VALUE,
    ValueFault,
    fields_of,
)
from jiceng.kernel.spreadsheets import CellFault, Column, Sheet, Table, read_table
from jiceng.kernel.spreadsheets.headings import with_titles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng.kernel.spreadsheets import Workbook
    from jiceng_sdk.rulebook import Fact, Field

_ALWAYS = {
    SUBJECT: Column(SUBJECT, "编号", aliases=("党员编号", "组织编号"), required=True, must=True),
    DATE: Column(DATE, "日期", "date", required=True, must=True),
}
_PROOF = {
    EVIDENCE: Column(EVIDENCE, "佐证", aliases=("事由", "备注"), longest=2000, width=30),
    ENTERED: Column(ENTERED, "录入人"),
    ACCEPTED: Column(ACCEPTED, "核验人"),
}
_RESERVED = frozenset(column.title for column in (*_ALWAYS.values(), *_PROOF.values()))
PEOPLE = (ENTERED, ACCEPTED)
_KINDS = {"number": "decimal", "flag": "flag", "choice": "choice", "date": "date", "text": "text"}
_TYPES = {
    "number": pl.Decimal(38, 12),
    "flag": pl.Boolean(),
    "choice": pl.String(),
    "date": pl.Date(),
    "text": pl.String(),
}


class SheetRows(msgspec.Struct, frozen=True):
    """Rows of one sheet: `rows` as `facts.service.import_facts` takes them, the table they stand in."""

    source: Sheet
    table: Table
    columns: dict[str, Column]
    rows: pl.DataFrame
    faults: tuple[CellFault, ...]

    def at_cells(self, faults: list[ValueFault]) -> tuple[CellFault, ...]:
        """The faults of values, at the cells they stand in."""
        return tuple(
            self.table.fault(fault.row, self.columns[fault.field], fault.what, fault.todo) for fault in faults
        )


def with_own(columns: Mapping[str, Column], told: Mapping[str, str]) -> dict[str, Column]:
    """The columns, known by the tenant's own titles too."""
    return {column.field: column for column in with_titles(tuple(columns.values()), told)}


def columns_for(fact: Fact) -> dict[str, Column]:
    """Columns of the sheet, by field: 编号, 日期, the fact's own; 佐证, 录入人, 核验人 may be left out."""
    own = {name: column_of(name, field) for name, field in fields_of(fact).items()}
    for name, column in own.items():  # 日期 of the fact's own stands beside the day every row has
        if column.title in _RESERVED:
            own[name] = replace(column, title=f"{fact.title}{column.title}")
    titles = {column.title for column in own.values()}
    return {
        name: replace(column, aliases=tuple(one for one in column.aliases if one not in titles))
        for name, column in ({**_ALWAYS, **own, **_PROOF}).items()
    }


def read_rows(
    sheet: Sheet,
    fact: Fact,
    subjects: Mapping[str, str],
    people: Mapping[str, str],
    told: Mapping[str, str] | None = None,
) -> SheetRows:
    """Read a sheet; 编号 become ids by `subjects`, 录入人 and 核验人 by `people` (both: number → id).

    `told`: what the tenant calls columns otherwise (title → field).

    Cells that cannot be read and numbers of people that nobody has are in `faults`; nothing is raised.
    An unknown subject is left empty for `checking.faults_in` to find.
    """
    columns = with_own(columns_for(fact), told or {})
    table = read_table(sheet, tuple(columns.values()))
    fields = fields_of(fact)
    given: dict[str, pl.Series] = {}
    for name in columns:
        kind = fields[name].kind if name in fields else ("date" if name == DATE else "text")
        given[name] = pl.Series(name, table.values[name], dtype=_TYPES[kind], strict=False)
    faults = [fault for fault in table.faults if not fault.hint]
    for name in PEOPLE:
        unknown = given[name].is_not_null() & ~given[name].is_in(list(people))
        faults += [
            table.fault(row, columns[name], "没有这个编号的党员", "核对编号，或留空")
            for row in unknown.arg_true().to_list()
        ]
        given[name] = _ids(given[name], people)
    given[SUBJECT] = _ids(given[SUBJECT], subjects)
    return SheetRows(sheet, table, columns, pl.DataFrame(list(given.values())), tuple(faults))


def days_in(workbook: Workbook, told: Mapping[str, Mapping[str, str]]) -> set[date]:
    """The dates in the sheets, whatever kind they are of."""
    own = {title: field for titles in told.values() for title, field in titles.items()}
    columns = with_own({name: column for name, column in _ALWAYS.items() if name in (SUBJECT, DATE)}, own)
    read = [read_table(sheet, tuple(columns.values())).values[DATE] for sheet in workbook.sheets]
    return {day for days in read for day in days if isinstance(day, date)}


def _ids(numbers: pl.Series, known: Mapping[str, str]) -> pl.Series:
    return numbers.replace_strict(list(known), list(known.values()), default=None, return_dtype=pl.String)


def column_of(name: str, field: Field) -> Column:
    """The column of one field of a fact."""
    kind = _KINDS[field.kind]
    title = field.title or name
    aliases = ("值",) if name == VALUE else ()
    return Column(
        name,
        title,
        kind,  # type: ignore[arg-type]  # the table above holds nothing but kinds of columns
        aliases=aliases,
        required=field.required,
        must=field.required,
        options=field.options,
        longest=200,
    )
