"""Story: a colleague reviews the results, puts them on notice, confirms them, and they take effect."""

import io
import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from docx import Document
from litestar import Litestar
from tests.support.appraisal import claimed, small_town, with_points
from tests.support.clocks import shown_to_all
from tests.support.told import told_since
from tests.support.web import Browser, signed_in_browser

from jiceng.evaluation import jobs
from jiceng.evaluation.service import open_run
from jiceng.kernel import clock
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.documents import font_here
from jiceng.kernel.jobs import run_due_jobs

People = dict[str, str]


@pytest.fixture
async def people(two_tenants: tuple[int, int]) -> People:
    with tenant_scope(two_tenants[0]):
        people = await small_town(4)
        await with_points()
        for number in ("D001", "D002", "D003"):
            await claimed(people[number], 5, [20, 20])
    return people


@pytest.fixture
async def admin(app: Litestar, two_tenants: tuple[int, int], people: People) -> Browser:
    del people
    return await signed_in_browser(app, two_tenants[0], "tenant_admin")


async def computed(tenant: int, opener: UUID | None = None) -> str:
    """The address of a computed run."""
    with tenant_scope(tenant):
        run = await open_run("points", clock.today(), by=opener)
    await run_due_jobs(jobs.JOBS)
    return f"/t/donghu/runs/{run.id}"


def later(days: date, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(days.year, days.month, days.day, 9, tzinfo=clock.CHINA).astimezone(UTC)
    shown_to_all(moment, monkeypatch)


MOVED = {"results_moved", "results_confirmed", "objection_noted", "objection_answered"}
NOTICE = {
    "grades": "合格",
    "working_days": "5",
    "office": "区委组织部组织科",
    "phone": "0000-000 0000",
    "document": "东组公示〔2026〕7 号",
}


async def test_from_the_review_to_results_in_effect(
    app: Litestar, people: People, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    later(date(2026, 11, 17), monkeypatch)
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "first")
    address = await computed(two_tenants[0])
    assert "办理" in (await admin.get("/t/donghu/notices")).text
    assert "须由发起人以外的人复核" in (await admin.get(f"{address}/publication")).text
    early = await admin.post(f"{address}/publication", {"act": "finish", "reason": "急"})
    assert early.status_code == 409
    assert "评定结果已计算，不能确认生效" in early.text
    assert "复核通过、终止" in early.text
    assert (await admin.post(f"{address}/publication", {"act": "review"})).status_code == 303
    opened = await admin.post(f"{address}/publication/notice", NOTICE | {"first_day": "2026-11-18"})
    assert opened.status_code == 303
    notice = (await admin.get(f"{address}/notice")).text
    for words in (
        "2026年11月18日至2026年11月24日，共 5 个工作日",
        "党****1",
        "东组公示〔2026〕7 号",
        "不分名次",
    ):
        assert words in notice
    assert "党员D001" not in notice
    assert people["D001"] not in notice
    await the_notice_leaves_as_a_file(admin, address)
    await the_notice_is_read_in_english(admin, address)
    with tenant_scope(two_tenants[0]):
        town = await fetch_value("select id from organization where number = 'O1'")
    form = {"organization": str(town), "exceptions": "D004", "reason": "部务会 11 月 17 日"}
    assert (await admin.post(f"{address}/publication/confirm", form)).status_code == 303
    noted = {"received": "2026-11-17", "number": "D002", "text": "少计一次"}
    assert (await admin.post(f"{address}/publication/objections", noted)).status_code == 422
    later(date(2026, 11, 19), monkeypatch)
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "second")
    await the_member_objects_himself(app, two_tenants[0], address, people["D003"])
    noted |= {"received": "2026-11-19"}
    assert (await admin.post(f"{address}/publication/objections", noted)).status_code == 303
    later(date(2026, 11, 25), monkeypatch)
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "third")
    page = await admin.get(f"{address}/publication")
    (answer,) = re.findall(r'action="(/t/donghu/runs/[^"]+/objections/[^"]+)"', page.text)
    assert (await admin.post(answer, {"answer": "核对无误"})).status_code == 303
    finish = {"act": "finish", "reason": "公示期满无异议"}
    assert (await admin.post(f"{address}/publication", finish)).status_code == 303
    assert await told_since(two_tenants[0], 0) >= MOVED
    await the_one_held_back_is_told_everywhere(admin, address, people)
    shown = await admin.get(f"{address}/publication")
    for words in ("已确认 3，例外 1", "党员D004", "公示期满无异议", "周砚秋", "核对无误"):
        assert words in shown.text


async def the_member_objects_himself(app: Litestar, tenant: int, address: str, subject: str) -> None:
    """Once at a time, with words, to his own result; what he wrote is kept when it is refused."""
    member = await signed_in_browser(app, tenant, "member", "d003", person="D003")
    assert "提异议" in (await member.get(f"{address}/results/{subject}")).text
    page = f"{address}/results/{subject}/objection"
    assert (await member.post(page, {"text": " "})).status_code == 422
    assert (await member.post(page, {"text": "六月的志愿服务没有计"})).headers["location"] == page
    assert "待答复" in (await member.get(page)).text
    again = await member.post(page, {"text": "还有七月的"})
    assert again.status_code == 409
    assert "您提的异议还没有答复" in again.text
    assert "还有七月的" in again.text
    admin = await signed_in_browser(app, tenant, "reviewer", "answers")
    listed = (await admin.get(f"{address}/publication")).text
    (answer,) = re.findall(r'action="(/t/donghu/runs/[^"]+/objections/[^"]+)"', listed)
    assert (await admin.post(answer, {"answer": "六月的已补录"})).status_code == 303
    assert "六月的已补录" in (await member.get(page)).text
    looker = await signed_in_browser(app, tenant, "viewer", "looks-on")
    assert (await looker.get(page)).status_code == 403


async def test_nobody_objects_before_the_notice_or_to_what_he_may_not_see(
    app: Litestar, people: People, two_tenants: tuple[int, int]
) -> None:
    address = await computed(two_tenants[0])
    member = await signed_in_browser(app, two_tenants[0], "member", "d001", person="D001")
    own = f"{address}/results/{people['D001']}/objection"
    assert "这次结果还没有公示。" in (await member.get(own)).text
    early = await member.post(own, {"text": "少计一次"})
    assert early.status_code == 409
    assert "现在不在公示期，不能提异议" in early.text
    other = f"{address}/results/{people['D002']}/objection"
    assert (await member.get(other)).status_code == 404
    assert (await member.post(other, {"text": "少计一次"})).status_code == 404


async def test_one_objects_from_the_first_day_of_the_notice_to_its_last(
    app: Litestar, people: People, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    later(date(2026, 11, 17), monkeypatch)
    address = await computed(two_tenants[0])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post(f"{address}/publication", {"act": "review"})
    await admin.post(f"{address}/publication/notice", NOTICE | {"first_day": "2026-11-18"})
    page = (await admin.get(f"{address}/publication")).text
    assert ("公示从 2026-11-18 到 2026-11-24，还没有开始。" in page, "登记异议" in page) == (True, False)
    own = f"{address}/results/{people['D003']}/objection"
    for day, told in (
        (date(2026, 11, 17), "公示从 2026-11-18 到 2026-11-24，还没有开始。"),
        (date(2026, 11, 25), "公示到 2026-11-24 为止，已经期满，还没有确认生效。"),
    ):
        later(day, monkeypatch)
        member = await signed_in_browser(app, two_tenants[0], "member", "d003", person="D003")
        page = (await member.get(own)).text
        assert (told in page, "提交异议" in page) == (True, False)
        refused = await member.post(own, {"text": "少计一次"})
        assert (refused.status_code, "现在不在公示期" in refused.text) == (409, True)
    later(date(2026, 11, 24), monkeypatch)
    member = await signed_in_browser(app, two_tenants[0], "member", "d003", person="D003")
    assert "提交异议" in (await member.get(own)).text
    assert (await member.post(own, {"text": "少计一次"})).status_code == 303


async def test_to_take_effect_is_offered_from_the_day_after_the_notice(
    app: Litestar, people: People, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    del people
    later(date(2026, 11, 18), monkeypatch)
    address = await computed(two_tenants[0])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post(f"{address}/publication", {"act": "review"})
    await admin.post(f"{address}/publication/notice", NOTICE | {"first_day": "2026-11-18"})
    waits = "公示到 2026-11-24 为止，期满后的第一天起可以在这里确认生效。"
    for day, early in ((24, True), (25, False)):
        later(date(2026, 11, day), monkeypatch)
        admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", f"on-{day}")
        page = (await admin.get(f"{address}/publication")).text
        assert (waits in page, 'value="finish"' in page) == (early, not early)


async def test_after_a_notice_is_withdrawn_its_objections_still_wait_and_are_answered(
    app: Litestar, people: People, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    later(date(2026, 11, 18), monkeypatch)
    address = await computed(two_tenants[0])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    await admin.post(f"{address}/publication", {"act": "review"})
    await admin.post(f"{address}/publication/notice", NOTICE | {"first_day": "2026-11-18"})
    assert f'href="{address}/notice"' in (await admin.get("/t/donghu")).text
    member = await signed_in_browser(app, two_tenants[0], "member", "d003", person="D003")
    own = f"{address}/results/{people['D003']}/objection"
    assert (await member.post(own, {"text": "少计一次"})).status_code == 303
    withdrawn = {"act": "withdraw_notice", "reason": "异议属实，更正事实"}
    assert (await admin.post(f"{address}/publication", withdrawn)).status_code == 303
    for path in (f"{address}/publication", "/t/donghu/notices"):
        assert f'href="{address}/notice"' not in (await admin.get(path)).text
    assert "这次公示已经撤回。" in (await member.get(own)).text
    assert "待答复的异议" in (await admin.get("/t/donghu")).text
    page = (await admin.get(f"{address}/publication")).text
    (answer,) = re.findall(r'action="(/t/donghu/runs/[^"]+/objections/[^"]+)"', page)
    assert (await admin.post(answer, {"answer": "属实，已更正"})).status_code == 303
    assert "属实，已更正" in (await member.get(own)).text


async def test_a_final_result_evaluated_anew_stands_until_the_other_takes_effect(
    app: Litestar, people: People, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await in_effect(app, two_tenants[0], monkeypatch, date(2026, 11, 18), date(2026, 11, 25))
    with tenant_scope(two_tenants[0]):
        await claimed(people["D004"], 5, [20, 20])
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "looks")
    second = await computed(two_tenants[0])
    stands = "已经重新评定；第 2 次生效以前，仍以这一次为准"
    for path in (first, f"{first}/publication"):
        assert stands in (await admin.get(path)).text
    assert (
        await admin.post(f"{second}/publication", {"act": "stop", "reason": "还有漏的"})
    ).status_code == 303
    with tenant_scope(two_tenants[0]):
        await claimed(people["D004"], 0, [20], kind="推荐")
    third = await in_effect(app, two_tenants[0], monkeypatch, date(2026, 11, 26), date(2026, 12, 3))
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin", "looks-again")
    replaced = '<span class="st idle">已被取代</span>'
    for path in ("/t/donghu", "/t/donghu/notices", f"{first}/publication", f"{first}/notice"):
        assert replaced in (await admin.get(path)).text
    page = (await admin.get("/t/donghu/notices")).text
    marks = [re.findall(r'<span class="st [^>]*>([^<]+)<', row) for row in page.split("</tr>")[1:4]]
    assert marks == [["已生效"], ["已终止"], ["已被取代"]]
    assert replaced not in (await admin.get(f"{third}/publication")).text
    assert "已经被第 3 次评定取代" in (await admin.get(first)).text
    member = await signed_in_browser(app, two_tenants[0], "member", "d001", person="D001")
    own = (await member.get(f"{first}/results/{people['D001']}/objection")).text
    assert "第 3 次评定生效以后，这个结果不再有效。" in own
    stopped = (await member.get(f"{second}/results/{people['D001']}/objection")).text
    assert "这次结果已经终止，不会生效。" in stopped


async def in_effect(
    app: Litestar, tenant: int, monkeypatch: pytest.MonkeyPatch, begun: date, ended: date
) -> str:
    """The address of a run computed, shown and in effect, each on its day."""
    later(begun, monkeypatch)
    admin = await signed_in_browser(app, tenant, "tenant_admin", f"a{begun:%m%d}")
    address = await computed(tenant)
    await admin.post(f"{address}/publication", {"act": "review"})
    await admin.post(f"{address}/publication/notice", NOTICE | {"first_day": begun.isoformat()})
    with tenant_scope(tenant):
        town = await fetch_value("select id from organization where number = 'O1'")
    await admin.post(f"{address}/publication/confirm", {"organization": str(town), "reason": "部务会"})
    later(ended, monkeypatch)
    admin = await signed_in_browser(app, tenant, "tenant_admin", f"a{ended:%m%d}")
    done = await admin.post(f"{address}/publication", {"act": "finish", "reason": "期满无异议"})
    assert done.status_code == 303
    return address


async def test_a_run_evaluated_anew_is_offered_no_step_that_is_refused(
    app: Litestar, people: People, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    first = await computed(two_tenants[0])
    assert 'value="review"' in (await admin.get(f"{first}/publication")).text
    with tenant_scope(two_tenants[0]):
        await claimed(people["D004"], 5, [20, 20])
    await computed(two_tenants[0])
    page = (await admin.get(f"{first}/publication")).text
    assert ('value="review"' in page, 'value="stop"' in page) == (False, True)
    assert "已经被第 2 次评定取代" in page


async def the_notice_is_read_in_english(admin: Browser, address: str) -> None:
    """Its sentences stand apart, and the days in them are English too; the paper stays Chinese."""
    await admin.post("/t/donghu/language", {"to": "en", "back": f"{address}/notice"})
    page = (await admin.get(f"{address}/notice")).text
    for words in (
        "On notice from 2026-11-18 to 2026-11-24, 5 working days.",
        "Basis: 党员积分管理办法（样本）. After evaluation and review the following 3 are proposed",
        "Notice of proposed results: 党员积分年度评定, 2026年度",
    ):
        assert words in page
    made = Document(io.BytesIO((await admin.get(f"{address}/notice.docx")).content))
    assert made.paragraphs[0].text == "关于2026年度党员积分年度评定拟定结果的公示"
    assert len({column.width for column in made.tables[0].columns}) > 1
    await admin.post("/t/donghu/language", {"to": "zh", "back": f"{address}/notice"})


async def the_notice_leaves_as_a_file(admin: Browser, address: str) -> None:
    """Word and PDF say what the page says; a machine without a Chinese font is told what to install."""
    made = await admin.get(f"{address}/notice.docx")
    assert made.status_code == 200
    paper = Document(io.BytesIO(made.content))
    said = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    for words in (
        "东组公示〔2026〕7 号",
        "2026年11月18日至2026年11月24日，共 5 个工作日",
        "受理单位：区委组织部组织科",
    ):
        assert words in said
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells[0] == ["序号", "组织", "姓名", "拟定等次"]
    assert cells[1][0] == "1"
    assert cells[1][2:] == ["党****1", "合格"]
    printed = await admin.get(f"{address}/notice.pdf")
    assert printed.status_code == (200 if font_here() else 409)
    assert printed.content.startswith(b"%PDF") if font_here() else "fonts-noto-cjk" in printed.text


async def the_one_held_back_is_told_everywhere(admin: Browser, address: str, people: People) -> None:
    """D004 was listed as an exception: the list, the filter, the own page and the runs all say so."""
    effective, held_back = '<span class="st ok">已生效</span>', '<span class="st bad">未生效</span>'
    listed = (await admin.get(f"{address}/results")).text
    assert "其中 1 个未生效" in listed
    assert listed.count(held_back) == 1
    assert listed.count(effective) == 4  # the run's own mark and three results
    held = (await admin.get(f"{address}/results?validity=held")).text
    assert "党员D004" in held
    assert "党员D001" not in held
    own = (await admin.get(f"{address}/results/{people['D004']}")).text
    assert held_back in own
    assert "没有具名确认" in own
    assert effective in (await admin.get(f"{address}/results/{people['D001']}")).text
    assert effective in (await admin.get("/t/donghu/runs")).text


async def test_the_opener_cannot_review_his_own_run(admin: Browser, two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        own = await fetch_value("select id from account where login = 'tenant_admin-1'")
    address = await computed(two_tenants[0], own)
    refused = await admin.post(f"{address}/publication", {"act": "review"})
    assert refused.status_code == 403
    assert "请由另一位同事复核" in refused.text


async def test_a_viewer_reads_the_notice_and_moves_nothing(
    app: Litestar, two_tenants: tuple[int, int], people: People
) -> None:
    del people
    address = await computed(two_tenants[0])
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get("/t/donghu/notices")).status_code == 200
    assert "还没有开始公示" in (await viewer.get(f"{address}/notice")).text
    assert (await viewer.get(f"{address}/publication")).status_code == 403
    assert (await viewer.post(f"{address}/publication", {"act": "review"})).status_code == 403


async def test_periods_close_and_open_again_on_their_page(
    admin: Browser, two_tenants: tuple[int, int]
) -> None:
    await computed(two_tenants[0])
    page = await admin.get("/t/donghu/periods")
    (close,) = re.findall(r'action="(/t/donghu/periods/[^"]+/close)"', page.text)
    assert (await admin.post(close, {"reason": " "})).status_code == 422
    assert (await admin.post(close, {"reason": "已上报"})).status_code == 303
    with tenant_scope(two_tenants[0]):
        branch = await fetch_value("select id from organization where number = 'O2'")
    page = await admin.get("/t/donghu/periods")
    assert "为谁重新开放" not in page.text, "a list of all organizations for each period closed"
    (asked,) = re.findall(r'href="(/t/donghu/periods\?reopen=[^"#]+)#', page.text)
    assert "东街党支部</option>" in (await admin.get(asked)).text
    reopen = close.replace("/close", "/reopen")
    assert (await admin.post(reopen, {"reason": "漏报", "organization": str(branch)})).status_code == 303
    page = await admin.get("/t/donghu/periods")
    for words in ("已关闭，对 东街党支部 开放", "漏报", "已上报", "周砚秋"):
        assert words in page.text


async def test_the_calendar_shows_the_official_year_and_asks_for_the_next(admin: Browser) -> None:
    known = await admin.get("/t/donghu/calendar?year=2026")
    for words in ("国办发明电〔2025〕7号", "春节", "2026-02-14"):
        assert words in known.text
    assert "这一年的工作日算不出来" in (await admin.get("/t/donghu/calendar?year=2027")).text
    form = {"year": "２０２７", "source": "通知", "off": "2027-01-01 至 2027-01-03 元旦", "working": ""}
    assert (await admin.post("/t/donghu/calendar/year", form)).status_code == 303
    assert "算不出来" not in (await admin.get("/t/donghu/calendar?year=2027")).text
    assert (await admin.post("/t/donghu/calendar/year", form | {"off": "元旦"})).status_code == 422
    wrong = await admin.post("/t/donghu/calendar/year", form | {"year": "27"})
    assert wrong.status_code == 422
    assert "年份“27”不是年度，应写成 2026" in wrong.text
    day = {"day": "2026-11-23", "working": "no", "note": "本地安排"}
    assert (await admin.post("/t/donghu/calendar/day", day)).status_code == 303
    assert "本地安排" in (await admin.get("/t/donghu/calendar?year=2026")).text
