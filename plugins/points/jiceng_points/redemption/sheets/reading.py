"""Reads gifts.xlsx: gifts with their stock, and members' points carried over; every fault at its cell."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.api.files import CellFault, Column, Table, read_table, read_workbook
from jiceng_points.ledger.schemas import LARGEST, in_points
from jiceng_points.redemption.goods import LONGEST_DETAILS, LONGEST_TITLE, MOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng.api.hooks import Numbers

GIFTS, BALANCES = "物品", "上年结转"
GIFT = (
    Column("title", "名称", required=True, must=True, longest=LONGEST_TITLE, width=20),
    Column("details", "说明", longest=LONGEST_DETAILS, width=30),
    Column("price", "所需积分", kind="decimal", required=True, must=True, low=0, high=int(LARGEST)),
    Column("stock", "库存", kind="integer", required=True, must=True, low=0, high=MOST, width=8),
    Column("each_year", "每人每年限兑", kind="integer", low=1, high=MOST, width=14),
)
BALANCE = (
    Column("number", "党员编号", aliases=("编号",), required=True, must=True),
    Column("points", "积分", kind="decimal", required=True, must=True, low=0, high=int(LARGEST)),
)
_SMALLEST = in_points(1)


class GiftSheets(msgspec.Struct, frozen=True):
    """The two sheets, either of which may be missing, and the faults that stop both."""

    gifts: Table | None
    balances: Table | None
    faults: tuple[CellFault, ...]


def read_gifts(data: bytes, place: str, numbers: Numbers) -> GiftSheets:
    """Read and check the workbook; members are looked up by number."""
    book = read_workbook(data, place)
    tables: dict[str, Table] = {}
    faults: list[CellFault] = []
    for title, columns, field in ((GIFTS, GIFT, "price"), (BALANCES, BALANCE, "points")):
        sheet = book.sheet(title)
        if sheet is None:
            continue
        table = tables[title] = read_table(sheet, columns)
        faults += [fault for fault in table.faults if not fault.hint]
        faults += _twice(table, columns[0])
        faults += _amounts(table, next(column for column in columns if column.field == field))
    if not tables:
        faults.append(
            CellFault(place, "", "", "", "没有一张可用的工作表", f"工作表名应为：{GIFTS}、{BALANCES}")
        )
    if (balances := tables.get(BALANCES)) is not None:
        faults += _strangers(balances, numbers)
    return GiftSheets(tables.get(GIFTS), tables.get(BALANCES), tuple(faults))


def _twice(table: Table, column: Column) -> Iterator[CellFault]:
    seen: set[object] = set()
    for index, value in enumerate(table.values[column.field]):
        if value is not None and value in seen:
            yield table.fault(index, column, "前面已经有了", "合并成一行")
        seen.add(value)


def _amounts(table: Table, column: Column) -> Iterator[CellFault]:
    for index, value in enumerate(table.values[column.field]):
        if isinstance(value, Decimal) and (value < _SMALLEST or value != round(value, 2)):
            yield table.fault(index, column, "积分应大于 0，最多两位小数", "改成例如 20 或 49.5")


def _strangers(table: Table, numbers: Numbers) -> Iterator[CellFault]:
    for index, value in enumerate(table.values["number"]):
        if value is not None and value not in numbers.members:
            yield table.fault(index, BALANCE[0], "名册中没有这个编号", "核对编号，或先更新名册")
