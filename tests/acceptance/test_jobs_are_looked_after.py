"""Story: an administrator sees what runs in the background, stops it, and runs again what failed."""

import re

from litestar import Litestar
from tests.support.job_tools import put, status
from tests.support.web import signed_in_browser

from jiceng.evaluation.service import JOB as EVALUATION
from jiceng.kernel.database import fetch, tenant_scope
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import Job, run_due_jobs
from jiceng.operations.jobs import COUNT, PROVE
from jiceng.operations.nightly.counting import write_counts
from jiceng.tenancy.service import change_tenant

JOBS, CHANGED = "/t/donghu/jobs", "job_changed"


def words(page: str) -> str:
    """The page's text without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


async def refuses(_: Job) -> None:
    raise Conflict(
        "第 3 次评定重算不一致",
        todo_zh="请联系平台运维核查",
        what_en="run 3 does not prove",
        todo_en="ask operations",
    )


async def breaks(_: Job) -> None:
    raise KeyError("高文渊")


async def test_a_waiting_job_is_seen_and_cancelled(app: Litestar, two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, COUNT)
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    page = await admin.get(JOBS)
    assert "汇总概况数量 排队中" in words(page.text)
    assert 'hx-get="/t/donghu/jobs/list" hx-trigger="every 2s"' in page.text
    assert "汇总概况数量 排队中" in words((await admin.get(f"{JOBS}/list")).text)
    answer = await admin.post(f"{JOBS}/{job_id}/cancel")
    assert (answer.status_code, answer.headers["location"]) == (303, JOBS)
    assert (await status(tenant, job_id)).state == "cancelled"
    page = await admin.get(JOBS)
    assert "没有在做的任务" in page.text
    assert "hx-get" not in page.text, "nothing is open: the page stops asking"
    assert (await admin.post(f"{JOBS}/{job_id}/cancel")).status_code == 303, "pressed twice"


async def test_what_failed_says_why_and_runs_again(app: Litestar, two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, PROVE)
    await run_due_jobs({PROVE: refuses})
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    page = await admin.get(JOBS)
    assert "抽验评定结果 没有做成 第 3 次评定重算不一致。请联系平台运维核查 1" in words(page.text)
    assert "run 3" not in page.text
    admin.client.cookies.set("jiceng-language", "en")
    assert "run 3 does not prove. ask operations 1" in words((await admin.get(JOBS)).text)
    assert (await admin.post(f"{JOBS}/{job_id}/retry")).status_code == 303
    assert (await status(tenant, job_id)).state == "queued"
    assert (await admin.post(f"{JOBS}/{job_id}/retry")).status_code == 303, "pressed twice"


async def test_what_failed_and_needs_nobody_is_put_aside_and_told(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, PROVE)
    await run_due_jobs({PROVE: refuses})
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    assert "需要处理" in (await admin.get(JOBS)).text
    assert "停下来等人处理的后台任务" in (await admin.get("/t/donghu/")).text
    answer = await admin.post(f"{JOBS}/{job_id}/aside")
    assert (answer.status_code, answer.headers["location"]) == (303, JOBS)
    page = words((await admin.get(JOBS)).text)
    assert "需要处理" not in page
    assert "最近结束" in page
    assert "抽验评定结果 没有做成" in page
    assert "停下来等人处理的后台任务" not in (await admin.get("/t/donghu/")).text
    assert (await admin.post(f"{JOBS}/{job_id}/aside")).status_code == 303, "pressed twice"
    with tenant_scope(tenant):
        told = await fetch(
            "select details from audit_entry where tenant_id = $1 and event = $2", tenant, CHANGED
        )
        assert [row["details"] for row in told] == ['{"state":"set_aside"}']
    assert (await admin.post(f"{JOBS}/{job_id}/retry")).status_code == 303
    await run_due_jobs({PROVE: refuses})
    assert "需要处理" in (await admin.get(JOBS)).text, "failed again: somebody is needed again"


async def test_a_program_error_is_told_without_what_it_quotes(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    await put(tenant, COUNT)
    await run_due_jobs({COUNT: breaks})
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    page = words((await admin.get(JOBS)).text)
    assert "汇总概况数量 排队中 0 % 上次没有做成，稍后自动再试" in page
    assert "高文渊" not in page
    assert "KeyError" not in page


async def test_the_same_thing_is_not_run_twice_side_by_side(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    failed = await put(tenant, PROVE, unique="x")
    await run_due_jobs({PROVE: refuses})
    await put(tenant, PROVE, unique="x")
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    await admin.get(JOBS)
    answer = await admin.post(f"{JOBS}/{failed}/retry")
    assert answer.status_code == 409
    assert "同样的任务已经在排队或进行" in answer.text


async def test_another_tenants_job_is_like_an_absent_one(app: Litestar, two_tenants: tuple[int, int]) -> None:
    tenant, other = two_tenants
    foreign = await put(other, COUNT)
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    for act in ("cancel", "retry", "aside"):
        there = await admin.post(f"{JOBS}/{foreign}/{act}")
        absent = await admin.post(f"{JOBS}/{new_id()}/{act}")
        assert there.status_code == absent.status_code == 404
    assert "汇总概况数量" not in (await admin.get(JOBS)).text
    assert (await status(other, foreign)).state == "queued"


async def test_a_viewer_sees_no_jobs_and_only_the_operator_sees_all_tenants(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant, other = two_tenants
    await change_tenant("donghu", name="东湖省", kind="province", parent=None)
    for n in range(3):
        await put(other, COUNT, n=n)
    with tenant_scope(other):
        await write_counts({"organizations": 12, "members": 340, "runs": 2})
    for role, own, all_ in (("viewer", 403, 403), ("tenant_admin", 200, 403), ("operator", 200, 200)):
        who = await signed_in_browser(app, tenant, role)
        assert (await who.get(JOBS)).status_code == own
        overview = await who.get("/t/donghu/operator/jobs")
        assert overview.status_code == all_
    assert "东湖省 — — — 0 0 0 0 正常" in words(overview.text), "nothing counted before the first night"
    assert "西山区 12 340 2 3 0 0 0 正常" in words(overview.text)
    assert "汇总概况数量" not in overview.text, "numbers, not what they are about"


async def test_whoever_uses_the_keyboard_keeps_his_place_when_the_list_is_fetched_anew(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    await put(tenant, PROVE)
    await run_due_jobs({PROVE: refuses})
    await put(tenant, COUNT)
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    page = (await admin.get(f"{JOBS}/list")).text
    focusable = re.findall(r"<(?:button|div)[^>]*(?:tabindex|btn)[^>]*>", page)
    assert len(focusable) == 5, "two lists, cancelling one, doing one again or putting it aside"
    assert [each for each in focusable if not re.search(r' id="[^"]+"', each)] == []


async def test_what_the_night_found_out_waits_on_the_home_page(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    waits = "停下来等人处理的后台任务"
    admin = await signed_in_browser(app, tenant, "tenant_admin")
    await put(tenant, EVALUATION)
    await run_due_jobs({EVALUATION: refuses})
    assert waits not in (await admin.get("/t/donghu/")).text, "whoever began it is told on its own page"
    await put(tenant, PROVE)
    await run_due_jobs({PROVE: refuses})
    assert waits in (await admin.get("/t/donghu/")).text
