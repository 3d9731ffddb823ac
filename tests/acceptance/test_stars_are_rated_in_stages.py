"""Story: a branch rates itself, its superior reviews, the department rates; the rating becomes facts."""

import pytest
from litestar import Litestar
from tests.support.rating import Rating, filled, person, star_campaign
from tests.support.web import Browser

from jiceng.evaluation import jobs
from jiceng.facts import queries
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.jobs import run_due_jobs


@pytest.fixture
async def rating(two_tenants: tuple[int, int]) -> Rating:
    return await star_campaign(two_tenants[0])


async def rate(who: Browser, rating: Rating, number: str, way: str, **values: str) -> None:
    await who.get(rating.sheet(number))
    answer = await who.post(f"{rating.sheet(number)}/{way}/hand-in", filled(**values))
    assert answer.status_code == 303, answer.text


async def moved_on(admin: Browser, rating: Rating) -> None:
    await admin.get(rating.at)
    assert (await admin.post(f"{rating.at}/next")).status_code == 303


async def test_from_the_branch_to_the_result(app: Litestar, rating: Rating) -> None:
    east = await person(app, rating.tenant, "secretary", "own", "O2")
    town = await person(app, rating.tenant, "secretary", "subtree", "O1")
    clerk = await person(app, rating.tenant, "clerk")
    await rate(east, rating, "O2", "own", rest="65", innovation="是", rest_proof="台账第 3 页")
    await moved_on(clerk, rating)
    page = await town.get(rating.sheet("O2"))
    assert "台账第 3 页" in page.text
    await rate(town, rating, "O2", "review", rest="62", innovation="是")
    assert "不一致" in (await town.get(rating.sheet("O2"))).text
    differences = (await clerk.get(f"{rating.at}/differences")).text
    assert "3.00" in differences
    await moved_on(clerk, rating)
    await rate(clerk, rating, "O2", "review", rest="60", innovation="是")
    assert (await clerk.post(f"{rating.at}/close")).status_code == 303
    with tenant_scope(rating.tenant):
        assert await queries.count("stars", "rest") == 1
    await clerk.get("/t/donghu/runs")
    answer = await clerk.post("/t/donghu/runs", {"scheme": "stars", "day": "2026-12-31"})
    assert answer.status_code == 303, answer.text
    await run_due_jobs(jobs.JOBS)
    explained = (await clerk.get(f"{answer.headers['location']}/results/{rating.places['O2']}")).text
    assert "五星" in explained
    assert "95" in explained
    facts = (await clerk.get(f"/t/donghu/facts/{rating.places['O2']}")).text
    assert "自评 65（台账第 3 页）；上级评议 62；部门评定 60" in facts
