"""Story: a tenant wants a second person; rules, notices, periods and exports wait for one (control 19)."""

import re

import pytest
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel import clock
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.jobs.work import run_due_jobs

HERE = "/t/donghu"
ORDER = {"from_day": "2027-01-01", "reason": "部务会议定"}


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get(f"{HERE}/security")
    acts = "publish_results publish_rules reopen_period export_records"
    assert (await admin.post(f"{HERE}/security/approvals", {"acts": acts})).status_code == 303
    return admin


@pytest.fixture
async def colleague(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "tenant_admin", login="colleague")


async def decided(who: Browser, decision: str, title: str) -> int:
    """What the page answers to the decision of the request with this title."""
    page = (await who.get(f"{HERE}/approvals")).text
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if title in row)
    found = re.search(r'action="[^"]*(/approvals/[0-9a-f-]{36})"', row)
    assert found is not None, row
    form = {"decision": decision, "reason": "已核对"}
    return (await who.post(f"{HERE}{found[1]}", form)).status_code


async def versions(tenant: int) -> int:
    with tenant_scope(tenant):
        number: int = await fetch_value("select count(*) from rulebook_version where tenant_id = $1", tenant)
    return number


async def test_rules_are_published_by_two(
    admin: Browser, colleague: Browser, two_tenants: tuple[int, int]
) -> None:
    await admin.get(f"{HERE}/schemes")
    draft = (await admin.post(f"{HERE}/schemes/enable", {"key": "points", "preset": ""})).headers["location"]
    await admin.get(draft)
    kept = await admin.post(f"{draft}/publish", ORDER)
    assert kept.status_code == 202
    assert "等另一位有权的人批准" in kept.text
    assert await versions(two_tenants[0]) == 0
    own = (await admin.get(f"{HERE}/approvals")).text
    assert "撤回" in own
    assert "批准</button>" not in own
    assert await decided(colleague, "approve", "草稿") == 303
    assert await versions(two_tenants[0]) == 1
    assert "已执行" in (await colleague.get(f"{HERE}/approvals")).text


async def test_rules_changed_after_asking_are_not_published(admin: Browser, colleague: Browser) -> None:
    await admin.get(f"{HERE}/schemes")
    draft = (await admin.post(f"{HERE}/schemes/enable", {"key": "points", "preset": ""})).headers["location"]
    await admin.get(draft)
    await admin.post(f"{draft}/publish", ORDER)
    await admin.get(draft)
    assert (await admin.post(f"{draft}/discard")).status_code == 303
    assert await decided(colleague, "approve", "草稿") == 409
    assert "情况已变，没有执行" in (await admin.get(f"{HERE}/approvals")).text


async def test_a_notice_is_opened_by_two(
    app: Litestar, admin: Browser, colleague: Browser, two_tenants: tuple[int, int]
) -> None:
    with tenant_scope(two_tenants[0]):
        people = await small_town(2)
        await with_points()
        await claimed(people["D001"], 5, [20, 20])
        run = await open_run("points", clock.today())
    await run_due_jobs(jobs.JOBS)
    page = f"{HERE}/runs/{run.id}/publication"
    await admin.get(page)
    assert (await admin.post(page, {"act": "review"})).status_code == 303
    notice = {"grades": "合格", "first_day": clock.today().isoformat(), "working_days": "5"}
    filled = {**notice, "office": "组织科", "phone": "0000"}
    assert (await admin.post(f"{page}/notice", notice)).status_code == 422  # told at once, not asked for
    assert (await admin.post(f"{page}/notice", filled)).status_code == 202
    assert "公示中" not in (await admin.get(f"{HERE}/notices")).text
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    assert await decided(reviewer, "approve", "开始公示") == 303
    assert "公示中" in (await admin.get(f"{HERE}/notices")).text
    del colleague


async def test_a_closed_period_is_opened_again_by_two(
    admin: Browser, colleague: Browser, two_tenants: tuple[int, int]
) -> None:
    await admin.get(f"{HERE}/periods")
    await admin.post(f"{HERE}/periods", {"kind": "year", "day": "2025-05-01"})
    with tenant_scope(two_tenants[0]):
        period = await fetch_value("select id from period where tenant_id = $1", two_tenants[0])
    await admin.post(f"{HERE}/periods/{period}/close", {"reason": "已上报"})
    answer = await admin.post(f"{HERE}/periods/{period}/reopen", {"reason": "漏报"})
    assert answer.status_code == 202
    assert await decided(colleague, "reject", "2025") == 303
    with tenant_scope(two_tenants[0]):
        state = await fetch_value("select state from period where tenant_id = $1", two_tenants[0])
    assert state == "closed"


async def test_a_whole_table_leaves_after_a_second_persons_word(
    admin: Browser, colleague: Browser, two_tenants: tuple[int, int]
) -> None:
    address = f"{HERE}/admin/export/organization.xlsx"
    assert (await admin.get(address)).status_code == 202
    assert await decided(colleague, "approve", "党组织") == 303
    answer = await admin.get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    assert (await admin.get(address)).status_code == 429, "once an hour"
    with tenant_scope(two_tenants[0]):
        await execute("delete from rate_limit where tenant_id = $1 and name = 'same_table'", two_tenants[0])
    assert (await admin.get(address)).status_code == 202, "one word is good for one export"


async def test_what_is_neither_approved_nor_rejected_goes_on_waiting(
    admin: Browser, colleague: Browser
) -> None:
    assert (await admin.get(f"{HERE}/admin/export/member.xlsx")).status_code == 202
    assert await decided(colleague, "", "党员") == 422
    assert "待批准" in (await colleague.get(f"{HERE}/approvals")).text
    assert await decided(colleague, "approve", "党员") == 303


async def test_a_second_persons_word_is_not_used_up_by_a_table_that_cannot_leave(
    admin: Browser, colleague: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"{HERE}/admin/export/member.xlsx"
    assert (await admin.get(f"{HERE}/admin/export/account.xlsx")).status_code == 404, "asks nobody"
    monkeypatch.setattr("jiceng.console.records.record_export.MOST_ROWS", -1)
    assert (await admin.get(address)).status_code == 400
    assert "没有待批的事" in (await colleague.get(f"{HERE}/approvals")).text
    monkeypatch.undo()
    assert (await admin.get(address)).status_code == 202
    assert await decided(colleague, "approve", "党员") == 303
    monkeypatch.setattr("jiceng.console.records.record_export.MOST_ROWS", -1)
    assert (await admin.get(address)).status_code == 400
    monkeypatch.undo()
    assert (await admin.get(address)).status_code == 200
