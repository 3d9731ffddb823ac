"""A sheet read as a table: the header found by its titles, rows checked cell by cell, every fault kept."""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence

import msgspec

from jiceng.kernel.spreadsheets.cells import Raw, is_dash, is_empty, key, shown
from jiceng.kernel.spreadsheets.columns import CellFault, Column, address
from jiceng.kernel.spreadsheets.headings import SEARCHED, unread_titles
from jiceng.kernel.spreadsheets.values import UnreadableError, Value, reader
from jiceng.kernel.spreadsheets.workbook import Sheet

_TOTAL = re.compile(r"(合计|总计|小计|共计)[:\d,.]*[人个家]?")
_NOTES = ("制表", "填表", "审核", "填报", "备注:", "注:", "说明:")
"""How the lines below a table begin: who made it, what it means."""
_AS_EMPTY = ("按空值处理", "不用改")
_FORMULA_TODO = "选中该格，复制，「选择性粘贴」为「数值」"


class Table(msgspec.Struct, frozen=True):
    """The rows that hold data, column by column.

    `lines[i]` is the row in the sheet (from 0) of the i-th value of every column; `places[field]` is
    where its column stands; `skipped` counts titles, headers, blank and 合计 rows; `unread` are the titles of
    columns that hold something and name no field, by place.
    """

    sheet: str
    header: int
    places: dict[str, int]
    lines: list[int]
    values: dict[str, list[Value]]
    faults: list[CellFault]
    skipped: int
    unread: dict[int, str]

    def at(self, index: int, field: str) -> str:
        """The address of a value; empty when the sheet has no such column."""
        return address(self.lines[index], self.places[field]) if field in self.places else ""

    def fault(self, index: int, column: Column, what: str, todo: str) -> CellFault:
        """A fault found later (a reference, a duplicate) at the cell of this value."""
        value = self.values[column.field][index] if column.field in self.values else None
        content = "" if value is None else str(value)
        place = self.at(index, column.field) or address(self.lines[index], 0)
        return CellFault(self.sheet, place, column.title, content, what, todo)


def read_table(sheet: Sheet, columns: Sequence[Column]) -> Table:
    """Read the sheet by these columns. All faults are in the table; nothing is raised."""
    known = {key(title): column.field for column in columns for title in (column.title, *column.aliases)}
    header, places = _find_header(sheet, known, len(columns))
    faults = [
        _absent(sheet, column, found=header >= 0)
        for column in columns
        if column.must and column.field not in places
    ]
    unread = unread_titles(sheet, header, places.values(), known)
    if header < 0 or faults:
        nothing: dict[str, list[Value]] = {column.field: [] for column in columns}
        return Table(sheet.name, max(header, 0), places, [], nothing, faults, len(sheet.rows), unread)
    lines = [number for number in range(header + 1, len(sheet.rows)) if _is_data(sheet.rows[number], places)]
    values: dict[str, list[Value]] = {}
    for column in columns:
        place = places.get(column.field)
        values[column.field] = (
            [None] * len(lines) if place is None else _read(sheet, column, place, lines, faults)
        )
    faults.sort(key=lambda fault: (not fault.address, _row(fault.address), fault.address))
    return Table(sheet.name, header, places, lines, values, faults, len(sheet.rows) - len(lines), unread)


def _row(place: str) -> int:
    return int(place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") or 0)


def _find_header(sheet: Sheet, known: Mapping[str, str], columns: int) -> tuple[int, dict[str, int]]:
    """The last row of the header and where each field stands; (-1, {}) when no row names two columns."""
    best: tuple[int, dict[str, int]] = (-1, {})
    for number, row in itertools.islice(enumerate(sheet.rows), SEARCHED):
        upper = sheet.rows[number - 1] if number else []
        places: dict[str, int] = {}
        for place, cell in enumerate(row):
            own, above = key(shown(cell)), key(shown(upper[place])) if place < len(upper) else ""
            field = known.get(own) or (known.get(above) if own == "" else None)
            if field and field not in places:
                places[field] = place
        own_titles = sum(1 for cell in row if key(shown(cell)) in known)
        if own_titles and len(places) > len(best[1]):
            best = number, places
    return best if len(best[1]) >= min(2, columns) else (-1, {})


def _absent(sheet: Sheet, column: Column, *, found: bool) -> CellFault:
    if not found:
        return CellFault(
            sheet.name,
            "",
            column.title,
            "",
            "没有找到表头",
            f"表头里应有「{column.title}」一列；可下载模板对照",
        )
    return CellFault(
        sheet.name,
        "",
        column.title,
        "",
        f"缺少「{column.title}」一列",
        "在表头加上这一列并填写；可下载模板对照",
    )


def _is_data(row: Sequence[Raw], places: dict[str, int]) -> bool:
    """Whether a row holds data: not blank, and neither a 合计 nor a note (its first filled cell says so)."""
    first = next((cell for cell in row if not (isinstance(cell, str) and not cell.strip())), None)
    if first is None:
        return False
    filled = sum(1 for place in places.values() if place < len(row) and row[place] != "")
    if isinstance(first, str):
        word = key(first)
        if _TOTAL.fullmatch(word) or (filled <= 1 and word.startswith(_NOTES)):
            return False
    return filled > 0


def _read(
    sheet: Sheet, column: Column, place: int, lines: Sequence[int], faults: list[CellFault]
) -> list[Value]:
    read = reader(column)
    merged = _merged_down(sheet, place)
    kept: dict[tuple[type, Raw], tuple[Value | UnreadableError, bool]] = {}
    result: list[Value] = []
    for number in lines:
        row = sheet.rows[number]
        raw = merged.get(number) or (row[place] if place < len(row) else "")
        seen = (type(raw), raw)
        known = kept.get(seen)
        if known is None:
            known = kept[seen] = _value(raw, column, read), is_dash(raw)
        value, dash = known
        if isinstance(value, UnreadableError):
            cell = address(number, place)
            faults.append(CellFault(sheet.name, cell, column.title, shown(raw), value.what, value.todo))
            value = None
        elif dash:
            cell = address(number, place)
            faults.append(CellFault(sheet.name, cell, column.title, shown(raw), *_AS_EMPTY, hint=True))
        result.append(value)
    data = set(lines)
    for number, _ in sorted(cell for cell in sheet.formulas if cell[1] == place and cell[0] in data):
        content = shown(sheet.rows[number][place])
        faults.append(
            CellFault(
                sheet.name,
                address(number, place),
                column.title,
                content,
                "是公式，结果会随别的格子变化",
                _FORMULA_TODO,
            )
        )
    return result


def _merged_down(sheet: Sheet, place: int) -> dict[int, Raw]:
    """Rows that lie inside a cell merged downwards in this column, with the value that stands in its top."""
    return {
        row: sheet.rows[top][place]
        for (top, left), (bottom, right) in sheet.merged
        if left == right == place and bottom > top
        for row in range(top + 1, bottom + 1)
    }


def _value(raw: Raw, column: Column, read: Callable[[Raw], Value]) -> Value | UnreadableError:
    if is_empty(raw):
        return UnreadableError(f"{column.title}是空的", f"补填{column.title}") if column.required else None
    if isinstance(raw, str) and raw.startswith("#") and raw.endswith(("!", "?", "A")):
        return UnreadableError("是 Excel 的错误值", "改成正确的内容")
    try:
        return read(raw)
    except UnreadableError as error:
        return error
