"""Only results in effect go on: not proposed ones, not held ones, not those a later final run replaced."""

from collections.abc import AsyncIterator
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.stars import DAY

from jiceng.evaluation import jobs
from jiceng.evaluation.results.final import final_result, final_results, latest_results
from jiceng.evaluation.service import open_run
from jiceng.kernel.database import current_tenant, execute, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs

FINAL = "update run set final_at = clock_timestamp() where tenant_id = $1 and id = $2"
HELD = "insert into held_result (tenant_id, id, run, subject) values ($1, $2, $3, $4)"


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, str]]:
    with tenant_scope(two_tenants[0]):
        found = await small_town(2)
        await with_points()
        await claimed(found["D001"], 5, [20, 20])
        yield found


async def computed() -> UUID:
    run = await open_run("points", DAY, by=new_id())
    await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
    await run_due_jobs(jobs.JOBS)
    return run.id


async def test_a_result_goes_on_once_it_is_in_effect_and_until_it_is_replaced(people: dict[str, str]) -> None:
    first, second = UUID(people["D001"]), UUID(people["D002"])
    run = await computed()
    assert await final_results("points") == []
    await execute(FINAL, current_tenant(), run)
    found = await final_results("points")
    assert [(row.subject, row.grade, row.score, row.period) for row in found] == [
        (first, "合格", Decimal(90), "2026 年度"),
        (second, "不合格", Decimal(0), "2026 年度"),
    ]
    assert found[0].outputs["may_exchange"] is True
    await execute(HELD, current_tenant(), new_id(), run, second)
    assert await final_result("points", second) is None
    await claimed(people["D002"], 5, [20, 20])
    later = await computed()
    assert (await final_results("points"))[0].run == run
    await execute(FINAL, current_tenant(), later)
    assert {(row.subject, row.run, row.grade) for row in await final_results("points")} == {
        (first, later, "合格"),
        (second, later, "合格"),
    }


async def test_periods_bound_the_list_and_an_unknown_scheme_has_none(people: dict[str, str]) -> None:
    await execute(FINAL, current_tenant(), await computed())
    assert await final_results("points", since=DAY.replace(month=12, day=31)) != []
    assert await final_results("points", until=DAY.replace(year=DAY.year - 1)) == []
    assert await final_results("nothing") == []
    assert await final_result("points", UUID(people["D001"])) is not None


async def test_pages_of_work_show_what_was_computed_last_and_say_that_it_is_not_in_effect(
    people: dict[str, str],
) -> None:
    run = await computed()
    assert [(row.run, row.final) for row in await latest_results("points")] == [(run, False)] * 2
    await execute(FINAL, current_tenant(), run)
    await execute(HELD, current_tenant(), new_id(), run, UUID(people["D002"]))
    await claimed(people["D002"], 5, [20, 20])
    await computed()
    assert [(row.run, row.final) for row in await latest_results("points")] == [(run, True), (run, False)]
