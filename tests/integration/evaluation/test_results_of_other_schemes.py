"""A rulebook reads results of other schemes: in effect, of periods inside its own, frozen with the run."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from tests.support.stars import Branches, ten_branches

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.explaining import explanation
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.schemas import RunInfo
from jiceng.evaluation.service import make_final, open_run, verify
from jiceng.evaluation.trial.asking import ask
from jiceng.evaluation.trial.schemas import Trial
from jiceng.facts.correcting import correct_fact
from jiceng.facts.service import import_facts
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.jobs import run_due_jobs
from jiceng.roster.projects import service as projects
from jiceng.schemes.queries import rulebook_for
from jiceng.schemes.service import adopt

YEAR, DAY = date(2026, 1, 1), date(2026, 5, 1)
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
READER = """
title = "综合评定"
subject = "organization"
period = "year"
grades = ["好", "一般"]

[facts]
stars = { kind = "result", title = "星级", scheme = "%s", min = 0, max = 100, options = ["五星", "四星"] }

[items.shining]
title = "星级得分"
from = "stars"
points = "result.score"

[groups.score]
title = "总分"
of = ["shining"]

[[decide]]
do = "bands"
rows = [{ when = "score >= 90", grade = "好" }, { when = "score < 90", grade = "一般" }]
"""
PROJECTS = """
title = "项目考核"
subject = "project"
period = "year"
grades = ["五星", "四星"]

[facts]
mark = { kind = "number", title = "考核分", min = 0, max = 100 }

[items.marked]
points = "mark"

[groups.score]
of = ["marked"]

[[decide]]
do = "bands"
rows = [{ when = "score >= 90", grade = "五星" }, { when = "score < 90", grade = "四星" }]
"""


@pytest.fixture
async def branches(two_tenants: tuple[int, int]) -> AsyncIterator[Branches]:
    """Ten branches with an assessed score each, rated by the scheme `stars`."""
    with tenant_scope(two_tenants[0]):
        yield await ten_branches({"农村": [95, 90, 85, 80, 70], "社区": [99, 98, 80, 70, 60]})


async def computed(key: str) -> RunInfo:
    run = await open_run(key, DAY)
    await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
    await run_due_jobs(jobs.JOBS)
    found = await queries.run(run.id)
    assert found.state == "done", found.reason
    return found


async def final(run: RunInfo, held: list[str] | None = None) -> RunInfo:
    async with transaction():
        await make_final(run.id, pl.DataFrame({"subject": held or []}, schema={"subject": pl.String}))
    return await queries.run(run.id)


async def scores(run: RunInfo) -> dict[str, Any]:
    return {row.number: row.score for row in (await listing.results(run, Filters())).rows}


async def reading(scheme: str) -> None:
    await adopt("whole", toml=READER % scheme, in_force_from=YEAR, reason="测试")


async def test_only_final_results_are_read_and_those_held_back_are_not(branches: Branches) -> None:
    await reading("stars")
    stars = await computed("stars")
    before = await computed("whole")
    assert (before.sources, set((await scores(before)).values())) == ((), {Decimal(0)})
    await final(stars, [branches["W1"]])
    after = await computed("whole")
    assert (after.id != before.id, after.sources) == (True, (stars.id,))
    found = await scores(after)
    assert (found["E1"], found["E2"], found["W1"], found["W2"]) == (95, 90, 0, 98)
    assert (await verify(after.number)).equal
    assert (await computed("whole")).id == after.id


async def test_the_explanation_says_where_a_result_comes_from(branches: Branches) -> None:
    await reading("stars")
    stars = await final(await computed("stars"))
    told = await explanation(await computed("whole"), UUID(branches["E1"]))
    ((title, (seen,)),) = told.elsewhere.items()
    assert (title, seen.source.title, seen.source.period) == ("星级", "星级党组织评定", "2026 年度")
    assert (seen.source.number, seen.score, seen.grade, seen.project) == (stars.number, 95, "五星", None)


async def test_a_later_final_run_of_the_source_makes_a_new_run_and_the_old_one_still_verifies(
    branches: Branches,
) -> None:
    await reading("stars")
    await final(await computed("stars"))
    first = await computed("whole")
    await corrected(branches["E5"], 91)
    newer = await final(await computed("stars"))
    second = await computed("whole")
    assert (second.sources, second.supersedes) == ((newer.id,), first.id)
    assert ((await scores(first))["E5"], (await scores(second))["E5"]) == (70, 91)
    assert (await verify(first.number)).equal
    assert (await queries.run(first.sources[0])).replaced_by == newer.number


async def corrected(subject: str, score: int) -> None:
    seq = await fetch_value(
        "select seq from fact where tenant_id = $1 and subject = $2::uuid", current_tenant(), subject
    )
    await correct_fact(seq, {"value": Decimal(score)}, reason="更正")


async def test_a_trial_counts_them_too(branches: Branches) -> None:
    assert branches
    await reading("stars")
    await final(await computed("stars"))
    with clock.showing(NOW):
        answer = await ask("whole", uuid4(), 1, (await rulebook_for("whole", DAY)).book, within=30)
    assert isinstance(answer, Trial), answer
    assert [(share.label, share.before, share.after) for share in answer.shares] == [
        ("好", 4, 4),
        ("一般", 6, 6),
    ]


async def test_a_projects_result_goes_to_the_organization_that_answers_for_it(branches: Branches) -> None:
    await adopt("works", toml=PROJECTS, in_force_from=YEAR, reason="测试")
    await reading("works")
    made = [
        await projects.enter(f"P{n}", f"项目{n}", "重点", UUID(branches[home]), YEAR)
        for n, home in enumerate(("E1", "E1", "W2"), 1)
    ]
    marks = {"subject": [str(one) for one in made], "date": [DAY] * 3, "value": [40, 50, 95]}
    await import_facts("works", "mark", pl.DataFrame(marks), source="考核表")
    await final(await computed("works"))
    run = await computed("whole")
    found = await scores(run)
    assert (found["E1"], found["W2"], found["W1"]) == (90, 95, 0)
    told = await explanation(run, UUID(branches["E1"]))
    (some,) = told.elsewhere.values()
    assert [(told.projects[one.project], one.score) for one in some if one.project] == [
        ("项目1", 40),
        ("项目2", 50),
    ]
