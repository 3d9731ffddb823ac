"""What may be done with points: credit, take back, hold, give for good, release. Nothing is ever edited.

Every function joins the caller's transaction or opens its own. Lock order: the caller's rows first, the book
(taken in here) last.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from jiceng.api import Conflict, NotFound, now
from jiceng.api.database import current_tenant, execute, fetch, joined, new_id
from jiceng_points.ledger import queries
from jiceng_points.ledger.posting import OpenBook, member_accounts, open_book, own_account
from jiceng_points.ledger.schemas import Because, Credit, Move, hundredths, in_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal
    from uuid import UUID

    from jiceng_points.ledger.queries import Booked

TakenBack = Literal["absent", "reversed", "waiting"]

_PRESENT = """
select t.key, t.because, t.about, e.amount, a.holder
from points_transfer t
join points_entry e on e.tenant_id = t.tenant_id and e.transfer = t.id and e.amount > 0
join points_account a on a.tenant_id = t.tenant_id and a.id = e.account
where t.tenant_id = $1 and t.key = any($2)
"""
_WAIT = """
insert into points_recall (tenant_id, id, credit, member, because, at) values ($1, $2, $3, $4, $5, $6)
on conflict (tenant_id, credit) do nothing
"""
_WAITING = """
select id, credit, because from points_recall
where tenant_id = $1 and member = any($2) and settled_by is null order by at, id
"""
_SETTLED = "update points_recall set settled_by = $3 where tenant_id = $1 and id = $2"


async def credit(one: Credit) -> bool:
    """Book points for a member; False when this key is booked already with the same content.

    Raises:
        Conflict: the key is booked with another content. Refusal: no such amount (see `hundredths`).
    """
    return bool(await credit_many([one]))


async def credit_many(given: Sequence[Credit]) -> int:
    """Book many at once, all or none; returns how many were new. As `credit`.

    What waits to be taken back from these members is taken back as far as their balances now reach.
    """
    fresh = {one.key: one for one in given}
    if len(fresh) < len(given):
        twice = next(key for key, times in Counter(one.key for one in given).items() if times > 1)
        raise _other_content(twice)
    async with joined():
        book = await open_book()
        for row in await fetch(_PRESENT, current_tenant(), list(fresh)):
            one = fresh.pop(row["key"])
            booked = (row["holder"], row["amount"], row["because"], row["about"])
            if booked != (one.member, hundredths(one.points), one.because.value, one.about):
                raise _other_content(one.key)
        accounts = await member_accounts(one.member for one in fresh.values())
        issued = await own_account("issued")
        await book.post([_credited(one, issued, accounts[one.member]) for one in fresh.values()])
        await _settle(book, accounts)
    return len(fresh)


async def take_back(key: str, because: Because = Because.WITHDRAWN) -> TakenBack:
    """Reverse a credit whose ground fell away: now, or, when its points are spent, as soon as they are there.

    Never refused and never below zero. While something waits, the member cannot redeem.
    """
    async with joined():
        book = await open_book()
        found = await queries.booked(key=key)
        if found is None or found.holder is None:
            return "absent"
        if found.reversal is not None:
            return "reversed"
        if await queries.hundredths_of(found.holder) >= found.amount:
            await book.post([_reversal(found, because)])
            return "reversed"
        await execute(_WAIT, current_tenant(), new_id(), found.id, found.holder, because.value, now())
        return "waiting"


async def hold(member: UUID, points: Decimal, *, key: str, about: UUID) -> UUID:
    """Put a member's points aside; returns the transfer.

    Raises:
        Conflict: the balance does not cover it, or something waits to be taken back from him.
    """
    amount = hundredths(points)
    async with joined():
        book = await open_book()
        balance, waiting = await queries.spendable(member)
        if waiting:
            raise Conflict(
                "有积分待扣回，暂不能兑换",
                "积分余额",
                "请先完成新的事项，补足后自动扣回",
                what_en="points are waiting to be taken back",
                todo_en="they are taken back as soon as new points cover them",
            )
        if balance < amount:
            raise Conflict(
                f"积分不够：需要 {in_points(amount)} 分，现有 {in_points(balance)} 分",
                "积分余额",
                "请换一件物品，或等积分够了再兑换",
                what_en=f"not enough points: {in_points(amount)} needed, {in_points(balance)} there",
                todo_en="choose another gift or wait for more points",
            )
        move = Move(
            giver=(await member_accounts([member]))[member],
            taker=await own_account("held"),
            amount=amount,
            because=Because.GIFT_HELD,
            key=key,
            about=about,
        )
        return (await book.post([move]))[0]


async def give(held: UUID, *, key: str) -> UUID:
    """Spend for good what `hold` put aside; returns the transfer."""
    async with joined():
        book = await open_book()
        found = await _not_reversed(held)
        move = Move(
            giver=found.taker,
            taker=await own_account("spent"),
            amount=found.amount,
            because=Because.GIFT_COLLECTED,
            key=key,
            about=found.about,
        )
        return (await book.post([move]))[0]


async def release(held: UUID, because: Because) -> UUID:
    """Give back what `hold` put aside, by reversing it; what waits to be taken back is taken from it."""
    async with joined():
        book = await open_book()
        found = await _not_reversed(held)
        made = await book.post([_reversal(found, because)])
        await _settle(book, [await queries.holder_of(found.giver)])
        return made[0]


async def _not_reversed(transfer: UUID) -> Booked:
    found = await queries.booked(transfer=transfer)
    if found is None:
        raise NotFound
    if found.reversal is not None:
        raise Conflict(
            "这笔积分已经退回",
            todo_zh="请刷新页面查看最新状态",
            what_en="these points were given back already",
            todo_en="reload the page",
        )
    return found


async def _settle(book: OpenBook, members: Iterable[UUID]) -> None:
    """Take back what waits, oldest first, as far as the balances reach."""
    for row in await fetch(_WAITING, current_tenant(), list(members)):
        found = await queries.booked(transfer=row["credit"])
        if found and found.holder and await queries.hundredths_of(found.holder) >= found.amount:
            (made,) = await book.post([_reversal(found, Because(row["because"]))])
            await execute(_SETTLED, current_tenant(), row["id"], made)


def _credited(one: Credit, issued: UUID, account: UUID) -> Move:
    return Move(
        giver=issued,
        taker=account,
        amount=hundredths(one.points),
        because=one.because,
        key=one.key,
        about=one.about,
    )


def _reversal(found: Booked, because: Because) -> Move:
    return Move(
        giver=found.taker,
        taker=found.giver,
        amount=found.amount,
        because=because,
        key=f"{found.key}/back",
        about=found.about,
        reverses=found.id,
    )


def _other_content(key: str) -> Conflict:
    return Conflict(
        "同一笔积分已按别的内容入账",
        key,
        "请核对后用新的编号登记",
        what_en="the same key is booked with another content",
        todo_en="check it and use a new key",
    )
