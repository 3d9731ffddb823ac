"""Random credits, recalls, holds, pick-ups and cancellations: the ledger says what a simple model says."""

import random
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.ledger import earn, enrol

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng_points.ledger import queries
from jiceng_points.ledger.proving import prove
from jiceng_points.ledger.schemas import Because
from jiceng_points.ledger.service import give, hold, release, take_back

STEPS = 120


class Model:
    """Balances as plain numbers; a recall that is not covered waits and is served oldest first."""

    def __init__(self, members: list[UUID]) -> None:
        self.balance = dict.fromkeys(members, Decimal(0))
        self.credits: dict[str, tuple[UUID, Decimal]] = {}
        self.waiting: list[str] = []
        self.gone: set[str] = set()
        self.held: dict[UUID, tuple[UUID, Decimal]] = {}
        self.spent = Decimal(0)

    def settle(self, member: UUID) -> None:
        for key in list(self.waiting):
            whose, points = self.credits[key]
            if whose == member and self.balance[member] >= points:
                self.balance[member] -= points
                self.waiting.remove(key)
                self.gone.add(key)

    def waits(self, member: UUID) -> bool:
        return any(self.credits[key][0] == member for key in self.waiting)


class Walk:
    """One random step after the other, on both."""

    def __init__(self, seed: int, members: list[UUID]) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a test's dice
        self.members = members
        self.model = Model(members)

    async def step(self, number: int) -> None:
        act = self.chance.choice([self.credit, self.credit, self.recall, self.hold, self.hold, self.end])
        await act(number)

    async def credit(self, number: int) -> None:
        member, points = self.chance.choice(self.members), Decimal(self.chance.randint(1, 2000)) / 100
        key = f"claim/{number}"
        assert await earn(member, str(points), key) is True
        assert await earn(member, str(points), key) is False
        self.model.credits[key] = member, points
        self.model.balance[member] += points
        self.model.settle(member)

    async def recall(self, number: int) -> None:
        key = self.chance.choice([*self.model.credits, f"claim/{number}"])
        told = await take_back(key)
        if key not in self.model.credits:
            assert told == "absent"
            return
        member, points = self.model.credits[key]
        if key not in self.model.gone and key not in self.model.waiting:
            if self.model.balance[member] >= points:
                self.model.balance[member] -= points
                self.model.gone.add(key)
            else:
                self.model.waiting.append(key)
        if key in self.model.gone or told == "waiting":
            assert told == ("reversed" if key in self.model.gone else "waiting")

    async def hold(self, number: int) -> None:
        member, points = self.chance.choice(self.members), Decimal(self.chance.randint(1, 1500)) / 100
        if self.model.waits(member) or self.model.balance[member] < points:
            with pytest.raises(Conflict):
                await hold(member, points, key=f"redemption/{number}", about=new_id())
            return
        held = await hold(member, points, key=f"redemption/{number}", about=new_id())
        self.model.held[held] = member, points
        self.model.balance[member] -= points

    async def end(self, number: int) -> None:
        if not self.model.held:
            return
        held = self.chance.choice(list(self.model.held))
        member, points = self.model.held.pop(held)
        if self.chance.random() < 0.5:
            await give(held, key=f"redemption/{number}/collected")
            self.model.spent += points
        else:
            await release(held, Because.GIFT_CANCELLED)
            self.model.balance[member] += points
            self.model.settle(member)


@pytest.mark.parametrize("seed", range(4))
async def test_any_sequence_of_acts_ends_as_the_model_says(seed: int, two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        members = await enrol("D001", "D002", "D003")
        walk = Walk(seed, members)
        for number in range(STEPS):
            await walk.step(number)
            if number % 10 == 9:
                assert {each: await queries.balance(each) for each in members} == walk.model.balance
        proof = await prove()
    assert proof.holds
    assert proof.transfers > STEPS // 2
    assert proof.totals.members == sum(walk.model.balance.values())
    assert proof.totals.held == sum(points for _, points in walk.model.held.values())
    assert proof.totals.spent == walk.model.spent
