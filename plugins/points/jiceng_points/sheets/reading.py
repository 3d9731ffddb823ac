"""Reads the workbooks and checks every row; faults are at their cells, nothing is raised and nothing kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api.files import CellFault, Column, Table, read_table, read_workbook
from jiceng_points.claims.life import STATE_TITLES, State
from jiceng_points.sheets import columns
from jiceng_points.shelf.checking import NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jiceng.api.hooks import Numbers

_PARTS = re.compile(r"[、，,;；\s]+")
_STATES = {title: state for state, title in STATE_TITLES.items()}
_NEEDS_DAY = frozenset({State.DONE, State.VERIFIED, State.REJECTED})


class ShelfSheet(msgspec.Struct, frozen=True):
    """The items of a workbook, one dict each by the columns' fields; `faults` that stop it."""

    rows: tuple[dict[str, Any], ...]
    faults: tuple[CellFault, ...]


class ClaimSheets(msgspec.Struct, frozen=True):
    """Claims, own lists and adjustments of a workbook, column by column, with their tables."""

    claims: Table | None
    own_lists: Table | None
    adjustments: Table | None
    faults: tuple[CellFault, ...]


def read_shelf(data: bytes, place: str, numbers: Numbers) -> ShelfSheet:
    """The items of a workbook; organizations and members are looked up by number."""
    table = read_table(read_workbook(data, place).sheets[0], columns.ITEM)
    faults = [fault for fault in table.faults if not fault.hint]
    rows: list[dict[str, Any]] = [
        {field: values[index] for field, values in table.values.items()} for index in range(len(table.lines))
    ]
    by_field = {column.field: column for column in columns.ITEM}
    for index, row in enumerate(rows):
        faults += [
            table.fault(index, by_field[field], what, todo)
            for field, what, todo in _item_faults(row, numbers)
        ]
        row["categories"] = split(row["categories"])
    faults += _twice(table, by_field["number"])
    return ShelfSheet(tuple(rows), tuple(faults))


def read_claims(data: bytes, place: str, numbers: Numbers) -> ClaimSheets:
    """The sheets of a year's claims; each may be missing, one of them must be there."""
    book = read_workbook(data, place)
    known = {**numbers.members, **numbers.organizations}
    tables: dict[str, Table] = {}
    faults: list[CellFault] = []
    for title, kinds in (
        (columns.CLAIMS, columns.CLAIM),
        (columns.OWN_LISTS, columns.OWN_LIST),
        (columns.ADJUSTED, columns.ADJUSTMENT),
    ):
        sheet = book.sheet(title)
        if sheet is None:
            continue
        table = tables[title] = read_table(sheet, kinds)
        faults += [fault for fault in table.faults if not fault.hint]
        whom = known if title == columns.CLAIMS else numbers.members
        faults += _strangers(table, kinds[0], whom, "名册中没有这个编号", "核对编号，或先更新名册")
    if not tables:
        titles = f"{columns.CLAIMS}、{columns.OWN_LISTS}、{columns.ADJUSTED}"
        faults.append(CellFault(place, "", "", "", "没有一张可用的工作表", f"工作表名应为：{titles}"))
    if (claims := tables.get(columns.CLAIMS)) is not None:
        faults += _claim_faults(claims, numbers.members)
    return ClaimSheets(claims, tables.get(columns.OWN_LISTS), tables.get(columns.ADJUSTED), tuple(faults))


def state_named(title: str) -> State:
    """The state a sheet calls by this title."""
    return _STATES[title]


def split(text: str | None) -> tuple[str, ...]:
    """The words of a cell that lists several."""
    return tuple(part for part in _PARTS.split(text or "") if part)


def _item_faults(row: Mapping[str, Any], numbers: Numbers) -> Iterator[tuple[str, str, str]]:
    if row["number"] and not NUMBER.fullmatch(row["number"]):
        yield "number", "编号只能用字母、数字和短横", "改成例如 ZX01"
    if unknown := [one for one in split(row["categories"]) if one not in columns.KNOWN_CATEGORIES]:
        yield "categories", f"没有“{'、'.join(unknown)}”这样的党员类别", "核对类别，几类之间用顿号"
    opens, deadline = row["opens"], row["deadline"]
    if opens and deadline and deadline < opens:
        yield "deadline", "截止日期早于开始日期", "核对日期"
    elif opens and deadline and deadline.year != opens.year:
        yield "deadline", "一个事项只属于一个年度", "按年度分成两个事项"
    if row["owner"] and row["owner"] not in numbers.organizations:
        yield "owner", "名册中没有这个组织", "核对组织编号，或留空"
    if row["offered_by"] and row["offered_by"] not in numbers.members:
        yield "offered_by", "名册中没有这位党员", "核对党员编号，或留空"


def _twice(table: Table, column: Column) -> Iterator[CellFault]:
    seen: set[object] = set()
    for index, value in enumerate(table.values[column.field]):
        if value in seen and value is not None:
            yield table.fault(index, column, "这个编号前面已经有了", "每个事项一个编号")
        seen.add(value)


def _strangers(
    table: Table, column: Column, known: Mapping[str, str], what: str, todo: str
) -> Iterator[CellFault]:
    for index, value in enumerate(table.values[column.field]):
        if value is not None and value not in known:
            yield table.fault(index, column, what, todo)


def _claim_faults(table: Table, people: Mapping[str, str]) -> Iterator[CellFault]:
    by_field = {column.field: column for column in columns.CLAIM}
    for field in ("entered", "verified"):
        yield from _strangers(table, by_field[field], people, "没有这个编号的党员", "核对编号，或留空")
    values = table.values
    for index in range(len(table.lines)):
        for field, what, todo in _row_faults({name: column[index] for name, column in values.items()}):
            yield table.fault(index, by_field[field], what, todo)


def _row_faults(row: Mapping[str, Any]) -> Sequence[tuple[str, str, str]]:
    found = []
    state = _STATES.get(row["state"] or "")
    if state in _NEEDS_DAY and row["done_on"] is None:
        found.append(("done_on", f"{row['state']}的认领要有完成日期", "补填完成日期"))
    if row["done_on"] and row["claimed_on"] and row["done_on"] < row["claimed_on"]:
        found.append(("done_on", "完成日期早于认领日期", "核对日期"))
    if row["verified"] and row["verified"] in (row["entered"], row["subject"]):
        found.append(("verified", "核验人不能是录入人或本人", "由另一人核验"))
    return found
