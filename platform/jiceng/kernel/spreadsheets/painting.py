"""What is wrong, painted into the user's own file: yellow cell, comment, 错误原因 column."""

import io
from collections import defaultdict
from collections.abc import Sequence
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from jiceng.kernel.spreadsheets.cells import shown
from jiceng.kernel.spreadsheets.columns import CellFault
from jiceng.kernel.spreadsheets.workbook import Workbook, read_workbook

REASON = "错误原因"
_YELLOW = "FFFFEB3B"
_AUTHOR = "基层"
_ZIP = b"PK\x03\x04"


def painted(data: bytes, name: str, faults: Sequence[CellFault]) -> bytes:
    """See `marking.mark`."""
    book = _opened(data) or _rebuilt(read_workbook(data, name))
    by_sheet: dict[str, list[CellFault]] = defaultdict(list)
    for fault in faults:
        if not fault.hint:
            by_sheet[fault.sheet].append(fault)
    for page in book.worksheets:
        _clear(page)
        _mark_sheet(page, by_sheet.pop(page.title, []))
    for left in by_sheet.values():  # a sheet the file does not have: told on the first one
        _mark_sheet(book.worksheets[0], [_unplaced(fault) for fault in left])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _opened(data: bytes) -> Book | None:
    """The workbook with its formats; None for other kinds and for what openpyxl cannot open."""
    if not data.startswith(_ZIP) or b"mimetypeapplication/vnd.oasis" in data[:100]:
        return None
    try:
        return load_workbook(io.BytesIO(data))
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, ParseError):
        return None


def _unplaced(fault: CellFault) -> CellFault:
    return CellFault(
        fault.sheet, "", fault.column, fault.content, f"工作表「{fault.sheet}」：{fault.what}", fault.todo
    )


def _rebuilt(workbook: Workbook) -> Book:
    book = Book()
    book.remove(book.worksheets[0])
    for sheet in workbook.sheets:
        page = book.create_sheet(sheet.name[:31])
        for number, row in enumerate(sheet.rows, start=1):
            for place, raw in enumerate(row, start=1):
                if raw != "":
                    cell = page.cell(number, place, shown(raw) if isinstance(raw, bool) else raw)
                    cell.data_type = "s" if isinstance(raw, str) else cell.data_type
        for (top, left), (bottom, right) in sheet.merged:
            page.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    return book


def _clear(page: Worksheet) -> None:
    """Take away the marks of an earlier round, so that the same file may go to and fro."""
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.comment is not None and cell.comment.author == _AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark_sheet(page: Worksheet, faults: Sequence[CellFault]) -> None:
    if not faults:
        return
    reasons: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        cell = page[fault.address] if fault.address else page.cell(1, 1)
        said = f"{fault.column}：{fault.what}；{fault.todo}"
        reasons[int(cell.row or 1)].append(said)
        if isinstance(cell, Cell):  # the inside of a merged area takes no format
            earlier = f"{cell.comment.text}\n" if cell.comment and cell.comment.author == _AUTHOR else ""
            cell.fill = PatternFill("solid", fgColor=_YELLOW)
            cell.comment = Comment(f"{earlier}{said}", _AUTHOR, height=90, width=320)
    place = _reason_column(page, min(reasons))
    for row, said_here in reasons.items():
        written = page.cell(row, place)
        if isinstance(written, Cell):
            text = "\n".join(said_here)
            written.value = f"{REASON}：{text}" if row == 1 else text
            written.data_type = "s"  # a column's title may begin like a formula
            written.font = Font(color="FFB3261E")


def _reason_column(page: Worksheet, first: int) -> int:
    """The column of an earlier 错误原因 (emptied), or a new one titled above the first fault."""
    for row in page.iter_rows():
        for cell in row:
            if str(cell.value or "").startswith(REASON) and isinstance(cell, Cell):
                cell.value = REASON
                for below in range(cell.row + 1, page.max_row + 1):
                    page.cell(below, cell.column).value = None
                return cell.column
    place = page.max_column + 1
    title = page.cell(max(first - 1, 1), place)
    if isinstance(title, Cell):
        title.value = REASON
        title.font = Font(bold=True, color="FFB3261E")
    page.column_dimensions[get_column_letter(place)].width = 48
    return place
