"""Redeeming from holding to the end: each thing happens once, however often and by whomever it is tried."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.support.ledger import earn, enrol

from jiceng.accounts.scope import EVERYTHING, looking
from jiceng.kernel.clock import showing
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import enqueue, run_due_jobs
from jiceng.kernel.jobs.job import JobCancelled
from jiceng.kernel.limits import TooMany
from jiceng_points.ledger import queries as ledger
from jiceng_points.ledger.proving import prove
from jiceng_points.people.schemas import Actor
from jiceng_points.redemption import queries, service
from jiceng_points.redemption.goods import add_gift, change_gift, count_anew, take_in
from jiceng_points.redemption.jobs import EXPIRE, expire
from jiceng_points.redemption.rules import (
    USUAL,
    change_rule,
    end_pause,
    pause,
    pauses,
    rule_in_force,
    standing,
)
from jiceng_points.redemption.schemas import GiftGiven, Redemption
from jiceng_points.redemption.service import cancel, expire_due, hand_out, redeem, to_hand_out

CLERK = Actor(new_id())
NOBODY = Actor(new_id())
MARCH = datetime(2026, 3, 2, 1, tzinfo=UTC)
BOOK = GiftGiven(title="图书", details="", price=Decimal(20), each_year=None, offered=True)


@pytest.fixture
async def member(two_tenants: tuple[int, int]) -> AsyncIterator[UUID]:
    """A member with 100 points in a tenant where points are all it takes; the tests run in that tenant."""
    with tenant_scope(two_tenants[0]):
        (one,) = await enrol("D001")
        await earn(one, "100", "claim/1")
        await change_rule(replace(USUAL, qualifies="anyone"), CLERK.account or new_id())
        yield one


async def gift(pieces: int = 3, given: GiftGiven = BOOK) -> UUID:
    """A gift with some pieces in stock."""
    made = await add_gift(given, new_id())
    if pieces:
        await take_in(made, pieces, new_id())
    return made


async def held(member: UUID, of: UUID) -> Redemption:
    """A redemption of the gift that waits for pick-up."""
    made = new_id()
    await redeem(made, of, member, by=Actor(None, member))
    found = await queries.redemption(made)
    assert found is not None
    return found


async def stock(of: UUID) -> int:
    return (await queries.gift(of)).stock


async def test_a_gift_is_held_handed_out_by_code_and_gone(member: UUID) -> None:
    book = await gift()
    with showing(MARCH):
        one = await held(member, book)
        assert (one.state, one.until.isoformat(), len(one.code or "")) == ("held", "2026-03-16", 8)
        assert (await stock(book), await ledger.balance(member)) == (2, Decimal(80))
        assert (await hand_out(one.code or "", by=CLERK)).id == one.id
    after = await queries.redemption(one.id)
    assert after is not None
    assert (after.state, after.code) == ("collected", None)
    assert (await stock(book), await ledger.balance(member)) == (2, Decimal(80))
    proof = await prove()
    assert proof.holds
    assert (proof.totals.held, proof.totals.spent) == (Decimal(0), Decimal(20))


async def test_the_same_form_sent_twice_holds_one_gift(member: UUID) -> None:
    book, form = await gift(), new_id()
    by = Actor(None, member)
    tasks = [asyncio.create_task(redeem(form, book, member, by=by)) for _ in range(6)]
    await asyncio.gather(*tasks)
    assert (await stock(book), await ledger.balance(member)) == (2, Decimal(80))
    (other,) = await enrol("D002")
    with pytest.raises(NotFound):
        await redeem(form, book, other, by=by)


async def test_the_last_piece_goes_to_one_of_many_and_nobody_pays_for_nothing(member: UUID) -> None:
    book = await gift(pieces=1)
    others = await enrol(*(f"E{number:03}" for number in range(30)))
    for number, each in enumerate(others):
        await earn(each, "20", f"claim/e{number}")

    async def attempt(who: UUID) -> bool:
        try:
            await redeem(new_id(), book, who, by=Actor(None, who))
        except Conflict:
            return False
        return True

    tasks = [asyncio.create_task(attempt(who)) for who in (*others, member)]
    assert (await asyncio.gather(*tasks)).count(True) == 1
    assert await stock(book) == 0
    proof = await prove()
    assert proof.holds
    assert proof.totals.held == Decimal(20)


async def test_a_thousand_redemptions_of_one_balance_succeed_as_often_as_it_allows(member: UUID) -> None:
    pen = await gift(2_000, replace(BOOK, title="笔", price=Decimal("2.5")))

    async def attempt() -> bool:
        try:
            await redeem(new_id(), pen, member, by=Actor(None, member))
        except Conflict:
            return False
        return True

    done = await asyncio.gather(*(asyncio.create_task(attempt()) for _ in range(1_000)))
    assert done.count(True) == 40
    assert (await stock(pen), await ledger.balance(member)) == (1_960, Decimal(0))
    codes = [one.code for one in await queries.of_member(member)]
    assert len(set(codes)) == 40
    assert (await prove()).holds


async def test_one_code_is_handed_out_once_however_many_desks_try(member: UUID) -> None:
    one = await held(member, await gift())

    async def attempt() -> bool:
        try:
            await hand_out(one.code or "", by=Actor(new_id()))
        except (Conflict, NotFound):
            return False
        return True

    done = await asyncio.gather(*(asyncio.create_task(attempt()) for _ in range(8)))
    assert done.count(True) == 1
    assert (await prove()).totals.spent == Decimal(20)
    with pytest.raises(Conflict, match="已经了结"):
        await cancel(one.id, by=Actor(None, member))


async def test_cancelling_gives_points_and_gift_back_once(member: UUID) -> None:
    book = await gift()
    one = await held(member, book)
    await cancel(one.id, by=Actor(None, member))
    assert (await stock(book), await ledger.balance(member)) == (3, Decimal(100))
    with pytest.raises(Conflict, match="已经了结"):
        await cancel(one.id, by=Actor(None, member))
    with pytest.raises(NotFound):
        await hand_out(one.code or "", by=CLERK)
    assert [(move.change, move.words, move.left) for move in await queries.moves(book)] == [
        (1, "退回", 3),
        (-1, "兑换占用", 2),
        (3, "入库", 3),
    ]


async def test_what_nobody_picked_up_goes_back_by_the_nightly_job(member: UUID) -> None:
    book = await gift()
    with showing(MARCH):
        late, _ = await held(member, book), await held(member, book)
    in_time = await held(member, book)
    with pytest.raises(Conflict, match="超过领取期限"):
        await hand_out(late.code or "", by=CLERK)
    async with transaction():
        await enqueue(EXPIRE, {}, unique="tonight")
    await run_due_jobs({EXPIRE: expire})
    states = {one.id: one.state for one in await queries.of_member(member)}
    assert sorted(states.values()) == ["expired", "expired", "held"]
    assert states[in_time.id] == "held"
    assert (await stock(book), await ledger.balance(member)) == (2, Decimal(80))
    assert (await prove()).holds


async def test_the_nightly_job_goes_on_until_nothing_overdue_is_left(
    member: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    book = await gift(5)
    with showing(MARCH):
        for _ in range(5):
            await held(member, book)

    def stopped() -> None:
        raise JobCancelled

    with pytest.raises(JobCancelled):
        await expire_due(stopped)
    assert (await stock(book), await ledger.balance(member)) == (2, Decimal(40))
    async with transaction():
        await enqueue(EXPIRE, {}, unique="tonight")
    await run_due_jobs({EXPIRE: expire})
    assert (await stock(book), await ledger.balance(member)) == (5, Decimal(100))
    assert await expire_due(stopped) == 0
    assert (await prove()).holds


async def test_nobody_hands_out_to_himself_and_codes_cannot_be_guessed_fast(member: UUID) -> None:
    one = await held(member, await gift())
    with pytest.raises(Forbidden, match="自己"):
        await to_hand_out(one.code or "", by=Actor(new_id(), member))
    wrong = "00000000" if one.code != "00000000" else "11111111"
    for _ in range(60):
        with pytest.raises(NotFound):
            await to_hand_out(wrong, by=NOBODY)
    with pytest.raises(TooMany):
        await to_hand_out(one.code or "", by=NOBODY)
    assert (await to_hand_out(one.code or "", by=CLERK)).id == one.id


@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "1234567x", "１２３４", "一二三四五六七八"])
@pytest.mark.usefixtures("member")
async def test_what_is_no_code_is_told_so(typed: str) -> None:
    with pytest.raises(Refusal, match="8 位数字"):
        await to_hand_out(typed, by=CLERK)


async def test_a_code_may_be_typed_with_spaces_and_full_width_digits(member: UUID) -> None:
    one = await held(member, await gift())
    code = one.code or ""
    wide = code.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    assert (await to_hand_out(f" {code[:4]} {code[4:]}", by=CLERK)).id == one.id
    assert (await to_hand_out(wide, by=CLERK)).id == one.id


async def test_a_yearly_limit_counts_what_is_held_and_collected_this_year(member: UUID) -> None:
    book = await gift(5, replace(BOOK, each_year=1))
    with showing(datetime(2025, 12, 31, 15, 59, tzinfo=UTC)):  # still the old year in China
        await held(member, book)
    with showing(datetime(2025, 12, 31, 16, 1, tzinfo=UTC)):
        one = await held(member, book)
        with pytest.raises(Conflict, match="每人每年限兑 1 件"):
            await held(member, book)
        await cancel(one.id, by=Actor(None, member))
        await held(member, book)


async def test_gifts_are_refused_by_stock_price_and_when_withdrawn(member: UUID) -> None:
    empty, dear = await gift(pieces=0), await gift(1, replace(BOOK, title="台灯", price=Decimal("100.01")))
    off = await gift(1, replace(BOOK, title="旧物", offered=False))
    for of, why in ((empty, "兑完"), (dear, "积分不够"), (off, "下架")):
        with pytest.raises(Conflict, match=why):
            await held(member, of)
    with pytest.raises(NotFound):
        await held(member, new_id())
    assert await ledger.balance(member) == Decimal(100)


async def test_another_tenant_reaches_neither_gift_nor_redemption_nor_code(
    member: UUID, two_tenants: tuple[int, int]
) -> None:
    book = await gift()
    one = await held(member, book)
    with tenant_scope(two_tenants[1]):
        (stranger,) = await enrol("D001")
        for attempt in (
            redeem(new_id(), book, stranger, by=CLERK),
            cancel(one.id, by=CLERK),
            hand_out(one.code or "", by=CLERK),
            take_in(book, 1, new_id()),
            queries.seen_redemption(one.id),
            queries.gift(book),
        ):
            with pytest.raises(NotFound):
                await attempt


async def test_two_who_change_one_gift_do_not_overwrite_each_other(member: UUID) -> None:
    del member
    book = await gift()
    await change_gift(book, replace(BOOK, price=Decimal(25)), 1)
    with pytest.raises(Conflict, match="刚刚改过"):
        await change_gift(book, replace(BOOK, price=Decimal(30)), 1)
    with pytest.raises(Conflict, match="已经有叫"):
        await add_gift(BOOK, new_id())
    assert (await queries.gift(book)).price == Decimal(25)


async def test_stock_is_counted_anew_and_never_typed_below_zero(member: UUID) -> None:
    book = await gift()
    await held(member, book)
    await count_anew(book, 7, new_id())
    newest = (await queries.moves(book))[0]
    assert (newest.change, newest.words, newest.left) == (5, "盘点", 7)
    for wrong in (-1, 100_001):
        with pytest.raises(Refusal):
            await count_anew(book, wrong, new_id())
    for wrong in (0, -3):
        with pytest.raises(Refusal):
            await take_in(book, wrong, new_id())
    assert await stock(book) == 7


async def test_a_paused_member_redeems_nothing_until_it_ends(member: UUID) -> None:
    book = await gift()
    await pause(member, new_id())
    with pytest.raises(Conflict, match="不用重复"):
        await pause(member, new_id())
    with pytest.raises(Conflict, match="暂缓"):
        await held(member, book)
    (one,) = await pauses()
    await end_pause(one.id, new_id())
    with pytest.raises(NotFound):
        await end_pause(one.id, new_id())
    assert (await held(member, book)).state == "held"


async def test_who_is_not_cleared_for_a_member_sees_neither_his_gifts_nor_his_pause(member: UUID) -> None:
    one = await held(member, await gift())
    await pause(member, new_id())
    (paused,) = await pauses()
    await execute(
        "update member set sensitivity = 2 where tenant_id = $1 and id = $2", *(current_tenant(), member)
    )
    with looking(EVERYTHING, "clerk"):
        assert (await queries.open_ones(), await queries.count_open()) == ([], 0)
        assert await queries.by_code(one.code or "") is None
        with pytest.raises(NotFound):
            await queries.seen_redemption(one.id)
        with pytest.raises(NotFound):
            await hand_out(one.code or "", by=CLERK)
        assert await pauses() == []
        with pytest.raises(NotFound):
            await end_pause(paused.id, new_id())
    with looking(EVERYTHING, "tenant_admin"):
        assert [each.id for each in await queries.open_ones()] == [one.id]
        assert await pauses() == [paused]


async def test_a_rule_changed_by_two_at_once_is_changed_by_one(member: UUID) -> None:
    with pytest.raises(Conflict, match="刚刚改过"):
        await change_rule(USUAL, new_id())
    await change_rule(replace(USUAL, number=1, opened=False), new_id())
    assert (await standing(member, await rule_in_force())).words == "兑换暂未开放"


async def test_redeeming_leaves_the_appraisal_alone(member: UUID) -> None:
    one = await held(member, await gift())
    await hand_out(one.code or "", by=CLERK)
    for table in ("fact", "run", "result"):
        assert await fetch_value(f"select count(*) from {table} where tenant_id = $1", current_tenant()) == 0  # noqa: S608
