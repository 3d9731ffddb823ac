"""Who may redeem follows from the newest result that took effect, by the tenant's own rule."""

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.support.appraisal import claimed, small_town, with_points

from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, tenant_scope
from jiceng.kernel.errors import Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng_points.redemption.rules import (
    USUAL,
    change_rule,
    end_pause,
    pause,
    pauses,
    rule_in_force,
    standing,
)
from jiceng_points.redemption.schemas import Rule

FINAL = "update run set final_at = clock_timestamp() where tenant_id = $1"


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[list[UUID]]:
    """A member with 90 points and 合格, one with none and 不合格; computed, not final."""
    with tenant_scope(two_tenants[0]):
        found = await small_town(2)
        await with_points()
        await claimed(found["D001"], 5, [20, 20])
        await open_run("points", today().replace(month=5, day=1), by=new_id())
        await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
        await run_due_jobs(jobs.JOBS)
        yield [UUID(member) for member in found.values()]


async def test_a_proposed_result_opens_nothing_and_a_final_one_does(people: list[UUID]) -> None:
    good, bad = people
    assert (await standing(good, await rule_in_force())).words == "还没有正式生效的年度结果，不能兑换"
    await execute(FINAL, current_tenant())
    told = await standing(good, await rule_in_force())
    assert told.may
    assert told.words.endswith("年度的正式结果为合格，可以兑换")
    told = await standing(bad, await rule_in_force())
    assert not told.may
    assert told.words.endswith("的正式结果为不合格，不能兑换")


@pytest.mark.parametrize(
    ("least", "may"), [("89.99", True), ("90", True), ("90.01", False)], ids=["below", "on", "above"]
)
async def test_a_score_is_compared_inclusively(least: str, *, may: bool, people: list[UUID]) -> None:
    await execute(FINAL, current_tenant())
    await change_rule(replace(USUAL, qualifies="score", least=Decimal(least)), new_id())
    assert (await standing(people[0], await rule_in_force())).may is may


async def test_several_grades_may_qualify(people: list[UUID]) -> None:
    await execute(FINAL, current_tenant())
    await change_rule(replace(USUAL, grades=("合格", "不合格")), new_id())
    assert (await standing(people[1], await rule_in_force())).may


@pytest.mark.parametrize(
    "wrong",
    [
        replace(USUAL, qualifies="everybody"),
        replace(USUAL, days=0),
        replace(USUAL, days=367),
        replace(USUAL, grades=(" ",)),
        replace(USUAL, least=Decimal(0)),
    ],
    ids=["words", "no day", "too many days", "no grade", "no score"],
)
async def test_an_impossible_rule_is_refused(wrong: Rule, two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]), pytest.raises(Refusal):
        await change_rule(wrong, new_id())


async def test_of_two_who_pause_a_member_at_once_one_is_told(people: list[UUID]) -> None:
    told = await asyncio.gather(*(pause(people[0], new_id()) for _ in range(4)), return_exceptions=True)
    assert sorted(type(one).__name__ for one in told) == ["Conflict"] * 3 + ["NoneType"]
    (held,) = await pauses()
    await end_pause(held.id, new_id())
    assert await pauses() == []


async def test_who_has_left_redeems_nothing_whatever_the_rule_says(people: list[UUID]) -> None:
    open_to_all = replace(USUAL, qualifies="anyone")
    assert (await standing(people[0], open_to_all)).may
    await execute("update membership set until = $1, left_by = '转出' where member = $2", today(), people[0])
    told = await standing(people[0], open_to_all)
    assert (told.may, told.words) == (False, "已不在名册，不能兑换")
