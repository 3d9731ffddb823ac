"""Brings gifts and opening balances in, inside the open transaction; brought in twice, a row counts once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from jiceng.api import Invalid
from jiceng.api.database import current_tenant, fetch, joined, one_at_a_time
from jiceng.api.pages import Event, record
from jiceng_points.ledger.schemas import Because, Credit
from jiceng_points.ledger.service import credit_many
from jiceng_points.redemption.goods import enter_gift, move_stock
from jiceng_points.redemption.schemas import GiftGiven
from jiceng_points.redemption.sheets.reading import read_gifts
from jiceng_points.sheets.bringing_in import IMPORT, known_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng.api.files import Table
    from jiceng.api.hooks import Numbers


async def bring_gifts(data: bytes, place: str) -> int:
    """Keep the gifts and balances of a workbook that are not there yet; returns how many.

    Raises:
        Invalid: with every fault at its cell. Conflict: an opening balance is booked with other points.
    """
    numbers = await known_numbers()
    sheets = read_gifts(data, place, numbers)
    if sheets.faults:
        raise Invalid(sheets.faults, where=place)
    async with joined():
        await one_at_a_time(IMPORT)
        kept = await _gifts(sheets.gifts) if sheets.gifts is not None else 0
        if sheets.balances is not None:
            kept += await _balances(sheets.balances, numbers)
        record(Event.WORK_MOVED, plugin="points", kind="gifts", rows=kept)
    return kept


async def _gifts(table: Table) -> int:
    there = await fetch("select title from points_gift where tenant_id = $1", current_tenant())
    have, kept = {row["title"] for row in there}, 0
    for title, details, price, stock, each_year in _rows(
        table, "title", "details", "price", "stock", "each_year"
    ):
        if title in have:
            continue
        given = GiftGiven(title=title, details=details or "", price=price, each_year=each_year, offered=True)
        gift = await enter_gift(given, None)
        if stock:
            await move_stock(gift, stock, "intake", by=None)
        kept += 1
    return kept


async def _balances(table: Table, numbers: Numbers) -> int:
    """A member's opening balance is booked once for ever: its key is the member."""
    given = []
    for number, points in _rows(table, "number", "points"):
        member = UUID(numbers.members[number])
        given.append(Credit(member=member, points=points, key=f"opening/{member}", because=Because.OPENING))
    return await credit_many(given)


def _rows(table: Table, *fields: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a checked table, with these fields."""
    return zip(*(table.values[field] for field in fields), strict=True)
