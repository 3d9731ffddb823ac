"""Story: an item is offered, reviewed, claimed by one-time link, verified by another, and counts."""

import re
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from tests.support.appraisal import People, small_town, with_points
from tests.support.clocks import shown_to_all
from tests.support.points import SECRETARY, VERIFIER, on_shelf, reported
from tests.support.web import Browser, browser, signed_in_browser

from jiceng.api.workflows import handlers
from jiceng.evaluation.queries import runs
from jiceng.facts.queries import of_subject
from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.jobs import run_due_jobs
from jiceng.tenancy.service import set_plugin
from jiceng_points.claims import own_lists, verifying
from jiceng_points.sheets import web as sheets

P = "/t/donghu/points"
ITEM = {
    "number": "ZX01",
    "title": "看望独居老人",
    "kind": "自选",
    "source": "计划",
    "side": "都可",
    "times": "1",
    "opens": f"{date(today().year, 1, 1)}",
    "deadline": f"{date(today().year, 12, 31)}",
}


@pytest.fixture
async def people(app: Litestar, two_tenants: tuple[int, int]) -> People:
    del app
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        return people


async def on_the_shelf(app: Litestar, tenant: int) -> str:
    """The address of an item a clerk entered and a reviewer approved."""
    clerk = await signed_in_browser(app, tenant, "clerk")
    entered = await clerk.post(f"{P}/items/new", ITEM)
    assert entered.status_code == 303, entered.text
    address = entered.headers["location"]
    reviewer = await signed_in_browser(app, tenant, "reviewer")
    assert (await reviewer.post(f"{address}/review", {"act": "approve", "worth": "10"})).status_code == 303
    assert "看望独居老人" in (await clerk.get(f"{P}/")).text
    return address


async def by_link(app: Litestar, tenant: int, member: str) -> Browser:
    """A phone that opened the link a secretary made."""
    secretary = await signed_in_browser(app, tenant, "tenant_admin", "maker")
    made = await secretary.post(f"{P}/members/{member}/link")
    found = re.search(rf"{P}/m/([\w-]+)", made.text)
    assert found is not None, made.text
    phone = browser(app)
    await phone.get(f"{P}/m/{found[1]}")
    opened = await phone.post(f"{P}/m/{found[1]}")
    assert (opened.status_code, opened.headers["location"]) == (303, f"{P}/me")
    again = browser(app)
    assert (await again.get(f"{P}/m/{found[1]}")).status_code == 404
    return phone


async def test_from_offer_to_counted_fact(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    tenant = two_tenants[0]
    item = (await on_the_shelf(app, tenant)).rsplit("/", 1)[1]
    phone = await by_link(app, tenant, people["D001"])
    page = (await phone.get(f"{P}/me")).text
    assert "看望独居老人" in page
    assert "主导航" not in page
    assert (await phone.post(f"{P}/me/claim/{item}", {"planned": ""})).status_code == 303
    with tenant_scope(tenant):
        claim = await fetch_value("select id from points_claim where tenant_id = $1", tenant)
    done = {"done_on": f"{today()}", "sentence": "上门看望，陪同就医"}
    assert (await phone.post(f"{P}/me/claims/{claim}/complete", done)).status_code == 303
    verifier = await signed_in_browser(app, tenant, "reviewer", "verifier")
    assert "陪同就医" in (await verifier.get(f"{P}/queue")).text
    assert (await verifier.post(f"{P}/queue", {"claim": str(claim)})).status_code == 303
    with tenant_scope(tenant):
        await run_due_jobs(handlers())
        facts = await fetch_value("select count(*) from fact where tenant_id = $1", tenant)
    assert facts == 1
    assert "已计入评定" in (await verifier.get(f"{P}/claims/{claim}")).text


async def test_a_visit_shows_nothing_but_the_members_own_page(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    phone = await by_link(app, two_tenants[0], people["D001"])
    for path in (f"{P}/", f"{P}/claims", f"{P}/members/{people['D001']}", "/t/donghu/members"):
        answer = await phone.get(path)
        assert answer.status_code == 303
        assert "/login" in answer.headers["location"]
    assert (await phone.post(f"{P}/me/close")).status_code == 200
    assert "页面已经过期" in (await phone.get(f"{P}/me")).text


async def test_who_reported_a_claim_is_refused_as_its_verifier(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    item = await on_the_shelf(app, two_tenants[0])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "both")
    claimed = await admin.post(f"{item}/claim", {"number": "D001"})
    claim = claimed.headers["location"].rsplit("/", 1)[1]
    done = {"done_on": f"{today()}", "sentence": "上门看望"}
    assert (await admin.post(f"{P}/claims/{claim}/complete", done)).status_code == 303
    refused = await admin.post(f"{P}/queue", {"claim": claim})
    assert refused.status_code == 422
    assert "由另一个人核验" in refused.text
    del people


async def test_a_wrong_proof_is_told_on_the_page_and_nothing_moves(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    item = await on_the_shelf(app, two_tenants[0])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "both")
    claim = (await admin.post(f"{item}/claim", {"number": "D001"})).headers["location"]
    files = {"file": ("照片.png", b"MZ not a picture", "image/png")}
    form = {"done_on": f"{today()}", "sentence": "见附件"}
    answer = await admin.post(f"{claim}/complete", form, files=files)
    assert answer.status_code == 415
    assert "已认领" in (await admin.get(claim)).text
    del people


async def test_a_resident_sends_a_need_and_is_stopped_when_it_is_too_much(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    del people
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    with tenant_scope(two_tenants[0]):
        place = await fetch_value("select id from organization where tenant_id = $1 limit 1", two_tenants[0])
    assert (await admin.post(f"{P}/needs/forms", {"organization": str(place)})).status_code == 303
    found = re.search(rf"{P}/ask/([\w-]+)", (await admin.get(f"{P}/needs")).text)
    assert found is not None
    resident = browser(app)
    await resident.get(found[0])
    answers = [
        (await resident.post(found[0], {"what": "修灯", "contact": "0000-1"})).status_code for _ in range(6)
    ]
    assert answers == [200, 200, 200, 200, 200, 429]
    assert "修灯" not in (await admin.get(f"{P}/")).text
    assert "0000-1" in (await admin.get(f"{P}/needs")).text


async def test_a_need_is_noted_only_for_a_community_that_is_seen(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    del people
    with tenant_scope(two_tenants[0]):
        found = (
            "select organization from membership b join member m on m.id = b.member where b.tenant_id = $1"
        )
        own = await fetch_value(f"{found} and m.number = 'D001'", two_tenants[0])
        sql = "select id from organization where tenant_id = $1 and id <> $2 order by number limit 1"
        other = await fetch_value(sql, two_tenants[0], own)
    clerk = await signed_in_browser(app, two_tenants[0], "secretary", "shuji", person="D001")
    need = {"what": "修灯", "contact": ""}
    answers = [
        (await clerk.post(f"{P}/needs", need | {"organization": str(place)})).status_code
        for place in (own, other, uuid4())
    ]
    assert answers == [303, 404, 404]


async def test_a_tenant_that_switched_the_plugin_off_has_none_of_its_pages(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert (await admin.get(f"{P}/queue")).status_code == 200
    with tenant_scope(two_tenants[0]):
        await on_shelf("ZX09")
        await reported(people["D001"], await on_shelf("ZX10"))
        await set_plugin("points", on=False)
    assert {(await admin.get(f"{P}/{path}")).status_code for path in ("", "queue", "overview", "my")} == {404}


async def test_every_page_of_a_year_opens(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    with tenant_scope(two_tenants[0]):
        await reported(people["D001"], await on_shelf("BX01", kind="必选"))
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    pages = (
        "overview",
        "dispatch",
        "review",
        "review.xlsx",
        "own-lists",
        "adjustments",
        "year-end",
        "claims.xlsx",
        "claims?standing=&kind=&organization=",  # what the filter sends when nothing is chosen
    )
    answers = {
        path: (await admin.get(f"{P}/{path}")).status_code for path in (*pages, "import/shelf/template")
    }
    assert set(answers.values()) == {200}, answers
    assert (await admin.post(f"{P}/dispatch")).status_code == 303


async def test_more_claims_than_a_sheet_takes_are_told_and_none_left_out(
    app: Litestar, two_tenants: tuple[int, int], people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(two_tenants[0]):
        for member in ("D001", "D002"):
            await reported(people[member], await on_shelf(f"BX{member}", kind="必选"))
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    assert (await admin.get(f"{P}/claims.xlsx")).status_code == 200
    monkeypatch.setattr(sheets, "MOST_ROWS", 1)
    refused = await admin.get(f"{P}/claims.xlsx")
    assert refused.status_code == 413
    assert "认领超过 1 条，一份表放不下，没有导出" in refused.text
    assert "先选一个组织" in refused.text


async def test_in_january_last_years_work_is_finished_and_its_year_ended(
    app: Litestar, two_tenants: tuple[int, int], people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def moment(month: int) -> datetime:
        return datetime(2026 + month // 12, month % 12 + 1, 20, 2, tzinfo=UTC)

    def let_it_be(at: datetime) -> None:
        shown_to_all(at, monkeypatch)

    let_it_be(moment(11))  # December
    with tenant_scope(two_tenants[0]):
        await reported(people["D001"], await on_shelf("BX01", kind="必选"))
        made = await own_lists.apply(UUID(people["D002"]), 2026, "年老", "电话联系", by=SECRETARY)
        await own_lists.study(made, "属实", agreed=True, by=SECRETARY)
        sent_back = await reported(people["D003"], await on_shelf("BX02", kind="必选"))
        await verifying.reject(sent_back, "没有写明", by=VERIFIER)
        third = await reported(people["D004"], await on_shelf("BX03", kind="必选"))
    let_it_be(moment(12))  # January
    own = await signed_in_browser(app, two_tenants[0], "member", person="D003")
    assert "我被退回的认领" in (await own.get("/t/donghu/")).text
    page = (await own.get(f"{P}/my")).text
    assert "退回：没有写明" in page
    assert f"{P}/claims/{sent_back}/complete" in page
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    assert 'name="year" value="2026"' in (await admin.get(f"{P}/queue?year=2026")).text
    checked = await admin.post(f"{P}/queue", {"claim": str(third), "year": "2026"})
    assert checked.headers["location"] == f"{P}/queue?year=2026"
    reward = {"number": "D001", "kind": "奖励加分", "worth": "5", "day": "2026-12-30", "reason": "表扬"}
    answer = await admin.post(f"{P}/adjustments", reward)
    assert answer.headers["location"] == f"{P}/adjustments?year=2026"
    assert "表扬" in (await admin.get(answer.headers["location"])).text
    answer = await admin.post(f"{P}/own-lists/{made}/file", {"words": "同意", "agreed": "yes"})
    assert answer.headers["location"] == f"{P}/own-lists?year=2026"
    assert "已备案" in (await admin.get(answer.headers["location"])).text
    page = (await admin.get(f"{P}/year-end?year=2026")).text
    assert f'href="{P}/claims?standing=claimed&amp;year=2026"' in page, "the year goes along"
    assert 'name="year" value="2026"' in page
    assert f'{P}/queue?year=2026"' in page
    assert (await admin.post(f"{P}/year-end", {"year": "2028"})).status_code == 422
    ended = await admin.post(f"{P}/year-end", {"year": "2026"})
    assert ended.status_code == 303, ended.text
    with tenant_scope(two_tenants[0]):
        (run,) = await runs()
        (fact,) = await of_subject(UUID(people["D002"]))
    assert (run.first_day, run.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (fact.kind, fact.occurred) == ("exempted", date(2026, 12, 31))


async def test_the_overview_pages_its_organizations_and_sums_them_all(
    app: Litestar, two_tenants: tuple[int, int], people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiceng_points.rhythm.web.PAGE", 1)
    with tenant_scope(two_tenants[0]):
        shelf = await on_shelf("BX01", kind="必选")
        for number in ("D001", "D002", "D003", "D004"):
            await reported(people[number], shelf)
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    first, last = [(await admin.get(f"{P}/overview?page={page}")).text for page in (1, 99)]
    assert "合计是全部" in first
    rows = [re.findall(r"points/claims\?organization=[^>]+>([^<]+)<", page) for page in (first, last)]
    assert len(rows[0]) == len(rows[1]) == 1
    assert rows[0] != rows[1]
    assert "下一页</a>" in first
    assert "下一页</a>" not in last
