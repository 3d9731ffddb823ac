"""Story: two years of stars on one page, plaques given and taken back, and nobody sees more than his part."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from litestar import Litestar
from tests.support.appraisal import small_town
from tests.support.rating import person

from jiceng.evaluation import jobs
from jiceng.evaluation.service import make_final, open_run
from jiceng.facts.service import import_facts
from jiceng.kernel.database import current_tenant, fetch, tenant_scope, transaction
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.queries import schemes
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin

HERE = "/t/donghu/star-rating"
MOST = {"lead": 15, "core": 10, "venue": 10, "rules": 15, "support": 15, "results": 20, "voice": 15}
LESS = {"O1": (30, 30), "O2": (35, 15), "O3": (25, 45)}
"""How far each organization stays below 100 points in 2025 and in 2026: O2 rises, O3 falls."""


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> dict[str, str]:
    with tenant_scope(two_tenants[0]):
        await small_town(2)
        await set_plugin("star_rating", on=True)
        await adopt("star_rating", in_force_from=date(2025, 1, 1), reason="测试")
        rows = await fetch("select number, id from organization where tenant_id = $1", current_tenant())
        places = {row["number"]: str(row["id"]) for row in rows}
        for place, day in enumerate((date(2025, 12, 20), date(2026, 11, 1))):
            await rated(places, place, day)
            await open_run("star_rating", day)
            await run_due_jobs(jobs.JOBS)
    return places


async def rated(places: dict[str, str], place: int, day: date) -> None:
    for name, most in MOST.items():
        values = {number: points(name, most, less[place]) for number, less in LESS.items()}
        rows = pl.DataFrame(
            [
                {"subject": places[number], "date": day, "value": Decimal(value)}
                for number, value in values.items()
            ]
        )
        await import_facts("star_rating", f"{name}_got", rows, source="测试")


def points(name: str, most: int, less: int) -> int:
    """Everything full but the work done, the support and the system, which bear what is lacking in turn."""
    order = ("results", "support", "rules")
    if name not in order:
        return most
    before = sum(MOST[one] for one in order[: order.index(name)])
    return max(0, most - max(0, less - before))


async def took_effect(tenant: int) -> None:
    with tenant_scope(tenant):
        runs = await fetch("select id from run where tenant_id = $1", current_tenant())
        for run in runs:
            async with transaction():
                await make_final(run["id"], pl.DataFrame({"subject": []}, schema={"subject": pl.String}))


async def test_years_stand_side_by_side_with_what_changed(
    app: Litestar, two_tenants: tuple[int, int], places: dict[str, str]
) -> None:
    clerk = await person(app, two_tenants[0], "clerk")
    page = (await clerk.get(HERE)).text
    assert page.index("2026 年度") < page.index("2025 年度")
    east = page[page.index('class="addr">O2') :]
    assert east.index("四星") < east.index("二星") < east.index("升星")
    west = page[page.index('class="addr">O3') :]
    assert west.index("一星") < west.index("三星") < west.index("降星")
    assert "未生效" in page
    one = (await clerk.get(f"{HERE}/organizations/{places['O3']}")).text
    assert "75.00" in one
    assert "得分说明" in one
    only = (await clerk.get(f"{HERE}?grade=四星")).text
    assert 'class="addr">O2' in only
    assert 'class="addr">O3' not in only


async def test_stars_of_members_are_offered_and_off_until_somebody_takes_them(
    app: Litestar, two_tenants: tuple[int, int], places: dict[str, str]
) -> None:
    assert len(places) == 3
    with tenant_scope(two_tenants[0]):
        assert [scheme.key for scheme in await schemes()] == ["star_rating"]
    clerk = await person(app, two_tenants[0], "clerk")
    assert "党员评星定格" in (await clerk.get("/t/donghu/schemes")).text


async def test_lists_wait_until_the_results_are_in_effect(
    app: Litestar, two_tenants: tuple[int, int], places: dict[str, str]
) -> None:
    assert len(places) == 3
    clerk = await person(app, two_tenants[0], "clerk")
    assert "还没有已经生效的星级" in (await clerk.get(f"{HERE}/lists/plaques")).text
    await took_effect(two_tenants[0])
    plaques = (await clerk.get(f"{HERE}/lists/plaques")).text
    assert "东街党支部" in plaques
    assert "西街党支部" not in plaques
    removed = (await clerk.get(f"{HERE}/lists/removed")).text
    assert "西街党支部" in removed
    assert "收回牌匾" in removed
    assert "西街党支部" in (await clerk.get(f"{HERE}/lists/lowered")).text
    assert "这个名单是空的" in (await clerk.get(f"{HERE}/lists/awards")).text
    assert (await clerk.get(f"{HERE}/lists/ranking")).status_code == 404


async def test_the_plaque_list_is_a_workbook_that_can_be_handed_in(
    app: Litestar, two_tenants: tuple[int, int], places: dict[str, str]
) -> None:
    assert len(places) == 3
    await took_effect(two_tenants[0])
    clerk = await person(app, two_tenants[0], "clerk")
    answer = await clerk.get(f"{HERE}/lists/plaques/workbook")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["封面", "授牌名单"]
    rows = [tuple(cell.value for cell in row[:8]) for row in book["授牌名单"].iter_rows(min_row=2)]
    assert rows == [
        (1, "O1", "湖口镇党委", "", "三星", "三星", 70, "续牌"),
        (2, "O2", "东街党支部", "东街党支部", "四星", "二星", 85, "授牌"),
    ]


async def test_a_branch_sees_its_own_stars_and_a_tenant_without_the_plugin_none(
    app: Litestar, two_tenants: tuple[int, int], places: dict[str, str]
) -> None:
    east = await person(app, two_tenants[0], "secretary", "own", "O2")
    page = (await east.get(HERE)).text
    assert "东街党支部" in page
    assert "西街党支部" not in page
    assert (await east.get(f"{HERE}/organizations/{places['O3']}")).status_code == 404
    other = await person(app, two_tenants[1], "clerk")
    assert (await other.get("/t/xishan/star-rating")).status_code == 404
