"""Story: a project's budget by lines, three quotes, the award, the contract, what it really cost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.support.projects import Places, a_project, brought_to, plan_of, project_town, somebody
from tests.support.sample_files import pdf
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.planning import service as planning
from jiceng_project_ledger.states import Act, State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from httpx import Response
    from litestar import Litestar

LEDGER = "/t/donghu/project-ledger"
BEFORE, AFTER = f"{today() - timedelta(days=5)}", f"{today() + timedelta(days=30)}"


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        yield await project_town()


@pytest.fixture
async def clerk(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "clerk")


@pytest.fixture
async def superior(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "reviewer")


async def running(places: Places) -> UUID:
    """A running project with one line of 50,000 yuan."""
    return (await a_project(places)).id


async def offered(clerk: Browser, line: str, supplier: str, amount: str, **more: str) -> Response:
    data = {"supplier": supplier, "amount": amount, "received": BEFORE, "valid_until": AFTER, **more}
    return await clerk.post(f"{line}/quotes", data=data, files={"file": ("报价单.pdf", pdf())})


async def quotes(project: UUID) -> dict[str, UUID]:
    rows = await fetch("select supplier, id from ledger_quote where project = $1 order by at", project)
    return {row["supplier"]: row["id"] for row in rows}


async def test_from_the_budget_to_the_deviation(places: Places, clerk: Browser, superior: Browser) -> None:
    project = await running(places)
    costs = f"{LEDGER}/projects/{project}/costs"
    line = f"{costs}/lines/1"
    assert "10,000.00 元到 200,000.00 元至少 3 家比价" in (await clerk.get(costs)).text
    asked = {"route": "quotes", "opened": BEFORE, "closes": BEFORE}
    assert (await clerk.post(f"{line}/inquiry", data=asked)).status_code == 303
    for supplier, amount in (("甲公司", "46000.50"), ("乙公司", "45,000"), ("丙公司", "49000")):
        assert (await offered(clerk, line, supplier, amount)).status_code == 303
    ids = await quotes(project)
    refused = await superior.post(f"{line}/award", data={"quote": str(ids["甲公司"])})
    assert refused.status_code == 422
    assert "不是最低价（最低 45,000.00 元），请写明理由" in refused.text
    won = await superior.post(f"{line}/award", data={"quote": str(ids["甲公司"]), "reason": "质保三年"})
    assert won.status_code == 303
    contract = {"number": "HT-1", "amount": "46000.50", "signed": f"{today()}"}
    assert (await clerk.post(f"{line}/contract", data=contract)).status_code == 303
    for amount in ("26000.50", "20000"):
        paid = {"amount": amount, "paid": f"{today()}", "voucher": "记-7"}
        assert (await clerk.post(f"{line}/payments", data=paid)).status_code == 303
    page = (await clerk.get(costs)).text
    assert "46,000.50" in page
    assert "−3,999.50" in page
    assert "−8.00 %" in page
    shown = (await clerk.get(line)).text
    assert "46,000.50 元，由 周砚秋 决定" in shown
    assert "质保三年" in shown
    file = await clerk.get(f"{costs}/quotes/{ids['甲公司']}/file")
    assert (file.status_code, file.headers["content-type"]) == (200, "application/pdf")


async def test_a_line_raised_by_the_owner_does_not_hide_what_was_spent_above_the_approved_budget(
    places: Places, clerk: Browser, superior: Browser
) -> None:
    project = await running(places)
    costs = f"{LEDGER}/projects/{project}/costs"
    await clerk.get(costs)
    assert (await clerk.post(f"{costs}/lines", data={"name": "印刷", "amount": "9000"})).status_code == 303
    changed = {"name": "全部", "amount": "9500", "reason": "减项"}
    await clerk.post(f"{costs}/lines/1/change", data=changed)
    more = {"name": "布展", "amount": "9900"}
    for number in range(3, 9):
        await clerk.post(f"{costs}/lines", data=more)
        line = f"{costs}/lines/{number}"
        await offered(clerk, line, f"第{number}家", "9900")
        await superior.get(line)
        await superior.post(f"{line}/award", data={"quote": str((await quotes(project))[f"第{number}家"])})
        paid = {"amount": "9900", "paid": f"{today()}", "voucher": "记-1"}
        assert (await clerk.post(f"{line}/payments", data=paid)).status_code == 303
    page = (await clerk.get(costs)).text
    assert "59,400.00" in page
    assert "9,400.00</dd>" in page
    assert "18.80 %" in page
    assert "偏差按批准的预算计算" in page


async def test_nothing_is_awarded_while_the_rule_of_three_is_unmet(
    places: Places, clerk: Browser, superior: Browser
) -> None:
    project = await running(places)
    line = f"{LEDGER}/projects/{project}/costs/lines/1"
    await clerk.get(line)
    asked = {"route": "quotes", "opened": BEFORE, "closes": BEFORE}
    await clerk.post(f"{line}/inquiry", data=asked)
    await offered(clerk, line, "甲公司", "40000")
    await offered(clerk, line, "乙公司", "41000")
    await offered(clerk, line, "丙公司", "39000", received=f"{today()}")
    await offered(clerk, line, "丁公司", "38000", valid_until=BEFORE)
    ids = await quotes(project)
    await superior.get(line)
    late = await superior.post(f"{line}/award", data={"quote": str(ids["丙公司"])})
    assert "丙公司的报价在截止以后才收到，不能中标" in late.text
    assert "有效报价只有 2 家，比价至少要 3 家" in late.text
    expired = await superior.post(f"{line}/award", data={"quote": str(ids["丁公司"])})
    assert (expired.status_code, "已经过期" in expired.text) == (422, True)
    paid = await clerk.post(f"{line}/payments", data={"amount": "1", "paid": f"{today()}", "voucher": "记"})
    assert "还没有按规定定标，不能支出" in paid.text
    own = await clerk.post(f"{line}/award", data={"quote": str(ids["甲公司"])})
    assert (own.status_code, "登记报价的人不能自己定标" in own.text) == (409, True)
    assert "还没有定标" in (await clerk.get(line)).text


async def test_a_gate_stays_shut_and_says_what_is_missing(places: Places, superior: Browser) -> None:
    found = await a_project(places, State.APPROVED)
    await planning.write(found.id, plan_of(found), new_id())
    at = f"{LEDGER}/projects/{found.id}"
    await superior.get(at)
    with pytest.raises(Exception, match=r"预算明细合计 0.00 元，批准的预算是 50,000.00 元"):
        await act(found.id, Act.START, "开工", somebody())
    await brought_to(found.id)
    for number in (1, 2, 3):
        await planning.complete(found.id, number, today(), "完成", None)
    with pytest.raises(Exception, match="第 1 条明细“全部”还没有比价定标"):
        await act(found.id, Act.HAND_IN, "", somebody())


async def test_what_cannot_be_is_refused_in_plain_words(places: Places, clerk: Browser) -> None:
    project = await running(places)
    costs = f"{LEDGER}/projects/{project}/costs"
    await clerk.get(costs)
    negative = await clerk.post(f"{costs}/lines", data={"name": "印刷", "amount": "-1"})
    assert (negative.status_code, "预算金额不能是负数" in negative.text) == (422, True)
    nothing = await clerk.post(f"{costs}/lines", data={"name": "印刷", "amount": "0"})
    assert "预算金额应大于 0" in nothing.text
    odd = await clerk.post(f"{costs}/lines", data={"name": "印刷", "amount": "1.005"})
    assert "不是金额（元，最多两位小数）" in odd.text
    wrong = await clerk.post(
        f"{costs}/lines/1/quotes",
        data={"supplier": "甲", "amount": "5", "received": BEFORE, "valid_until": AFTER},
        files={"file": ("报价.exe", b"MZ")},
    )
    assert (wrong.status_code, "不能上传这种文件" in wrong.text) == (415, True)
    assert await quotes(project) == {}
    unsaid = await clerk.post(f"{costs}/lines/1/change", data={"name": "印刷", "amount": "40000"})
    assert "请写明理由" in unsaid.text
    assert (await clerk.get(f"{costs}/lines/9")).status_code == 404
    assert (await clerk.get(f"{LEDGER}/projects/{new_id()}/costs")).status_code == 404
    absent = await clerk.post(f"{costs}/lines/1/award", data={"quote": str(new_id())})
    assert absent.status_code == 404


async def test_changes_are_new_versions_and_the_old_ones_stay_to_be_read(
    places: Places, clerk: Browser, superior: Browser
) -> None:
    project = await running(places)
    line = f"{LEDGER}/projects/{project}/costs/lines/1"
    await clerk.get(line)
    changed = {"name": "桌椅", "amount": "8000", "reason": "只买一半"}
    assert (await clerk.post(f"{line}/change", data=changed)).status_code == 303
    await offered(clerk, line, "甲公司", "7000")
    first = (await quotes(project))["甲公司"]
    corrected = {"replaces": str(first), "reason": "看错一位"}
    await offered(clerk, line, "乙公司", "7100", **corrected)
    page = (await clerk.get(line)).text
    assert "更正和作废的报价（1）" in page
    assert "<del>全部 · 50,000.00</del>" in page
    second = (await quotes(project))["乙公司"]
    again = await superior.post(f"{line}/award", data={"quote": str(first)})
    assert again.status_code == 404
    await superior.get(line)
    assert (await superior.post(f"{line}/award", data={"quote": str(second)})).status_code == 303
    paid = {"amount": "7000", "paid": f"{today()}", "voucher": "记-1"}
    assert (await clerk.post(f"{line}/payments", data=paid)).status_code == 303
    more = await clerk.post(f"{line}/payments", data=paid | {"amount": "100.01"})
    assert "合计 7,100.01 元超过合同（定标）价 7,100.00 元" in more.text
    (payment,) = await fetch("select id from ledger_payment where project = $1", project)
    undo = f"{LEDGER}/projects/{project}/costs/payments/{payment['id']}/reverse"
    assert (await clerk.post(undo, data={"reason": "记错"})).status_code == 303
    assert (await clerk.post(undo, data={"reason": "记错"})).status_code == 404
    assert "冲销：记错" in (await clerk.get(line)).text


@pytest.mark.usefixtures("places")
async def test_a_tenant_sets_its_own_thresholds(clerk: Browser, superior: Browser) -> None:
    rules = f"{LEDGER}/cost-rules"
    await clerk.get(rules)
    wrong = {"quotes_from": "5000", "tender_above": "4000", "quotes": "1"}
    refused = await clerk.post(rules, data=wrong)
    assert "比价起点应大于 0，招标起点应不低于比价起点" in refused.text
    assert "报价家数应在 2 到 10 之间" in refused.text
    good = {"quotes_from": "5000", "tender_above": "30000", "quotes": "4"}
    assert (await clerk.post(rules, data=good)).status_code == 303
    page = (await superior.get(rules)).text
    assert "5,000.00 元（含）到 30,000.00 元（含）：至少 4 家供应商按时报价" in page
    assert (await superior.post(rules, data=good)).status_code == 403


async def test_a_purchase_in_parts_is_told_with_its_siblings(
    places: Places, clerk: Browser, app: Litestar, two_tenants: tuple[int, int]
) -> None:
    first, second = await running(places), await running(places)
    for project, name in ((first, "宣传展板（一）"), (second, "宣传展板（二）")):
        said = {"name": name, "amount": "6000"}
        await clerk.get(f"{LEDGER}/projects/{project}/costs")
        assert (await clerk.post(f"{LEDGER}/projects/{project}/costs/lines", said)).status_code == 303
    assert "疑似拆分" in (await clerk.get(f"{LEDGER}/projects/{first}/costs")).text
    page = (await clerk.get(f"{LEDGER}/projects/{first}/costs/lines/2")).text
    assert "180 天以内，同一责任单位用途相同或同一供应商的采购合计 12,000.00 元，合在一起应当比价：" in page
    assert f'href="{LEDGER}/projects/{second}/costs/lines/2"' in page
    assert "疑似拆分" not in (await clerk.get(f"{LEDGER}/projects/{first}/costs/lines/1")).text
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.get(f"{LEDGER}/cost-rules")
    rules = {"quotes_from": "10000", "tender_above": "200000", "quotes": "3", "window_days": "0"}
    assert (await admin.post(f"{LEDGER}/cost-rules", rules)).status_code == 303
    assert "疑似拆分" not in (await clerk.get(f"{LEDGER}/projects/{first}/costs")).text


async def bought(clerk: Browser, superior: Browser, line: str, project: UUID) -> None:
    """Three quotes, the cheapest awarded, its contract signed."""
    asked = {"route": "quotes", "opened": BEFORE, "closes": BEFORE}
    assert (await clerk.post(f"{line}/inquiry", data=asked)).status_code == 303
    for supplier, amount in (("甲公司", "46000"), ("乙公司", "45000"), ("丙公司", "49000")):
        assert (await offered(clerk, line, supplier, amount)).status_code == 303
    ids = await quotes(project)
    assert (await superior.post(f"{line}/award", data={"quote": str(ids["乙公司"])})).status_code == 303
    contract = {"number": "HT-1", "amount": "45000", "signed": f"{today()}"}
    assert (await clerk.post(f"{line}/contract", data=contract)).status_code == 303


async def test_the_same_payment_sent_twice_is_kept_once(
    places: Places, clerk: Browser, superior: Browser
) -> None:
    project = await running(places)
    line = f"{LEDGER}/projects/{project}/costs/lines/1"
    await clerk.get(line)
    await superior.get(line)
    await bought(clerk, superior, line, project)
    paid = {"amount": "20000", "paid": f"{today()}", "voucher": "记-7"}
    answers = await asyncio.gather(*(clerk.post(f"{line}/payments", data=paid) for _ in range(2)))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    again = await clerk.post(f"{line}/payments", data=paid)
    assert "同的一笔支出已经登记过，没有再登记" in again.text
    assert await fetch_value("select count(*) from ledger_payment where project = $1", project) == 1


async def test_nothing_is_paid_by_the_contract_of_an_award_that_was_changed(
    places: Places, clerk: Browser, superior: Browser
) -> None:
    project = await running(places)
    line = f"{LEDGER}/projects/{project}/costs/lines/1"
    await clerk.get(line)
    await superior.get(line)
    await bought(clerk, superior, line, project)
    other = (await quotes(project))["甲公司"]
    changed = await superior.post(f"{line}/award", data={"quote": str(other), "reason": "乙公司放弃中标"})
    assert changed.status_code == 303
    paid = {"amount": "20000", "paid": f"{today()}", "voucher": "记-7"}
    refused = await clerk.post(f"{line}/payments", data=paid)
    assert (refused.status_code, "登记的合同是改定以前的" in refused.text) == (422, True)
    contract = {"number": "HT-2", "amount": "46000", "signed": f"{today()}", "reason": "改定甲公司"}
    assert (await clerk.post(f"{line}/contract", data=contract)).status_code == 303
    assert (await clerk.post(f"{line}/payments", data=paid)).status_code == 303
