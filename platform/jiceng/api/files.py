"""Workbooks in and out, and files kept for a tenant."""

from jiceng.kernel.files import LARGEST, OFFERED, FileInfo, content, remove, store, stored, stored_about
from jiceng.kernel.files.handing_out import handed_out
from jiceng.kernel.spreadsheets import (
    CellFault,
    Column,
    SheetOut,
    Table,
    mark,
    read_table,
    read_workbook,
    write_workbook,
)

__all__ = [
    "LARGEST",
    "OFFERED",
    "CellFault",
    "Column",
    "FileInfo",
    "SheetOut",
    "Table",
    "content",
    "handed_out",
    "mark",
    "read_table",
    "read_workbook",
    "remove",
    "store",
    "stored",
    "stored_about",
    "write_workbook",
]
