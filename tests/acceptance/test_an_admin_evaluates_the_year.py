"""Story: an admin reads the rules, starts the evaluation, watches it, finds a result and explains it."""

import re
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points, workbook
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs
from jiceng.facts.service import import_workbook
from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.tenancy.service import set_plugin

People = dict[str, str]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> People:
    """D001 has 80 points, D002 lacks one required item, D003 is exempt."""
    with tenant_scope(two_tenants[0]):
        people = await small_town(3)
        await with_points()
        await claimed(people["D001"], 5, [10, 20])
        await claimed(people["D002"], 4, [20, 15])
        proof = ["编号", "日期", "一事一议", "佐证", "录入人", "核验人"]
        book = workbook(
            一事一议=[proof, ["D003", "2026-05-06", "是", "长期卧病，镇党委备案", "D001", "D002"]]
        )
        await import_workbook("points", book, "特殊群体.xlsx")
    return people


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int], people: People) -> Browser:
    del people
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def start(admin: Browser) -> str:
    """Press the button; the address of the run."""
    await admin.get("/t/donghu/runs")
    answer = await admin.post("/t/donghu/runs", {"scheme": "points", "day": today().isoformat()})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def test_the_scheme_is_shown_in_plain_words(admin: Browser) -> None:
    listed = await admin.get("/t/donghu/schemes")
    assert listed.status_code == 200
    assert "党员积分年度评定" in listed.text
    assert "第 1 版" in listed.text
    page = await admin.get("/t/donghu/schemes/points")
    assert page.status_code == 200
    assert "同一项目最多计 1 次" in page.text
    assert "必选完成项数 ≥ 5 时才计分，否则计 0 分" in page.text.replace("&gt;", ">")
    assert "推荐也随必选" in page.text


async def test_from_the_button_to_the_explained_score(admin: Browser, people: People) -> None:
    address = await start(admin)
    waiting = await admin.get(address)
    assert "等待计算" in waiting.text
    assert 'hx-trigger="every 1s"' in waiting.text
    assert (await admin.get(f"{address}/results")).status_code == 404
    await run_due_jobs(jobs.JOBS)
    progress = await admin.get(f"{address}/progress")
    assert progress.headers["hx-refresh"] == "true"
    done = await admin.get(address)
    assert "已计算" in done.text
    results = await admin.get(f"{address}/results")
    assert results.status_code == 200
    assert re.findall(r">(党员D\d+)</a>", results.text) == ["党员D001", "党员D003", "党员D002"]
    assert "拟定" in results.text
    assert "不排名次" in results.text
    page = await admin.get(f"{address}/results/{people['D001']}")
    assert page.status_code == 200
    assert "登记" in page.text
    figures = [
        int(f.replace("−", "-")) for f in re.findall(r'<td class="num strong[^"]*">([−\d]+)</td>', page.text)
    ]
    assert sum(figures) == 80
    assert page.text.count("ZX0") == 2
    assert re.findall(r'<a href="#fact-(\d+)">认领 (\d) 条</a>', page.text) == [("5", "5"), ("7", "2")]


async def test_the_explanation_says_why_the_self_chosen_points_do_not_count(
    admin: Browser, people: People
) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)
    page = await admin.get(f"{address}/results/{people['D002']}")
    assert "第八条：必选五项未全部完成的，自选不计分" in page.text
    assert "−35" in page.text
    assert "不合格，明确帮扶人" in page.text


async def test_an_exempt_member_has_no_score_and_the_evidence_is_shown(
    admin: Browser, people: People
) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)
    page = await admin.get(f"{address}/results/{people['D003']}")
    assert "没有计分：免评" in page.text
    assert "一事一议，不参加评定" in page.text
    assert "长期卧病，镇党委备案" in page.text
    assert "党员D001 / 党员D002" in page.text
    facts = await admin.get(f"/t/donghu/facts/{people['D003']}")
    assert "长期卧病，镇党委备案" in facts.text
    assert "特殊群体.xlsx：一事一议" in facts.text


async def test_pressing_twice_shows_the_same_run(admin: Browser) -> None:
    first = await start(admin)
    await run_due_jobs(jobs.JOBS)
    assert await start(admin) == first
    listed = await admin.get("/t/donghu/runs")
    assert "共算过 1 次" in listed.text


async def test_filters_narrow_the_list(admin: Browser) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)

    async def hidden(name: str) -> str:
        page = f"{address.removeprefix('/t/donghu/')}/results"
        sent = await admin.post("/t/donghu/find", {"page_": page, "name": name})
        return sent.headers["location"].partition("?name=")[2]

    async def names(query: str) -> list[str]:
        return re.findall(r">(党员D\d+)</a>", (await admin.get(f"{address}/results?{query}")).text)

    assert await names("grade=合格") == ["党员D001"]
    assert await names("status=exempt") == ["党员D003"]
    assert await names(f"name={await hidden('D002')}") == ["党员D002"]
    assert await names("organization=nonsense&grade=&status=&name=") == ["党员D001", "党员D003", "党员D002"]
    nothing = await admin.get(f"{address}/results?name={await hidden('没有这个人')}")
    assert "没有符合条件的结果" in nothing.text


async def test_every_number_of_the_distribution_opens_those_behind_it(admin: Browser) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)
    for page in (address, f"{address}/results"):
        shown = (await admin.get(page)).text
        found = re.findall(r'<a href="([^"]+/results\?(?:grade|status)=[^"]+)">(\d+)</a>', shown)
        assert len(found) >= 2
        for link, number in found:
            listed = (await admin.get(link)).text
            assert len(re.findall(r">(党员D\d+)</a>", listed)) == int(number), link


async def test_another_tenants_run_result_and_facts_look_like_absent_ones(
    app: Litestar, admin: Browser, people: People, two_tenants: tuple[int, int]
) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)
    stranger = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    run = UUID(address.rsplit("/", 1)[-1])
    for path in (f"runs/{run}", f"runs/{run}/results", f"runs/{run}/progress", "schemes/points"):
        assert (await stranger.get(f"/t/xishan/{path}")).status_code == 404
    foreign = await stranger.get(f"/t/xishan/facts/{people['D001']}")
    absent = await stranger.get(f"/t/xishan/facts/{uuid4()}")
    assert foreign.status_code == absent.status_code == 404


async def test_a_viewer_sees_results_and_may_not_start(
    app: Litestar, admin: Browser, two_tenants: tuple[int, int]
) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(f"{address}/results")).status_code == 200
    refused = await viewer.post("/t/donghu/runs", {"scheme": "points", "day": today().isoformat()})
    assert refused.status_code == 403


async def test_a_disabled_plugin_answers_404_and_its_results_stay(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    address = await start(admin)
    await run_due_jobs(jobs.JOBS)
    with tenant_scope(two_tenants[0]):
        await set_plugin("points", on=False)
    assert (await admin.get("/t/donghu/schemes/points")).status_code == 404
    assert "插件已停用" in (await admin.get("/t/donghu/schemes")).text
    assert (await admin.get(f"{address}/results")).status_code == 200
    refused = await admin.post("/t/donghu/runs", {"scheme": "points", "day": today().isoformat()})
    assert refused.status_code == 404


async def test_an_empty_roster_is_refused_on_the_page_with_what_to_do(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[1]):
        await with_points()
    admin = await signed_in_browser(app, two_tenants[1], "tenant_admin")
    await admin.get("/t/xishan/runs")
    refused = await admin.post("/t/xishan/runs", {"scheme": "points", "day": today().isoformat()})
    assert refused.status_code == 400
    assert "名册里没有评定对象，不能开始评定" in refused.text
    assert "请先导入名册" in refused.text


async def test_a_day_that_is_none_is_refused(admin: Browser) -> None:
    await admin.get("/t/donghu/runs")
    refused = await admin.post("/t/donghu/runs", {"scheme": "points", "day": "明年"})
    assert refused.status_code == 422
    assert "期间没有选对" in refused.text
