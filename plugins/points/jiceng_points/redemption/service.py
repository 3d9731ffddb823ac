"""Redeeming: hold a gift and its points, hand it out by code, cancel, let it expire. Never the appraisal.

Locks are taken in one order everywhere: redemption, gift, then the ledger's book.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, NotFound, Refusal, now, today
from jiceng.api.database import current_tenant, execute, fetch, fetch_row, fetch_value, transaction
from jiceng.api.pages import Event, Limit, allow, record
from jiceng_points.ledger import service as ledger
from jiceng_points.ledger.schemas import Because, in_points
from jiceng_points.redemption import queries
from jiceng_points.redemption.goods import move_stock
from jiceng_points.redemption.rules import rule_in_force, standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from jiceng_points.people.schemas import Actor
    from jiceng_points.redemption.schemas import Redemption, Rule

CODE_DIGITS = 8
BATCH = 100
"""Overdue holds ended in one transaction: it keeps the ledger's book from everybody else."""
ATTEMPTS = Limit("points_desk", 60, 20.0)
"""Codes an account may try at the desk: 60 at once, then 180 an hour against 100 million."""
_GIFT = """
select price, stock, each_year, offered from points_gift where tenant_id = $1 and id = $2 for update
"""
_TAKEN = """
select count(*) from points_redemption
where tenant_id = $1 and gift = $2 and member = $3 and state in ('held', 'collected')
  and (held_at at time zone 'Asia/Shanghai')::date >= $4
"""
_CODE_TAKEN = "select exists (select from points_redemption where tenant_id = $1 and code = $2)"
_ADD = """
insert into points_redemption
  (tenant_id, id, gift, member, price, state, code, until, hold, held_at, held_by)
values ($1, $2, $3, $4, $5, 'held', $6, $7, $8, $9, $10)
"""
_LOCK = """
select id, gift, member, state, hold, until from points_redemption
where tenant_id = $1 and (id = $2 or code = $3) for update
"""
_END = """
update points_redemption set state = $3, code = null, ended_through = $4, ended_at = $5, ended_by = $6
where tenant_id = $1 and id = $2
"""
_DUE = """
select id from points_redemption where tenant_id = $1 and state = 'held' and until < $2
order by until, id limit $3 for update skip locked
"""


async def redeem(redemption: UUID, gift: UUID, member: UUID, *, by: Actor) -> None:
    """Hold a gift for a member against his points; `redemption` is the form's id: sent twice, it counts once.

    Raises:
        NotFound: no such gift. Conflict: not offered, out of stock, too many this year, not enough points, or
        the member may not redeem.
    """
    async with transaction():
        row = await fetch_row(_GIFT, current_tenant(), gift)
        if row is None:
            raise NotFound
        before = await queries.redemption(redemption)
        if before is not None:
            if (before.gift, before.member) != (gift, member):
                raise NotFound
            return
        rule = await rule_in_force()
        await _refuse_unfit(row, gift, member, rule)
        hold = await ledger.hold(
            member, in_points(row["price"]), key=f"redemption/{redemption}", about=redemption
        )
        until = today() + timedelta(days=rule.days)
        await execute(
            _ADD,
            *(current_tenant(), redemption, gift, member, row["price"], await _fresh_code()),
            *(until, hold, now(), by.account),
        )
        await move_stock(gift, -1, "held", redemption=redemption, by=by.account)
        _tell(redemption, "held")


async def cancel(redemption: UUID, *, by: Actor) -> None:
    """Give points and gift back; NotFound when there is none, Conflict when it has ended already."""
    async with transaction():
        await _give_back(redemption, "cancelled", Because.GIFT_CANCELLED, by.account)


async def to_hand_out(code: str, *, by: Actor) -> Redemption:
    """The redemption that a pick-up code opens, for the person at the desk to look at.

    Raises:
        TooMany: too many codes tried. NotFound: no gift waits under it, or its member is not seen here.
        Forbidden: it is the person's own. Conflict: its last day is over.
    """
    await allow(ATTEMPTS, str(by.account))
    found = await queries.by_code(_digits(code))
    if found is None:
        raise NotFound(
            "没有待领取的兑换用这个取货码", "取货码", "请核对 8 位数字；领走或取消以后取货码即失效"
        )
    if found.member == by.member:
        raise Forbidden(
            "不能给自己发放",
            "取货码",
            "请由另一位同事发放",
            what_en="nobody hands out to himself",
            todo_en="ask a colleague",
        )
    if found.overdue:
        raise Conflict(
            f"已超过领取期限（{found.until:%Y-%m-%d} 止），积分将自动退回",
            found.title,
            "需要的话可以重新兑换",
            what_en="the last day of pick-up is over; the points go back by themselves",
            todo_en="redeem again if needed",
        )
    return found


async def hand_out(code: str, *, by: Actor) -> Redemption:
    """Give the gift out against its code: the points are spent for good. Raises as `to_hand_out`."""
    found = await to_hand_out(code, by=by)
    async with transaction():
        row = await fetch_row(_LOCK, current_tenant(), found.id, None)
        _refuse_ended(row["state"])
        through = await ledger.give(row["hold"], key=f"redemption/{found.id}/collected")
        await execute(_END, current_tenant(), found.id, "collected", through, now(), by.account)
        _tell(found.id, "collected")
    return found


async def expire_due(going_on: Callable[[], None]) -> int:
    """End every hold whose last day is over; returns how many. Each batch is a transaction of its own.

    Between them `going_on` is asked, which raises to stop. One that somebody is handing out or cancelling at
    this moment is left to him, or to the next night.
    """
    ended = 0
    while True:
        async with transaction():
            rows = await fetch(_DUE, current_tenant(), today(), BATCH)
            for row in rows:
                await _give_back(row["id"], "expired", Because.GIFT_EXPIRED, None)
        ended += len(rows)
        if len(rows) < BATCH:
            return ended
        going_on()


async def _give_back(redemption: UUID, state: str, because: Because, by: UUID | None) -> None:
    row = await fetch_row(_LOCK, current_tenant(), redemption, None)
    if row is None:
        raise NotFound
    _refuse_ended(row["state"])
    await move_stock(row["gift"], 1, "returned", redemption=redemption, by=by)
    through = await ledger.release(row["hold"], because)
    await execute(_END, current_tenant(), redemption, state, through, now(), by)
    _tell(redemption, state)


async def _refuse_unfit(row: dict[str, int], gift: UUID, member: UUID, rule: Rule) -> None:
    told = await standing(member, rule)
    if not told.may:
        raise Conflict(
            told.words,
            "兑换条件",
            "符合条件后再来兑换",
            what_en=f"may not redeem: {told.why}",
            todo_en="come back once the conditions are met",
        )
    if not row["offered"] or row["stock"] < 1:
        raise Conflict(
            "这件物品已经兑完或下架",
            "库存",
            "请换一件物品",
            what_en="out of stock or no longer offered",
            todo_en="choose another gift",
        )
    if row["each_year"] is not None:
        first = today().replace(month=1, day=1)
        taken = await fetch_value(_TAKEN, current_tenant(), gift, member, first)
        if taken >= row["each_year"]:
            raise Conflict(
                f"这件物品每人每年限兑 {row['each_year']} 件，今年已兑 {taken} 件",
                "兑换数量",
                "请换一件物品",
                what_en="the yearly limit of this gift is reached",
                todo_en="choose another gift",
            )


def _refuse_ended(state: str) -> None:
    if state != "held":
        raise Conflict(
            "这笔兑换已经了结",
            "兑换",
            "请刷新页面查看最新状态",
            what_en="this redemption has ended already",
            todo_en="reload the page",
        )


async def _fresh_code() -> str:
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        if not await fetch_value(_CODE_TAKEN, current_tenant(), code):
            return code


def _digits(typed: str) -> str:
    """The code as it is stored: full-width digits, spaces and hyphens do not matter."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKC", typed) if not letter.isspace() and letter != "-"
    )
    if len(plain) != CODE_DIGITS or not plain.isascii() or not plain.isdigit():
        raise Refusal(
            f"取货码是 {CODE_DIGITS} 位数字",
            "取货码",
            "请照党员手机或凭条上的数字输入",
            422,
            what_en=f"a code has {CODE_DIGITS} digits",
            todo_en="type it as it stands on the member's page",
        )
    return plain


def _tell(redemption: UUID, state: str) -> None:
    record(Event.WORK_MOVED, ("redemption", redemption), plugin="points", kind="redemption", state=state)
