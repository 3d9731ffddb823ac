"""A tenant brings gifts and opening balances in a workbook: every fault at once, nothing twice."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from tests.support.appraisal import DAY, small_town

from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng_points.ledger import queries as ledger
from jiceng_points.ledger.by_hand import undo_by_hand
from jiceng_points.ledger.proving import prove
from jiceng_points.redemption import queries
from jiceng_points.redemption.sheets.bringing_in import bring_gifts
from jiceng_points.redemption.sheets.reading import BALANCE, BALANCES, GIFT, GIFTS

BOOKS = ("图书", "三册", Decimal("20.5"), 12, 1)
CUPS = ("水杯", None, Decimal(15), 0, None)


def workbook(gifts: list[tuple[Any, ...]], balances: list[tuple[Any, ...]]) -> bytes:
    """gifts.xlsx with these rows."""
    return write_workbook([SheetOut(GIFTS, GIFT, gifts), SheetOut(BALANCES, BALANCE, balances)], made=DAY)


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, UUID]]:
    with tenant_scope(two_tenants[0]):
        yield {number: UUID(member) for number, member in (await small_town(2)).items()}


async def test_gifts_with_stock_and_balances_come_in_once(people: dict[str, UUID]) -> None:
    data = workbook([BOOKS, CUPS], [("D001", Decimal("49.5"))])
    for kept in (3, 0):
        async with transaction():
            assert await bring_gifts(data, "points/gifts.xlsx") == kept
    told = [(gift.title, gift.price, gift.stock, gift.each_year) for gift in await queries.gifts()]
    assert told == [("水杯", Decimal(15), 0, None), ("图书", Decimal("20.5"), 12, 1)]
    assert await ledger.balance(people["D001"]) == Decimal("49.5")
    assert (await prove()).holds


async def test_a_balance_brought_along_by_mistake_is_reversed_as_its_page_offers(
    people: dict[str, UUID],
) -> None:
    async with transaction():
        await bring_gifts(workbook([], [("D001", Decimal("49.5"))]), "points/gifts.xlsx")
    (line,) = await ledger.lines(people["D001"])
    assert line.may_be_undone
    await undo_by_hand(people["D001"], line.transfer)
    assert await ledger.balance(people["D001"]) == Decimal(0)


@pytest.mark.usefixtures("people")
async def test_every_fault_is_told_at_its_cell_and_nothing_is_kept() -> None:
    gifts = [BOOKS, BOOKS, ("笔", None, Decimal("0.001"), -1, None)]
    with pytest.raises(Invalid) as refused:
        await bring_gifts(workbook(gifts, [("D009", Decimal(1)), ("D001", Decimal(0))]), "gifts.xlsx")
    faults = {(fault.sheet, fault.address, fault.what) for fault in refused.value.faults}  # type: ignore[attr-defined]
    assert {what for _, _, what in faults} >= {
        "前面已经有了",
        "积分应大于 0，最多两位小数",
        "名册中没有这个编号",
    }
    assert len(faults) == 5
    assert await queries.gifts() == []


async def test_an_opening_balance_that_changed_is_refused(people: dict[str, UUID]) -> None:
    await bring_gifts(workbook([], [("D001", Decimal(5))]), "gifts.xlsx")
    with pytest.raises(Conflict, match="别的内容"):
        await bring_gifts(workbook([CUPS], [("D001", Decimal(6))]), "gifts.xlsx")
    assert await ledger.balance(people["D001"]) == Decimal(5)
    assert await queries.gifts() == []
