"""The proof page's figures, and that it sees whatever somebody past every trigger did to the ledger."""

from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.ledger import earn, enrol

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.ids import new_id
from jiceng_points.ledger.proving import Proof, prove
from jiceng_points.ledger.schemas import Because
from jiceng_points.ledger.service import give, hold, release


@pytest.fixture
async def member(two_tenants: tuple[int, int]) -> AsyncIterator[UUID]:
    """A member who earned 40.5 points in two credits, spent 10, holds 5 and cancelled 3."""
    with tenant_scope(two_tenants[0]):
        (one,) = await enrol("D001")
        await earn(one, "30", "claim/1")
        await earn(one, "10.5", "claim/2")
        await give(await hold(one, Decimal(10), key="r/1", about=new_id()), key="r/1/collected")
        await hold(one, Decimal(5), key="r/2", about=new_id())
        await release(await hold(one, Decimal(3), key="r/3", about=new_id()), Because.GIFT_CANCELLED)
        yield one


async def past_triggers(superuser: Connection, statement: str) -> Proof:
    """What the proof says after `statement` ran with every trigger off."""
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")
        await superuser.execute(statement)
    return await prove()


@pytest.mark.usefixtures("member")
async def test_it_adds_up_and_hands_out_the_end_of_the_chain() -> None:
    proof = await prove()
    assert proof.holds
    assert proof.transfers == 7
    told = proof.totals
    assert (told.issued, told.members, told.held, told.spent) == (
        Decimal("40.50"),
        Decimal("25.50"),
        Decimal("5.00"),
        Decimal("10.00"),
    )
    assert len(proof.head) == 64


async def test_an_empty_ledger_holds(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        proof = await prove()
    assert (proof.holds, proof.transfers, proof.head) == (True, 0, "")


@pytest.mark.usefixtures("member")
@pytest.mark.parametrize(
    "statement",
    [
        "update points_transfer set because = 'reward' where seq = 2",
        "update points_transfer set at = at + interval '1 day' where seq = 7",
        "update points_transfer set key = 'claim/9' where seq = 1",
        "update points_transfer set algorithm = 'md5' where seq = 3",
        "update points_entry set amount = amount * 2 where amount = 1050",
        "delete from points_transfer where seq = 4",
        "delete from points_transfer where seq = 7",
        "update points_book set seq = seq + 1",
        "update points_book set digest = ''",
    ],
)
async def test_a_changed_transfer_breaks_the_chain(statement: str, superuser: Connection) -> None:
    proof = await past_triggers(superuser, statement)
    assert not proof.holds
    assert proof.broken


@pytest.mark.usefixtures("member")
async def test_an_unbalanced_transfer_and_a_changed_balance_are_named(superuser: Connection) -> None:
    one_side = "update points_entry set amount = amount + 1 where amount = 3000"
    proof = await past_triggers(superuser, one_side)
    assert [(each.seq, each.zh) for each in proof.unbalanced] == [(1, "有 2 条分录，合计 0.01 分")]
    assert [each.zh for each in proof.differing] == ["账户余额 25.50，分录合计 25.51"]
    assert not proof.sums_agree


@pytest.mark.usefixtures("member")
async def test_a_balance_without_entries_is_named(superuser: Connection) -> None:
    proof = await past_triggers(superuser, "update points_account set balance = 9900 where kind = 'member'")
    assert [each.zh for each in proof.differing] == ["账户余额 99.00，分录合计 25.50"]
    assert proof.broken == ()
    assert not proof.holds
