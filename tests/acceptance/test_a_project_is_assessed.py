"""Story: the night hands in the ledger's data, projects are rated, stars count it, somebody decides."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from tests.support.projects import Places, a_project, project_town, somebody
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs, queries
from jiceng.evaluation.service import make_final, open_run
from jiceng.facts.queries import of_subject
from jiceng.facts.service import import_facts
from jiceng.kernel import clock
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch, tenant_scope, transaction
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin
from jiceng_project_ledger.assessment.jobs import ASSESS, assess
from jiceng_project_ledger.home import to_check
from jiceng_project_ledger.planning import service as planning

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from litestar import Litestar

    from jiceng.evaluation.schemas import RunInfo
    from jiceng_project_ledger.library.schemas import Project

LEDGER = "/t/donghu/project-ledger"
GUIDE = Path("docs/guide-zh.md").read_text(encoding="utf-8")
YEAR = today().year
STARS = """
title = "星级（测试）"
subject = "organization"
period = "year"
grades = ["五星", "四星"]

[groups.score]
of = ["projects"]

[[decide]]
do = "bands"
rows = [{ when = "score >= 5", grade = "五星" }, { when = "score < 5", grade = "四星" }]
"""


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        found = await project_town()
        await adopt("project_ledger", in_force_from=date(YEAR - 1, 1, 1), reason="测试")
        yield found


async def night() -> None:
    """The night's work: whatever is queued is done now."""
    await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
    await run_due_jobs({**jobs.JOBS, ASSESS: assess})


async def handed_in(project: Project) -> dict[str, Any]:
    """The last value of each kind of fact that stands."""
    assert project.subject is not None
    rows = [one for one in await of_subject(project.subject) if one.state == ""]
    return {one.kind: one.values.get("value", one.values) for one in reversed(rows)}


async def late_project(places: Places) -> Project:
    """Of its three steps the first phase is left undone; it was due in spring."""
    return await a_project(places, budget=0)


async def final(key: str) -> RunInfo:
    run = await open_run(key, today())
    await night()
    async with transaction():
        await make_final(run.id, pl.DataFrame({"subject": []}, schema={"subject": pl.String}))
    found = await queries.run(run.id)
    assert found.state == "done", found.reason
    return found


async def test_the_night_hands_in_what_the_ledger_knows_once(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    project = await late_project(places)
    assert project.subject is not None
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    await clerk.get(f"{LEDGER}/assessment")
    assert (await clerk.post(f"{LEDGER}/assessment/hand-in")).status_code == 303
    await night()
    known = await handed_in(project)
    late = (today() - date(YEAR, 6, 30)).days
    assert (known["standing"], known["acceptance"]) == ("在办", "未到验收")
    assert known["phase"] | {"name": ""} == {
        "name": "",
        "weight": 60,
        "done": False,
        "days_late": max(0, late),
        "excused": False,
    }
    count = len(await of_subject(project.subject))
    await clerk.post(f"{LEDGER}/assessment/hand-in")
    await night()
    assert len(await of_subject(project.subject)) == count
    page = (await clerk.get(f"{LEDGER}/projects/{project.id}/assessment")).text
    assert f"应在 {YEAR}-06-30 完成，还没有完成，逾期 {late} 天" in page
    await planning.complete(project.id, 1, today(), "完成", None)
    await planning.complete(project.id, 2, today(), "完成", None)
    await clerk.post(f"{LEDGER}/assessment/hand-in")
    await night()
    assert (await handed_in(project))["phase"]["done"] is True


async def test_what_a_person_corrected_is_not_written_over(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    project = await late_project(places)
    row = {"subject": [str(project.subject)], "date": [today()], "value": ["暂缓"]}
    await import_facts("project_ledger", "standing", pl.DataFrame(row), source="考核表")
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    await clerk.get(f"{LEDGER}/assessment")
    await clerk.post(f"{LEDGER}/assessment/hand-in")
    await night()
    assert (await handed_in(project))["standing"] == "暂缓"


async def test_a_final_result_counts_in_the_owners_stars_as_the_guide_says(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    project = await late_project(places)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    await clerk.get(f"{LEDGER}/assessment")
    await clerk.post(f"{LEDGER}/assessment/hand-in")
    await night()
    await final("project_ledger")
    page = (await clerk.get(f"{LEDGER}/assessment")).text
    assert "已生效" in page
    assert project.title in page
    snippet = re.search(r"```toml\n(\[facts\.project\].*?)```", GUIDE, re.DOTALL)
    assert snippet is not None
    await adopt("stars", toml=STARS + snippet[1], in_force_from=date(YEAR, 1, 1), reason="测试")
    run = await final("stars")
    rows = await fetch(
        "select o.number, r.score, p.score as project from result r"
        " join organization o on o.id = r.subject"
        " left join result p on p.organization = r.subject and p.subject = $2"
        " where r.run = $1 order by o.number",
        *(run.id, project.subject),
    )
    scores = {row["number"]: row["score"] for row in rows}
    (rated,) = [row["project"] for row in rows if row["project"] is not None]
    assert rated > 0
    tenth = (rated / 10).quantize(Decimal("0.01"))
    assert scores == {"O1": 0, "O2": tenth, "O3": 0}
    await set_plugin("star_rating", on=True)
    await adopt("star_rating", preset="with_projects", in_force_from=date(YEAR, 1, 1), reason="测试")
    nodes = (await queries.outcome((await final("star_rating")).id)).nodes
    assert nodes["projects"].drop_nulls().to_list() == [tenth]


async def proposed(browser: Browser) -> str:
    await browser.get(f"{LEDGER}/assessment")
    await browser.post(f"{LEDGER}/assessment/hand-in")
    await night()
    page = (await browser.get(f"{LEDGER}/accountability")).text
    found = re.search(rf"{LEDGER}/accountability/[0-9a-f-]+", page)
    return found[0] if found else ""


async def to_decide() -> int:
    """How many proposals the home page says wait for a decision."""
    told = {one.title: one.count for one in await to_check(somebody())}
    return told["待决定的问责建议"]


async def test_a_late_project_is_proposed_and_a_named_person_decides_with_a_reason(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    await overdue(await late_project(places))
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    at = await proposed(clerk)
    page = (await clerk.get(at)).text
    assert "已超过 3 天" in page
    assert "没有人决定以前，建议不产生任何后果" in page
    silent = await clerk.post(f"{at}/decision", data={"act": "confirm", "reason": " "})
    assert (silent.status_code, "请写明理由" in silent.text) == (422, True)
    no_day = await clerk.post(f"{at}/decision", data={"act": "defer", "reason": "等审计"})
    assert "暂缓要填到哪一天，应晚于今天" in no_day.text
    later = {"act": "defer", "reason": "等审计", "until": f"{today() + timedelta(days=9)}"}
    assert await to_decide() == 1
    assert (await clerk.post(f"{at}/decision", data=later)).status_code == 303
    assert await to_decide() == 0
    with clock.showing(clock.now() + timedelta(days=9)):
        assert await to_decide() == 1
    dropped = {"act": "drop", "reason": "因汛期停工"}
    assert (await clerk.post(f"{at}/decision", data=dropped)).status_code == 303
    page = (await clerk.get(at)).text
    assert "不予问责（周砚秋）：因汛期停工" in page
    again = await clerk.post(f"{at}/decision", data={"act": "confirm", "reason": "再来"})
    assert (again.status_code, "问责建议不予问责，不能确认问责" in again.text) == (409, True)
    stored = await fetch("select reason from ledger_accountability_move")
    assert all("汛期" not in row["reason"] for row in stored)
    assert await proposed(clerk) == at


async def test_the_responsible_person_sees_it_objects_and_decides_nothing(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    await overdue(await late_project(places))
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    at = await proposed(clerk)
    own = await signed_in_browser(app, two_tenants[0], "member", login="member-1", person="D001")
    page = (await own.get(at)).text
    assert "您的说明或异议" in page
    assert "党员D001" in page
    said = await own.post(f"{at}/objection", data={"words": "材料晚到一个月"})
    assert said.status_code == 303
    assert (await own.post(f"{at}/objection", data={"words": "再说"})).status_code == 409
    assert (await own.post(f"{at}/decision", data={"act": "drop", "reason": "好"})).status_code == 403
    assert "材料晚到一个月" in (await clerk.get(at)).text
    assert (await clerk.post(f"{at}/objection", data={"words": "代说"})).status_code == 403
    other = await signed_in_browser(app, two_tenants[0], "member", login="member-2", person="D002")
    assert (await other.get(at)).status_code == 404
    assert "没有与您有关的问责建议" in (await other.get(f"{LEDGER}/accountability")).text
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(at)).status_code == 404


async def overdue(project: Project) -> None:
    """Its deadline was three days ago."""
    before = today() - timedelta(days=3)
    await execute("update ledger_project set deadline = $1 where id = $2", before, project.id)


async def test_last_years_projects_are_proposed_all_year_as_they_were_at_its_end(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    project = await late_project(places)
    begun, deadline = date(YEAR - 1, 2, 1), date(YEAR - 1, 11, 1)
    sql = "update ledger_project set starts = $1, began = $1, deadline = $2 where id = $3"
    await execute(sql, begun, deadline, project.id)
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    await proposed(clerk)
    rows = await fetch("select year, grounds from ledger_accountability where project = $1", project.id)
    told = {row["year"]: row["grounds"][0] for row in rows}
    assert told[YEAR - 1] == f"完成期限 {deadline}，已超过 60 天"
    assert told[YEAR] == f"完成期限 {deadline}，已超过 {(today() - deadline).days} 天"


async def test_a_year_that_is_none_is_told(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    project = await a_project(places)
    for place in ("assessment", f"projects/{project.id}/assessment", "accountability", "gantt"):
        for year in (99999, 2**40):
            assert (await clerk.get(f"{LEDGER}/{place}?year={year}")).status_code in {400, 422}, place
