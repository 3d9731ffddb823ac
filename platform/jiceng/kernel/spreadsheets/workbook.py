"""Opening an uploaded file, whatever its kind, into sheets of raw cells at their true addresses."""

import io
from collections.abc import Sequence
from pathlib import PurePath

import msgspec
import python_calamine as calamine

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets.cells import Raw
from jiceng.kernel.spreadsheets.delimited import read_delimited
from jiceng.kernel.spreadsheets.limits import LIMITS, Limits, Reach, check_bytes, check_extent, too_many
from jiceng.kernel.spreadsheets.measuring import measure, reach_of
from jiceng.kernel.spreadsheets.package import Inside, inspect

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


Area = tuple[tuple[int, int], tuple[int, int]]
"""((row, column), (row, column)) of its corners."""


class Sheet(msgspec.Struct, frozen=True):
    """One sheet: `rows[r][c]` is the cell at row r, column c (both from 0, as in the file).

    `merged` holds ((row, column), (row, column)) corners; `formulas` the cells whose value is computed.
    """

    name: str
    rows: list[list[Raw]]
    merged: tuple[Area, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()


class Workbook(msgspec.Struct, frozen=True):
    """An opened file: its name as uploaded and its sheets in order."""

    name: str
    sheets: tuple[Sheet, ...]

    def sheet(self, *names: str) -> Sheet | None:
        """The first sheet with one of these names."""
        return next((sheet for name in names for sheet in self.sheets if sheet.name.strip() == name), None)


def read_workbook(data: bytes, name: str, limits: Limits = LIMITS) -> Workbook:
    """Open an xlsx, xls, ods or csv by its content (not by its ending); raises `Refusal` with the reason."""
    check_bytes(len(data), name, limits)
    if data.startswith((_ZIP, _OLE)):
        inside = inspect(data, name, limits) if data.startswith(_ZIP) else Inside({})
        if not inside.plain:
            measure(data, name, limits)
        return _opened(data, name, inside, limits)
    if PurePath(name).suffix.lower() in {".xlsx", ".xls", ".ods"}:
        raise Refusal(
            f"文件名是 {PurePath(name).suffix}，内容却不是表格",
            where=name,
            todo_zh="请用 Excel 或 WPS 打开确认，另存为 .xlsx 后再上传。",
            what_en=f"the file is named {PurePath(name).suffix} and is no table",
            todo_en="open it in Excel or WPS and save it as .xlsx",
        )
    rows: list[list[Raw]] = [list(row) for row in read_delimited(data, name, limits)]
    formulas = {
        (r, c)
        for r, row in enumerate(rows)
        for c, cell in enumerate(row)
        if str(cell).startswith("=") and len(str(cell)) > 1
    }
    return Workbook(name, (Sheet(PurePath(name).stem, rows, (), frozenset(formulas)),))


def _opened(data: bytes, name: str, inside: Inside, limits: Limits) -> Workbook:
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            worksheets = [
                meta.name for meta in book.sheets_metadata if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            return Workbook(name, tuple(_sheet(book, sheet, inside, limits) for sheet in worksheets))
    except calamine.PasswordError as error:
        raise Refusal(
            "文件加了密码，打不开",
            where=name,
            todo_zh="请去掉密码后保存，再上传。",
            what_en="the file is protected by a password",
            todo_en="save it without one and upload that",
        ) from error
    except calamine.CalamineError as error:
        raise Refusal(
            "文件打不开：内容已损坏、加了密码，或不是表格",
            where=name,
            todo_zh="请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
            what_en="the file is damaged, protected or no table",
            todo_en="open it in Excel or WPS and save it as .xlsx",
        ) from error


def _sheet(book: calamine.CalamineWorkbook, name: str, inside: Inside, limits: Limits) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    reach = reach_of(sheet)
    check_extent(reach.rows, reach.columns, name, limits)
    rows = sheet.to_python(skip_empty_area=False)
    areas = sheet.merged_cell_ranges or []
    if sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in areas) > limits.cells:
        raise too_many(name, limits)
    return Sheet(name, rows, _inside(areas, reach), inside.formulas.get(name, frozenset()))


def _inside(areas: Sequence[Area], reach: Reach) -> tuple[Area, ...]:
    """The merged areas that begin where the sheet is used, as far as it is."""
    return tuple(
        ((top, left), (min(bottom, reach.rows - 1), min(right, reach.columns - 1)))
        for (top, left), (bottom, right) in areas
        if top < reach.rows and left < reach.columns
    )
