"""Spreadsheets written for people: header style, drop-downs, text kept as text, no formula ever."""

import datetime as dt
import io
import re
from collections.abc import Collection, Sequence
from decimal import Decimal

import msgspec
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets.columns import Column
from jiceng.kernel.spreadsheets.values import Value

_LIST_CHARACTERS = 255  # Excel's limit for a drop-down written into the rule itself
_LONGEST_NAME = 31  # Excel's limit for the name of a sheet
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
MOST_ROWS = 1_048_576
"""Excel's limit for a sheet, its heading included; what stands below would be left out without a word."""
_SPARE = 500  # rows below the data that still offer the drop-down


class SheetOut(msgspec.Struct, frozen=True):
    """A sheet to write: its columns and its rows (one value per column, in their order)."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]] = ()


class _Styles(msgspec.Struct, frozen=True):
    header: Format
    must: Format
    text: Format
    date: Format
    plain: Format


def sheet_name(title: str, taken: Collection[str] = ()) -> str:
    """A title as Excel takes the name of a sheet: without its signs, 31 characters, unlike those `taken`."""
    bare = _NOT_IN_NAMES.sub("", title).strip(" '")[:_LONGEST_NAME].rstrip(" '") or "Sheet"
    name, n, used = bare, 2, {one.casefold() for one in taken}
    while name.casefold() in used:
        name, n = f"{bare[: _LONGEST_NAME - len(str(n))]}{n}", n + 1
    return name


def write_workbook(
    sheets: Sequence[SheetOut], *, made: dt.date, cover: Sequence[tuple[str, str]] = ()
) -> bytes:
    """The bytes of an xlsx; the same input gives the same bytes (`made` is its creation date).

    `cover` fills a first sheet 「封面」 with names and values. Raises Refusal for more rows than a sheet has.
    """
    for sheet in sheets:
        _must_fit(sheet)
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": dt.datetime.combine(made, dt.time(), dt.UTC)})
    styles = _Styles(
        header=book.add_format(
            {"bold": True, "bg_color": "#F2EFE6", "border": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        must=book.add_format(
            {"bold": True, "bg_color": "#F6DDD8", "border": 1, "text_wrap": True, "valign": "vcenter"}
        ),
        text=book.add_format({"num_format": "@"}),
        date=book.add_format({"num_format": "yyyy-mm-dd"}),
        plain=book.add_format(),
    )
    if cover:
        page = book.add_worksheet("封面")
        page.set_column(0, 1, 24)
        for row, (name, value) in enumerate(cover):
            page.write_string(row, 0, name, styles.header)
            page.write_string(row, 1, value, styles.text)
    taken = {"封面"} if cover else set()
    for sheet in sheets:
        name = sheet_name(sheet.name, taken)
        taken.add(name)
        _write_sheet(book.add_worksheet(name), sheet, styles)
    book.close()
    return buffer.getvalue()


def _must_fit(sheet: SheetOut) -> None:
    if len(sheet.rows) >= MOST_ROWS:
        raise Refusal(
            f"有 {len(sheet.rows)} 行，Excel 一张表放不下（连表头最多 {MOST_ROWS} 行），没有导出",
            where=sheet.name,
            todo_zh="请按条件筛选，分几份导出",
            status=413,
        )


def _write_sheet(page: Worksheet, sheet: SheetOut, styles: _Styles) -> None:
    page.freeze_panes(1, 0)
    for place, column in enumerate(sheet.columns):
        style = {"text": styles.text, "date": styles.date}.get(column.kind, styles.plain)
        page.set_column(place, place, column.width, style)
        page.write_string(0, place, column.title, styles.must if column.required else styles.header)
        options = ("是", "否") if column.kind == "flag" else column.options
        if _listable(options):
            page.data_validation(
                1, place, len(sheet.rows) + _SPARE, place, {"validate": "list", "source": list(options)}
            )
    if sheet.rows:
        page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    for number, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write_cell(page, number, place, value, styles)


def _listable(options: Sequence[str]) -> bool:
    """Whether a drop-down can hold them: its rule is a formula, in which commas part and quotes end."""
    listed = ",".join(options)
    return 0 < len(listed) <= _LIST_CHARACTERS and not any("," in each or '"' in each for each in options)


def _write_cell(page: Worksheet, row: int, place: int, value: Value, styles: _Styles) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_string(row, place, "是" if value else "否")
    elif isinstance(value, str):
        page.write_string(row, place, value, styles.text)
    elif isinstance(value, dt.date):
        page.write_datetime(row, place, dt.datetime.combine(value, dt.time()), styles.date)
    elif isinstance(value, Decimal):
        page.write_number(row, place, float(value), styles.plain)
    else:
        page.write_number(row, place, value, styles.plain)
