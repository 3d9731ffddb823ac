"""A roster file, read: which sheet is which, whose roster it is, which day it describes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import CellFault, Sheet, Table, Workbook, address, read_table
from jiceng.kernel.spreadsheets.cells import Raw, clean, is_empty, key, shown
from jiceng.kernel.spreadsheets.dates import DateError, read_date
from jiceng.roster.importing.sheets import COVER, DATE_CELL, SHEETS, TENANT_CELL, RosterSheet
from jiceng.roster.importing.titles import titles_of, with_own_titles
from jiceng.roster.schemas import Draft, Titles

Told: TypeAlias = Mapping[str, Mapping[str, str]]
"""What the tenant told its own titles mean: by table, field by title."""


def read_roster(book: Workbook, tenant: tuple[str, str], today: dt.date, told: Told | None = None) -> Draft:
    """Read the file for the tenant (slug, name), whose own titles mean what it `told`.

    Raises `Refusal` when it is another tenant's roster or none at all; other faults are in the draft.
    """
    faults: list[CellFault] = []
    cover = book.sheet(COVER)
    _check_tenant(cover, tenant, book.name)
    at = _date(cover, today, faults)
    tables: dict[str, Table] = {}
    titles: list[Titles] = []
    specs = [with_own_titles(spec, told or {}) for spec in SHEETS]
    left_out: list[str] = []
    for sheet in book.sheets:
        spec = _spec_of(sheet, specs, len(book.sheets))
        if spec is None:
            if key(sheet.name) != key(COVER) and any(cell != "" for row in sheet.rows for cell in row):
                left_out.append(sheet.name)
            continue
        if spec.table in tables:
            faults.append(
                CellFault(sheet.name, "", spec.name, "", f"文件里有两个「{spec.name}」表", "请合成一个工作表")
            )
            continue
        tables[spec.table] = table = read_table(sheet, spec.columns)
        faults += table.faults
        titles.append(titles_of(sheet, table, spec, (told or {}).get(spec.table, {})))
    if not tables:
        names = "、".join(sheet.name for sheet in book.sheets)
        raise Refusal(
            f"文件里没有名册（工作表：{names}）",
            where=book.name,
            todo_zh="工作表应叫「组织」「单位」「党员」「任职」，表头见模板；请下载模板对照。",
        )
    return Draft(book.name, at, tables, faults, tuple(titles), tuple(left_out))


def _spec_of(sheet: Sheet, specs: Sequence[RosterSheet], sheets: int) -> RosterSheet | None:
    name = key(sheet.name)
    for spec in specs:
        if name in {key(spec.name), *map(key, spec.aliases)}:
            return spec
    if name == key(COVER) or sheets > 1:
        return None
    titles = {key(shown(cell)) for row in sheet.rows[:30] for cell in row}
    fitting = {spec.table: sum(_has(spec, titles, field) for field in _needed(spec)) for spec in specs}
    best = max(specs, key=lambda spec: fitting[spec.table])
    return best if fitting[best.table] >= 2 else None  # noqa: PLR2004  one title alone (编号) fits every sheet


def _needed(spec: RosterSheet) -> list[str]:
    return [column.field for column in spec.columns if column.must]


def _has(spec: RosterSheet, titles: set[str], field: str) -> bool:
    column = spec.column(field)
    return any(key(title) in titles for title in (column.title, *column.aliases))


def _beside(cover: Sheet | None, title: str) -> tuple[str, Raw]:
    """The cell to the right of a title on the cover, with its address; ("", "") when there is none."""
    for number, row in enumerate(cover.rows if cover else ()):
        for place, cell in enumerate(row[:-1]):
            if key(shown(cell)) == key(title):
                return address(number, place + 1), row[place + 1]
    return "", ""


def _check_tenant(cover: Sheet | None, tenant: tuple[str, str], filename: str) -> None:
    place, raw = _beside(cover, TENANT_CELL)
    if place and not is_empty(raw) and clean(shown(raw)) not in tenant:
        raise Refusal(
            f"这是「{clean(shown(raw))}」的名册，不是「{tenant[1]}」的",
            where=f"{filename}，{COVER}!{place}",
            todo_zh=f"请换成本单位的名册；如果确是本单位的，把该格改成 {tenant[0]}。",
        )


def _date(cover: Sheet | None, today: dt.date, faults: list[CellFault]) -> dt.date:
    place, raw = _beside(cover, DATE_CELL)
    if not place or is_empty(raw):
        return today
    try:
        day = read_date(raw)
    except DateError as error:
        faults.append(CellFault(COVER, place, DATE_CELL, shown(raw), error.what, error.todo))
        return today
    if day > today:
        faults.append(
            CellFault(COVER, place, DATE_CELL, shown(raw), "名册日期在今天之后", "改成名册实际统计的日期")
        )
    return day
