"""Reads the workbook of projects and checks every row; faults are at their cells, nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.files import CellFault, Table, read_table, read_workbook
from jiceng_project_ledger.followup.due import Kind, beginning
from jiceng_project_ledger.sheets import columns
from jiceng_project_ledger.sheets.checking import Checked, check

if TYPE_CHECKING:
    from jiceng.api.hooks import Numbers
    from jiceng_project_ledger.sheets.rows import Row


class ProjectBook(msgspec.Struct, frozen=True):
    """The rows of every sheet by its name, and everything that is wrong with them."""

    rows: dict[str, list[Row]]
    faults: list[CellFault]


def read_projects(data: bytes, place: str, numbers: Numbers) -> ProjectBook:
    """The projects of a workbook with all that belongs to them; raises Refusal for what is no workbook."""
    book = read_workbook(data, place)
    if book.sheet(columns.PROJECTS) is None:
        todo = "工作表应叫「项目」"
        return ProjectBook({}, [CellFault(columns.PROJECTS, "", "", "", "没有这张工作表", todo)])
    tables = {
        name: read_table(sheet, fields)
        for name, fields in columns.SHEETS.items()
        if (sheet := book.sheet(name)) is not None
    }
    rows = {name: _rows(table) for name, table in tables.items()}
    faults = [fault for table in tables.values() for fault in table.faults if not fault.hint]
    if not faults:
        for row in rows.get(columns.DISPATCHES, ()):
            row["quarter"] = beginning(Kind.QUARTER, row["quarter"])
        rated = {columns.rating_of(row) for row in rows.get(columns.RATINGS, ())}
        known = {row["number"]: row for row in rows[columns.PROJECTS]}
        for name, table in tables.items():
            faults += check(Checked(name, table, rows[name], known, numbers, rated))
    return ProjectBook(rows, faults)


def _rows(table: Table) -> list[Row]:
    return [
        {field: values[index] for field, values in table.values.items()} for index in range(len(table.lines))
    ]
