"""Story: a tie over the quota line is ruled on by a person, the next evaluation applies it, both compare."""

import io
from uuid import UUID

import openpyxl
import pytest
from litestar import Litestar
from tests.support.stars import DAY, Branches, ten_branches
from tests.support.told import told_since
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs

TIED = {"农村": [95, 90, 90, 80, 70], "社区": [99, 98, 80, 70, 60]}


@pytest.fixture
async def branches(two_tenants: tuple[int, int]) -> Branches:
    with tenant_scope(two_tenants[0]):
        branches = await ten_branches(TIED)
        await open_run("stars", DAY)
    await run_due_jobs(jobs.JOBS)
    return branches


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int], branches: Branches) -> Browser:
    del branches
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def last_run(tenant: int) -> UUID:
    with tenant_scope(tenant):
        found: UUID = await fetch_value(
            "select id from run where tenant_id = $1 order by number desc limit 1", tenant
        )
    return found


async def test_from_the_open_question_to_the_superseding_run(
    app: Litestar, admin: Browser, branches: Branches, two_tenants: tuple[int, int]
) -> None:
    address = f"/t/donghu/runs/{await last_run(two_tenants[0])}"
    assert "处理 2 个待裁定" in (await admin.get(address)).text
    listed = await admin.get(f"{address}/questions")
    assert listed.status_code == 200
    assert listed.text.count("名额线上并列") == 2
    question = f"{address}/questions/{branches['E3']}"
    page = await admin.get(f"{question}?part=decide[0]")
    assert page.status_code == 200
    assert "农村第2党支部 待裁定 → 四星" in page.text
    refused = await admin.post(question, {"part": "decide[0]", "choice": "first", "reason": " "})
    assert refused.status_code == 422
    decided = await admin.post(question, {"part": "decide[0]", "choice": "first", "reason": "群众评价更高"})
    assert decided.status_code == 303
    assert "ruling_made" in await told_since(two_tenants[0], 0)
    waiting = await admin.get(f"{address}/questions")
    for words in ("群众评价更高", "周砚秋", "下一次起作用", "按 1 条新裁定重算"):
        assert words in waiting.text
    started = await admin.post("/t/donghu/runs", {"scheme": "stars", "day": DAY.isoformat()})
    await run_due_jobs(jobs.JOBS)
    newer = started.headers["location"]
    assert newer != address
    assert "已经被第 2 次评定取代" in (await admin.get(address)).text
    compared = await admin.get(f"{newer}/compare")
    assert compared.status_code == 200
    for words in ("2 个有变动，8 个完全相同", "按比例定星：未定 → 五星", "按比例定星：未定 → 四星"):
        assert words in compared.text
    assert "没有待裁定的问题" in (await admin.get(f"{newer}/questions")).text
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    for who, leads in ((admin, True), (viewer, False)):  # a link to a page that refuses him leads nowhere
        told = (await who.get(newer)).text.split("<dt>裁定</dt>")[1].split("</dd>")[0]
        assert ("1 条" in told, f"{newer}/questions" in told) == (True, leads)


async def test_results_go_out_as_a_spreadsheet_without_places(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    run = await last_run(two_tenants[0])
    answer = await admin.get(f"/t/donghu/runs/{run}/results.xlsx?grade=五星")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["封面"]["B3"].value == "拟定，须由具名的人确认后生效"
    rows = list(book["评定结果"].values)
    assert rows[0][:7] == ("序号", "组织", "编号", "名称", "得分", "拟定等次", "状态")
    assert [(row[2], row[4], row[5]) for row in rows[1:]] == [
        ("E1", 95, "五星"),
        ("W1", 99, "五星"),
        ("W2", 98, "五星"),
    ]
    assert "名次" not in rows[0]
    with tenant_scope(two_tenants[0]):
        told = "select count(*) from audit_entry where tenant_id = $1 and event = 'exported'"
        assert await fetch_value(told, two_tenants[0]) == 1


async def test_a_waiting_run_is_cancelled_and_started_again(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        await ten_branches(TIED)
        run = await open_run("stars", DAY)
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    address = f"/t/donghu/runs/{run.id}"
    assert f"{address}/cancel" in (await admin.get(address)).text
    assert (await admin.post(f"{address}/cancel")).status_code == 303
    await run_due_jobs(jobs.JOBS)
    stopped = await admin.get(address)
    assert "计算被取消，可以重新开始" in stopped.text
    assert (await admin.post(f"{address}/cancel")).status_code == 409
    again = await admin.post("/t/donghu/runs", {"scheme": "stars", "day": DAY.isoformat()})
    assert again.headers["location"] == address
    await run_due_jobs(jobs.JOBS)
    assert "已计算" in (await admin.get(address)).text


async def test_a_viewer_reads_results_and_decides_nothing(
    app: Litestar, two_tenants: tuple[int, int], branches: Branches
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    address = f"/t/donghu/runs/{await last_run(two_tenants[0])}"
    page = await viewer.get(address)
    assert "待裁定</a>" not in page.text
    assert (await viewer.get(f"{address}/questions")).status_code == 403
    form = {"part": "decide[0]", "choice": "first", "reason": "理由"}
    assert (await viewer.post(f"{address}/questions/{branches['E3']}", form)).status_code == 403


async def test_another_tenants_run_is_as_good_as_absent(
    admin: Browser, app: Litestar, two_tenants: tuple[int, int], branches: Branches
) -> None:
    del admin
    stranger = await signed_in_browser(app, two_tenants[1], "tenant_admin", "stranger")
    run = await last_run(two_tenants[0])
    for tail in ("questions", f"questions/{branches['E3']}", "compare", "results.xlsx"):
        foreign = await stranger.get(f"/t/xishan/runs/{run}/{tail}")
        absent = await stranger.get(f"/t/xishan/runs/{new_id()}/{tail}")
        assert (foreign.status_code, absent.status_code) == (404, 404)
