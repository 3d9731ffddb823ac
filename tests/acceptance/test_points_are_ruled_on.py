"""Story: the points of an item are left open; a person tries a number, rules it, the next run counts it."""

from decimal import Decimal

import pytest
from litestar import Litestar
from tests.support.stars import BOOK, DAY, YEAR, Branches, ten_branches
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.results.listing import Filters
from jiceng.evaluation.service import open_run, verify
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt

STEPS = """gaps = "ask"
steps = [
  { when = "assessed >= 90", points = 10 },
  { when = "assessed < 80", points = 5 },
]
"""
SCORES = {"农村": [95, 90, 85, 70, 60], "社区": [99, 98, 97, 70, 60]}
PART = "assessment"


@pytest.fixture
async def branches(two_tenants: tuple[int, int]) -> Branches:
    """E3 has 85, for which the item has no step."""
    with tenant_scope(two_tenants[0]):
        branches = await ten_branches(SCORES)
        text = (BOOK % "half_up").replace('points = "assessed"\n', STEPS).replace('"ask"\n"""', '"in"\n')
        await adopt("stars", toml=text, in_force_from=YEAR, reason="分档")
        await open_run("stars", DAY)
    await run_due_jobs(jobs.JOBS)
    return branches


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int], branches: Branches) -> Browser:
    del branches
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def test_a_number_is_tried_ruled_and_counted(
    admin: Browser, branches: Branches, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        (run,) = await queries.runs()
    address = f"/t/donghu/runs/{run.id}"
    listed = (await admin.get(f"{address}/questions")).text
    assert "年终考核" in listed
    assert "没有档次" in listed
    question = f"{address}/questions/{branches['E3']}"
    page = (await admin.get(f"{question}?part={PART}")).text
    assert "先看看计这么多分会怎样" in page
    assert "怎么裁，会怎样" not in page
    tried = (await admin.get(f"{question}?part={PART}&points=12")).text
    assert "计 12 分" in tried
    assert '<td class="strong">五星</td>' in tried
    ruled = {"part": PART, "choice": "points", "points": "12", "reason": "比照九十分档另加"}
    assert (await admin.post(question, ruled)).status_code == 303
    assert "计 12 分" in (await admin.get(f"{address}/questions")).text
    started = await admin.post("/t/donghu/runs", {"scheme": "stars", "day": DAY.isoformat()})
    await run_due_jobs(jobs.JOBS)
    own = (await admin.get(f"{started.headers['location']}/results/{branches['E3']}")).text
    assert "12.00" in own or ">12<" in own
    with tenant_scope(two_tenants[0]):
        newer = (await queries.runs())[0]
        row = next(one for one in (await listing.results(newer, Filters())).rows if one.number == "E3")
        assert (row.score, row.grade, newer.rulings) == (Decimal(12), "五星", (1,))
        assert (await verify(newer.number)).equal


@pytest.mark.parametrize(
    ("points", "said"),
    [
        ("十二", "不是分数"),
        ("1e99", "不是分数"),
        ("NaN", "不是分数"),
        ("8_5", "不是分数"),
        ("1.23456", "最多四位小数"),
        ("", "不是分数"),
    ],
)
async def test_what_is_no_number_of_points_is_refused_and_nothing_is_kept(
    admin: Browser, branches: Branches, two_tenants: tuple[int, int], points: str, said: str
) -> None:
    with tenant_scope(two_tenants[0]):
        (run,) = await queries.runs()
    question = f"/t/donghu/runs/{run.id}/questions/{branches['E3']}"
    await admin.get(f"{question}?part={PART}")
    refused = await admin.post(question, {"part": PART, "points": points, "reason": "理由"})
    assert refused.status_code == 422
    assert said in refused.text
    assert "已作的裁定" not in (await admin.get(f"/t/donghu/runs/{run.id}/questions")).text
