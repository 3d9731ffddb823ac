"""The ledger as a workbook to hand in: 台账 with a title, grouped headings, one row a project, A3 landscape.

Every text is written as text: nothing that people typed becomes a formula or a link (decision 0061).
"""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import xlsxwriter

from jiceng_project_ledger.followup.lights import WORDS as LIGHT_WORDS
from jiceng_project_ledger.library.vocabulary import KIND_WORDS
from jiceng_project_ledger.money import yuan
from jiceng_project_ledger.states import STATE_WORDS
from jiceng_project_ledger.views.rows import months_shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from jiceng_project_ledger.views.rows import Entry

Value = str | int | Decimal | dt.date | None
A3 = 8
_TOP = 3
"""Rows above the projects' rows: title, cover line, two rows of headings make four; the last is number 3."""


class Column(msgspec.Struct, frozen=True):
    """A column: its heading, the heading above it, how wide it is, what stands in it."""

    group: str
    title: str
    width: int
    of: Callable[[Entry], Value]


def _light(entry: Entry) -> str | None:
    light = entry.standing.light
    return LIGHT_WORDS[light.colour] if light else None


def _why(entry: Entry) -> str | None:
    return entry.standing.light.zh if entry.standing.light else None


def _last(entry: Entry) -> str | None:
    return f"{entry.standing.last.month:%Y-%m}" if entry.standing.last else None


def _figure(entry: Entry) -> Decimal | None:
    return entry.distance.figure if entry.distance else None


def _missing(entry: Entry) -> Decimal | None:
    return entry.distance.missing if entry.distance else None


COLUMNS = (
    Column("基本情况", "项目编号", 10, lambda one: one.standing.project.number),
    Column("基本情况", "项目名称", 24, lambda one: one.standing.project.title),
    Column("基本情况", "类别", 9, lambda one: KIND_WORDS[one.standing.project.kind]),
    Column("基本情况", "责任单位", 18, lambda one: one.standing.project.organization_name),
    Column("基本情况", "责任人", 8, lambda one: one.standing.project.responsible_name or None),
    Column("基本情况", "目标", 24, lambda one: one.standing.project.goal or None),
    Column("基本情况", "成效标准", 20, lambda one: one.standing.project.measures or None),
    Column("时间", "开始", 11, lambda one: one.standing.project.began or one.standing.project.starts),
    Column("时间", "完成期限", 11, lambda one: one.standing.project.deadline),
    Column("时间", "办结", 11, lambda one: one.standing.project.ended),
    Column("进度", "状态", 9, lambda one: STATE_WORDS[one.standing.project.state]),
    Column("进度", "现阶段", 10, lambda one: one.standing.phase or None),
    Column("进度", "计划%", 7, lambda one: one.standing.progress.planned),
    Column("进度", "完成%", 7, lambda one: one.standing.progress.done),
    Column("跟踪问效", "亮灯", 6, _light),
    Column("跟踪问效", "亮灯原因", 28, _why),
    Column("跟踪问效", "最近汇报", 9, _last),
    Column("跟踪问效", "缺报月份", 12, lambda one: months_shown(one.standing.missed) or None),
    Column("对标", "对标对象", 14, lambda one: one.standing.project.benchmark or None),
    Column("对标", "指标", 12, lambda one: one.standing.project.benchmark_measure or None),
    Column("对标", "对标值", 8, lambda one: one.standing.project.benchmark_figure),
    Column("对标", "现值", 8, _figure),
    Column("对标", "还差", 8, _missing),
    Column("成本和质量", "预算（元）", 12, lambda one: yuan(one.standing.project.budget)),
    Column("成本和质量", "支出（元）", 12, lambda one: yuan(one.standing.spent)),
    Column("成本和质量", "未整改问题", 8, lambda one: one.standing.progress.findings),
    Column("评议", "半年初评", 8, lambda one: one.score("half")),
    Column("评议", "年终总评", 8, lambda one: one.score("year")),
    Column("", "备注", 12, lambda _: None),
)


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        cell = {"border": 1, "valign": "vcenter", "font_size": 9}
        head = cell | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#EDF1F0"}
        self.title: Format = book.add_format({"bold": True, "font_size": 18, "align": "center"})
        self.cover: Format = book.add_format({"font_size": 9, "align": "left"})
        self.head: Format = book.add_format(head)
        self.text: Format = book.add_format(cell | {"text_wrap": True, "num_format": "@"})
        self.number: Format = book.add_format(cell | {"num_format": "#,##0.00"})
        self.whole: Format = book.add_format(cell | {"num_format": "#,##0"})
        """A whole number: with a format of optional places Excel would show 5 as "5."."""
        self.money: Format = book.add_format(cell | {"num_format": "#,##0.00"})
        self.day: Format = book.add_format(cell | {"num_format": "yyyy-mm-dd"})


def ledger_sheet(title: str, cover: str, entries: Sequence[Entry], made: dt.date) -> bytes:
    """The workbook; the same entries give the same bytes (`made` is its creation date)."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options | {"strings_to_numbers": False})
    book.set_properties({"title": title, "created": dt.datetime.combine(made, dt.time(), dt.UTC)})
    page, styles = book.add_worksheet("项目台账"), _Styles(book)
    _print_setup(page)
    width = len(COLUMNS)
    page.merge_range(0, 0, 0, width, "", styles.title)
    page.write_string(0, 0, title, styles.title)
    page.merge_range(1, 0, 1, width, "", styles.cover)
    page.write_string(1, 0, cover, styles.cover)
    _headings(page, styles)
    for number, entry in enumerate(entries, start=1):
        page.write_number(_TOP + number, 0, number, styles.whole)
        for place, column in enumerate(COLUMNS, start=1):
            _write(page, (_TOP + number, place), column.of(entry), column, styles)
    _totals(page, entries, styles)
    book.close()
    return buffer.getvalue()


def _print_setup(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(A3)
    page.fit_to_pages(1, 0)
    page.repeat_rows(2, _TOP)
    page.freeze_panes(_TOP + 1, 3)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.set_row(0, 30)
    page.set_column(0, 0, 5)
    for place, column in enumerate(COLUMNS, start=1):
        page.set_column(place, place, column.width)


def _headings(page: Worksheet, styles: _Styles) -> None:
    page.merge_range(2, 0, _TOP, 0, "序号", styles.head)
    place = 1
    while place <= len(COLUMNS):
        group = COLUMNS[place - 1].group
        last = place
        while last < len(COLUMNS) and group and COLUMNS[last].group == group:
            last += 1
        if not group:
            page.merge_range(2, place, _TOP, place, COLUMNS[place - 1].title, styles.head)
        else:
            page.merge_range(2, place, 2, last, group, styles.head)
            for one in range(place, last + 1):
                page.write_string(_TOP, one, COLUMNS[one - 1].title, styles.head)
        place = last + 1


def _write(page: Worksheet, at: tuple[int, int], value: Value, column: Column, styles: _Styles) -> None:
    if value is None:
        page.write_blank(*at, None, styles.text)
    elif isinstance(value, str):
        page.write_string(*at, value, styles.text)
    elif isinstance(value, dt.date):
        page.write_datetime(*at, dt.datetime.combine(value, dt.time()), styles.day)
    else:
        whole = styles.whole if value == int(value) else styles.number
        style = styles.money if column.title.endswith("（元）") else whole
        page.write_number(*at, float(value), style)


def _totals(page: Worksheet, entries: Sequence[Entry], styles: _Styles) -> None:
    row = _TOP + len(entries) + 1
    page.write_string(row, 0, "合计", styles.head)
    for place, column in enumerate(COLUMNS, start=1):
        if column.title.endswith("（元）"):
            whole = sum((Decimal(str(column.of(one) or 0)) for one in entries), Decimal(0))
            page.write_number(row, place, float(whole), styles.money)
        else:
            words = f"{len(entries)} 个项目" if column.title == "项目名称" else ""
            page.write_string(row, place, words, styles.text)
