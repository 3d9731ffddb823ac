"""Credits happen once, are taken back even when they are spent, and many at once never overdraw."""

import asyncio
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.ledger import earn, enrol

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.kernel.ids import new_id
from jiceng_points.ledger import queries
from jiceng_points.ledger.proving import prove
from jiceng_points.ledger.schemas import Because, Credit
from jiceng_points.ledger.service import credit_many, hold, release, take_back

AT_ONCE = 1_000


def credit(member: UUID, points: str, key: str) -> Credit:
    return Credit(member=member, points=Decimal(points), key=key, because=Because.CLAIM_VERIFIED)


async def test_the_same_key_with_another_content_is_refused(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        one, other = await enrol("D001", "D002")
        assert await earn(one, "10", "claim/1") is True
        assert await earn(one, "10.00", "claim/1") is False
        for member, points in ((one, "11"), (other, "10")):
            with pytest.raises(Conflict, match="别的内容"):
                await earn(member, points, "claim/1")
        assert await queries.balance(one) == Decimal("10.00")
        assert await queries.balance(other) == Decimal(0)


async def test_many_credits_are_booked_all_or_none(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        one, other = await enrol("D001", "D002")
        many = [credit(one, "1.5", f"claim/{number}") for number in range(40)]
        assert await credit_many([*many, credit(other, "2", "claim/x")]) == 41
        assert await credit_many([*many, credit(other, "3", "claim/y")]) == 1
        with pytest.raises(Conflict):
            await credit_many([credit(other, "5", "claim/z"), credit(other, "6", "claim/z")])
        assert await queries.balances([one, other]) == {one: Decimal("60.00"), other: Decimal("5.00")}


@pytest.mark.parametrize("points", ["0", "-1", "0.001", "1000000.01", "NaN", "Infinity"])
async def test_no_such_amount_is_booked(points: str, two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
        with pytest.raises(Refusal):
            await earn(member, points, "claim/1")
        assert await queries.count_lines(member) == 0


async def test_spent_points_are_taken_back_from_later_ones(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
        await earn(member, "10", "claim/1")
        await hold(member, Decimal(8), key="r/1", about=new_id())
        assert await take_back("claim/1") == "waiting"
        assert await take_back("claim/1") == "waiting"
        assert (await queries.balance(member), await queries.waiting(member)) == (Decimal(2), Decimal(10))
        with pytest.raises(Conflict, match="待扣回"):
            await hold(member, Decimal(1), key="r/2", about=new_id())
        await earn(member, "7", "claim/2")
        assert await queries.balance(member) == Decimal(9)
        await earn(member, "4", "claim/3")
        assert (await queries.balance(member), await queries.waiting(member)) == (Decimal(3), Decimal(0))
        assert await take_back("claim/1") == "reversed"
        assert [
            (str(line.points), line.words, str(line.balance)) for line in await queries.lines(member)
        ] == [
            ("-10.00", "核验撤回", "3.00"),
            ("4.00", "志愿服务积分", "13.00"),
            ("7.00", "志愿服务积分", "9.00"),
            ("-8.00", "兑换占用", "2.00"),
            ("10.00", "志愿服务积分", "10.00"),
        ]


async def test_what_a_cancelled_hold_gives_back_covers_what_waits(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
        await earn(member, "10", "claim/1")
        held = await hold(member, Decimal(8), key="r/1", about=new_id())
        await take_back("claim/1")
        await release(held, Because.GIFT_CANCELLED)
        assert (await queries.balance(member), await queries.waiting(member)) == (Decimal(0), Decimal(0))
        with pytest.raises(Conflict, match="已经退回"):
            await release(held, Because.GIFT_CANCELLED)


async def test_a_thousand_at_once_spend_exactly_what_is_there(two_tenants: tuple[int, int]) -> None:
    async def attempt(number: int) -> bool:
        try:
            await hold(member, Decimal("2.5"), key=f"r/{number}", about=new_id())
        except Conflict:
            return False
        return True

    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
        await earn(member, "101", "claim/1")
        done = await asyncio.gather(*(asyncio.create_task(attempt(number)) for number in range(AT_ONCE)))
        assert done.count(True) == 40
        assert await queries.balance(member) == Decimal("1.00")
        proof = await prove()
    assert proof.holds
    assert proof.transfers == 41


async def test_the_same_credit_from_many_doors_at_once_is_booked_once(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
        tasks = [asyncio.create_task(earn(member, "10", "claim/1")) for _ in range(50)]
        assert (await asyncio.gather(*tasks)).count(True) == 1
        assert await queries.balance(member) == Decimal("10.00")


async def test_another_tenants_member_cannot_be_credited(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        (member,) = await enrol("D001")
    with tenant_scope(two_tenants[1]):
        with pytest.raises(Refusal):
            await earn(member, "10", "claim/1")
        assert await queries.balance(member) == 0
