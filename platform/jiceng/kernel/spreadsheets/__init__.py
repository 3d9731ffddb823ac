"""Spreadsheets in and out: people's own Excel files are read, checked, marked and written here."""

from jiceng.kernel.spreadsheets.columns import CellFault, Column, address
from jiceng.kernel.spreadsheets.limits import LIMITS, Limits
from jiceng.kernel.spreadsheets.marking import mark
from jiceng.kernel.spreadsheets.table import Table, read_table
from jiceng.kernel.spreadsheets.workbook import Sheet, Workbook, read_workbook
from jiceng.kernel.spreadsheets.writing import SheetOut, sheet_name, write_workbook

__all__ = [
    "LIMITS",
    "CellFault",
    "Column",
    "Limits",
    "Sheet",
    "SheetOut",
    "Table",
    "Workbook",
    "address",
    "mark",
    "read_table",
    "read_workbook",
    "sheet_name",
    "write_workbook",
]
