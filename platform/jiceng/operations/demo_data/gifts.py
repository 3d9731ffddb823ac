"""The district's gifts for exchange, and what some members carried over from the year before."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.shapes import ROSTER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.shapes import Member

_GIFT = (
    Column("title", "名称", required=True, width=20),
    Column("details", "说明", width=30),
    Column("price", "所需积分", kind="decimal", required=True),
    Column("stock", "库存", kind="integer", required=True, width=8),
    Column("each_year", "每人每年限兑", kind="integer", width=14),
)
_BALANCE = (
    Column("number", "党员编号", required=True),
    Column("points", "积分", kind="decimal", required=True),
)
GIFTS: tuple[tuple[Any, ...], ...] = (
    ("笔记本", "一本，配笔", Decimal(10), 400, None),
    ("图书一套", "党史读物三册", Decimal(20), 200, 2),
    ("保温杯", "一只", Decimal(30), 120, 1),
    ("雨伞", "一把", Decimal("25.5"), 160, 1),
    ("理发一次", "社区便民服务点，凭码当场使用", Decimal(15), 90, 2),
    ("党员徽章", "一枚", Decimal(5), 600, 1),
)
EVERY = 40
_MOST, _LEAST = 30, 5


def write_gifts(path: Path, members: Sequence[Member]) -> Path:
    """Write gifts.xlsx: the catalogue, and points of every fortieth member who is still there."""
    here = [member.number for member in members if member.until is None]
    balances = [
        (number, Decimal(_LEAST + place % (_MOST - _LEAST + 1))) for place, number in enumerate(here[::EVERY])
    ]
    sheets = [SheetOut("物品", _GIFT, list(GIFTS)), SheetOut("上年结转", _BALANCE, balances)]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))
    return path
