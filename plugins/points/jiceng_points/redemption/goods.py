"""The catalogue's gifts and their stock: entered, changed, taken in, counted anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from jiceng.api import Conflict, NotFound, Refusal, now
from jiceng.api.database import current_tenant, execute, fetch_row, new_id, transaction
from jiceng.api.pages import Event, record
from jiceng_points.ledger.schemas import hundredths
from jiceng_points.redemption.rules import changed_meanwhile

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng_points.redemption.schemas import GiftGiven

LONGEST_TITLE = 60
LONGEST_DETAILS = 500
MOST = 100_000
_ADD = """
insert into points_gift
  (tenant_id, id, title, details, price, stock, each_year, offered, version, made_by, made_at)
values ($1, $2, $3, $4, $5, 0, $6, $7, 1, $8, $9)
"""
_CHANGE = """
update points_gift
set title = $4, details = $5, price = $6, each_year = $7, offered = $8, version = version + 1
where tenant_id = $1 and id = $2 and version = $3
"""
_LOCK = "select stock, version from points_gift where tenant_id = $1 and id = $2 for update"
_MOVE = """
insert into points_stock_move (tenant_id, id, gift, change, kind, redemption, at, by)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def add_gift(given: GiftGiven, by: UUID) -> UUID:
    """Enter a gift, without stock yet; returns its id. Raises as `enter_gift`."""
    async with transaction():
        return await enter_gift(given, by)


async def enter_gift(given: GiftGiven, by: UUID | None) -> UUID:
    """Enter a gift, within the open transaction.

    Raises:
        Refusal: as `_checked`. Conflict: the name is taken.
    """
    price, made = _checked(given), new_id()
    try:
        await execute(
            _ADD,
            *(current_tenant(), made, given.title, given.details, price),
            *(given.each_year, given.offered, by, now()),
        )
    except asyncpg.UniqueViolationError:
        raise _name_taken(given.title) from None
    record(Event.WORK_MOVED, ("gift", made), plugin="points", kind="gift", state="added")
    return made


async def change_gift(gift: UUID, given: GiftGiven, version: int) -> None:
    """Change what is typed of a gift; redemptions already made keep their price.

    Raises:
        NotFound, Refusal as `_checked`; Conflict: changed meanwhile, or the name is taken.
    """
    price = _checked(given)
    async with transaction():
        await _locked(gift)
        try:
            changed = await execute(
                _CHANGE,
                *(current_tenant(), gift, version, given.title, given.details, price),
                *(given.each_year, given.offered),
            )
        except asyncpg.UniqueViolationError:
            raise _name_taken(given.title) from None
        if not changed:
            raise changed_meanwhile(given.title)
        record(Event.WORK_MOVED, ("gift", gift), plugin="points", kind="gift", state="changed")


async def take_in(gift: UUID, count: int, by: UUID) -> None:
    """Add newly arrived pieces to the stock."""
    if not 1 <= count <= MOST:
        raise _no_such_count(1)
    async with transaction():
        await _locked(gift)
        await move_stock(gift, count, "intake", by=by)
        record(Event.WORK_MOVED, ("gift", gift), plugin="points", kind="intake", count=count)


async def count_anew(gift: UUID, counted: int, by: UUID) -> None:
    """Set the free stock to what was counted, without held pieces; the difference is kept as a move."""
    if not 0 <= counted <= MOST:
        raise _no_such_count(0)
    async with transaction():
        stock = await _locked(gift)
        if counted != stock:
            await move_stock(gift, counted - stock, "count", by=by)
        record(Event.WORK_MOVED, ("gift", gift), plugin="points", kind="count", count=counted)


async def move_stock(
    gift: UUID, change: int, kind: str, *, redemption: UUID | None = None, by: UUID | None
) -> None:
    """Write one change of stock, within the open transaction; the database refuses one below zero."""
    await execute(_MOVE, current_tenant(), new_id(), gift, change, kind, redemption, now(), by)


async def _locked(gift: UUID) -> int:
    row = await fetch_row(_LOCK, current_tenant(), gift)
    if row is None:
        raise NotFound
    return int(row["stock"])


def _checked(given: GiftGiven) -> int:
    """Return the price in hundredths; Refusal when the name, a text or a number is not possible."""
    if not given.title or len(given.title) > LONGEST_TITLE or len(given.details) > LONGEST_DETAILS:
        raise Refusal(
            f"物品名称须填写且不超过 {LONGEST_TITLE} 字，说明不超过 {LONGEST_DETAILS} 字",
            "兑换物品",
            "请改短后再保存",
            422,
            what_en=f"a name of at most {LONGEST_TITLE} and details of at most {LONGEST_DETAILS} letters",
            todo_en="shorten them",
        )
    if given.each_year is not None and not 1 <= given.each_year <= MOST:
        raise _no_such_count(1)
    return hundredths(given.price)


def _no_such_count(least: int) -> Refusal:
    return Refusal(
        f"数量应在 {least} 至 {MOST} 之间",
        "数量",
        "请填整数",
        422,
        what_en=f"the number must lie between {least} and {MOST}",
        todo_en="give a whole number",
    )


def _name_taken(title: str) -> Conflict:
    return Conflict(
        f"已经有叫「{title}」的物品",
        "物品名称",
        "请换一个名称，或修改原来的物品",
        what_en="a gift of this name exists already",
        todo_en="choose another name or change that gift",
    )
