"""Story: an enterprise declares, is rated by others, its tier is confirmed; the last ones are helped."""

import re

import pytest
from litestar import Litestar
from tests.support.ballot_story import counted, drafted, links, typed, voted
from tests.support.enterprises import FAIR, GOOD, POOR, TYPED, Firms, organizations, rated, town_of_firms
from tests.support.sample_files import png
from tests.support.web import Browser, signed_in_browser

from jiceng.api.files import Column, SheetOut, write_workbook
from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.spreadsheets import read_workbook
from jiceng.tenancy.service import set_plugin
from jiceng_double_strong_six_good.vocabulary import CRITERIA, SCHEME

AT = "/t/donghu/double-strong-six-good"
YEAR = str(today().year)
_NARROW = """
update account set scope = 'own', organization = $3 where tenant_id = $1 and login = $2
"""


_ALONE = "update account set scope = 'self', organization = null where tenant_id = $1 and login = $2"


@pytest.fixture
async def town(two_tenants: tuple[int, int]) -> Firms:
    with tenant_scope(two_tenants[0]):
        found = await town_of_firms()
        await rated(found, today().year - 1, {"U1": FAIR, "U2": FAIR})
        await rated(found, today().year, {"U1": GOOD, "U2": FAIR, "U3": POOR})
    return found


async def declarer(app: Litestar, tenant: int, branch: str) -> Browser:
    """The declarer of an enterprise: he sees its branch and nothing else."""
    login = f"declarer-{branch.lower()}"
    found = await signed_in_browser(app, tenant, "declarer", login)
    with tenant_scope(tenant):
        await execute(_NARROW, tenant, login, (await organizations())[branch])
    return found


async def test_a_declaration_from_its_first_word_to_its_acceptance(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    own = await declarer(app, two_tenants[0], "O2")
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    made = await own.post(f"{AT}/enterprises/{town['U2']}/declaration", data={"year": YEAR})
    page = made.headers["location"]
    saved = await own.post(page, data={"growth": "很多"}, headers={"hx-request": "true"})
    assert (saved.status_code, "已保存。还不能提交：" in saved.text) == (200, True)
    assert "发展强：经营增长自评分“很多”应是 0 到 20 的数，最多 1 位小数" in saved.text
    assert 'value="很多"' in (await own.get(page)).text
    refused = await own.post(f"{page}/hand-in", data=TYPED | {"members": "", "said.culture": ""})
    assert refused.status_code == 422
    assert all(words in refused.text for words in ("党员数还没有填", "“企业文化好”还没有写做法和成效"))
    files = {"file": ("奖状.png", png(), "image/png")}
    assert (await own.post(f"{page}/evidence", {"criterion": "culture"}, files=files)).status_code == 303
    wrong = {"file": ("程序.exe", b"MZ\x90\x00" + b"x" * 64, "image/png")}
    assert (await own.post(f"{page}/evidence", {"criterion": "culture"}, files=wrong)).status_code == 415
    assert (await own.post(f"{page}/hand-in", data=TYPED)).status_code == 303
    assert (await own.post(f"{page}/decision", {"act": "accept", "reason": "好"})).status_code == 403
    back = await reviewer.post(f"{page}/decision", {"act": "return", "reason": "补充台账"})
    assert back.status_code == 303
    assert (await own.post(f"{page}/evidence", {"criterion": "culture"}, files=files)).status_code == 303
    assert "退回的理由：补充台账" in (await own.get(page)).text
    assert "退回重报的企业申报" in (await own.get("/t/donghu/")).text
    assert (await own.post(f"{page}/hand-in", data=TYPED | {"growth": "１８．５"})).status_code == 303
    assert (await reviewer.post(f"{page}/decision", {"act": "accept", "reason": "齐全"})).status_code == 303
    shown = (await own.get(page)).text
    assert all(words in shown for words in ("已采信", "奖状.png", "采信 · 周砚秋：齐全"))
    assert (await own.post(page, data=TYPED)).status_code == 409


async def test_who_stands_in_an_enterprise_is_told_of_his_own_and_nothing_false_of_others(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    del town
    nowhere = await signed_in_browser(app, two_tenants[0], "declarer", "declarer-nowhere")
    with tenant_scope(two_tenants[0]):
        await execute(_ALONE, two_tenants[0], "declarer-nowhere")
    listed = (await nowhere.get(f"{AT}/declarations")).text
    assert "请管理员在「账号」里把您的数据范围设为企业的党组织。" in listed
    own = await declarer(app, two_tenants[0], "O3")
    assert "还没有提交的企业申报" in (await own.get("/t/donghu/")).text
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    assert "还没有提交的企业申报" not in (await reviewer.get("/t/donghu/")).text


async def test_an_enterprise_of_another_branch_is_as_if_absent(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    own = await declarer(app, two_tenants[0], "O2")
    theirs, nowhere = f"{AT}/enterprises/{town['U3']}", f"{AT}/enterprises/{two_tenants[0]:032x}"
    answers = [await own.get(path) for path in (theirs, nowhere)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert (await own.post(f"{theirs}/declaration", {"year": YEAR})).status_code == 404
    listed = (await own.get(f"{AT}/enterprises?year={YEAR}")).text
    assert ("企业U1" in listed, "企业U3" in listed) == (True, False)


async def test_the_board_the_radar_and_a_named_person_for_the_tier(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer")
    board = (await reviewer.get(f"{AT}/?year={YEAR}")).text
    assert "少于 2–3 个：参评 2 家，够示范点的 1 家，还差 1 家，从中间档里培育" in board
    page = f"{AT}/enterprises/{town['U1']}"
    before = (await reviewer.get(f"{page}?year={YEAR}")).text
    assert "这是评定结果，还没有人确认。" in before
    assert before.count("<polygon") == 7
    assert '<td class="num zhu">9.00</td><td class="num">7.50</td><td class="num">+1.50</td>' in before
    assert "党员 7 人以上未设委员会" in before
    said = {"year": YEAR, "tier": "示范", "reason": "现场看过"}
    assert (await reviewer.post(f"{page}/verdict", said)).status_code == 303
    assert "周砚秋 于" in (await reviewer.get(f"{page}?year={YEAR}")).text
    assert (await reviewer.post(f"{page}/verdict", said)).status_code == 409
    marks = {"year": YEAR, "party": "部门", "reason": "复核", **dict.fromkeys(CRITERIA, "11")}
    refused = await reviewer.post(f"{page}/marks", marks)
    assert (refused.status_code, refused.text.count("应是 0 到 10 的数")) == (422, 6)
    assert (await reviewer.post(f"{page}/marks", marks | dict.fromkeys(CRITERIA, "8"))).status_code == 303


async def test_coverage_tells_who_should_found_and_who_is_sent_an_instructor(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    page = (await admin.get(f"{AT}/coverage")).text
    assert "60.00 %" in page
    assert "应建 5 家，已建 3 家，还差 2 家。" in page
    assert "党员 3 名以上的单独组建党支部；不足 3 名的，与邻近单位联合组建" in page
    assert "仅有个别党员，人数未填，按不足 3 名，与邻近单位联合组建" in page
    sent = {"name": "李某", "since": f"{YEAR}-01-01", "until": f"{today().year + 1}-01-01", "task": "找党员"}
    refused = await admin.post(f"{AT}/enterprises/{town['U4']}/instructor", sent)
    assert (refused.status_code, "不派指导员" in refused.text) == (409, True)
    there = await admin.post(f"{AT}/enterprises/{town['U5']}/instructor", sent)
    one = there.headers["location"]
    assert "可以结束" not in (await admin.get(one)).text
    assert "可以结束" not in (await admin.get(f"{AT}/instructors")).text
    assert (await admin.post(f"{one}/visits", {"day": f"{today()}", "done": "谈话"})).status_code == 303
    assert (await admin.post(f"{one}/end", {"reason": "已组建"})).status_code == 303
    shown = (await admin.get(one)).text
    assert all(words in shown for words in ("已结束", "谈话", "结束 · 周砚秋：已组建"))
    assert (await admin.post(f"{AT}/limits", {"aim": "0"})).status_code == 422


async def test_the_last_tier_is_helped_and_what_is_overdue_is_seen(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    late = await clerk.get(f"{AT}/help?year={YEAR}&only=none")
    assert ("企业U3" in late.text, "企业U1" in late.text) == (True, False)
    said = {"year": YEAR, "problems": "欠薪", "measures": "查", "helper": "张某", "deadline": "2020-01-01"}
    assert (await clerk.post(f"{AT}/enterprises/{town['U1']}/help", said)).status_code == 409
    made = await clerk.post(f"{AT}/enterprises/{town['U3']}/help", said)
    plan = made.headers["location"]
    assert (await clerk.post(f"{plan}/start")).status_code == 303
    assert "已超期" in (await clerk.get(f"{AT}/help?year={YEAR}&only=late")).text
    wrong = await clerk.post(f"{plan}/progress", {"month": "明天", "percent": "101%", "progress": ""})
    assert (wrong.status_code, wrong.text.count("不是")) == (422, 2)
    refused = await clerk.post(f"{plan}/hand-in")
    assert "最近一次月度进展应是 100%" in refused.text


async def test_ledgers_leave_and_come_back_once(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    columns = [Column("a", title) for title in ("单位编号", "指导员", "开始日期", "到期日期", "任务")]
    rows = [("U5", "李某", f"{YEAR}-01-01", f"{YEAR}-12-31", "找党员")]
    files = {"file": ("指导员.xlsx", write_workbook([SheetOut("指导员", columns, rows)], made=today()))}
    first = await clerk.post(f"{AT}/sheets/instructors", files=files)
    again = await clerk.post(f"{AT}/sheets/instructors", files=files)
    assert [("新导入 1 行" in first.text), ("新导入 0 行" in again.text)] == [True, True]
    out = await clerk.get(f"{AT}/sheets/instructors")
    sheet = read_workbook(out.content, "out.xlsx").sheets[0]
    assert [row[:4] for row in sheet.rows[1:]] == [["U5", "企业U5", "东街党支部", "李某"]]
    bad = [("U9", "李某", f"{YEAR}-01-01", "2001-01-01", "")]
    files = {"file": ("指导员.xlsx", write_workbook([SheetOut("指导员", columns, bad)], made=today()))}
    refused = await clerk.post(f"{AT}/sheets/instructors", files=files)
    assert refused.status_code == 422
    assert all(words in refused.text for words in ("名册里没有这个单位编号", "到期日期不在开始日期之后"))
    for path in ("sheets/declarations", "sheets/help", "coverage.xlsx"):
        assert (await clerk.get(f"{AT}/{path}")).content[:2] == b"PK"
    del town


async def test_where_the_plugin_is_off_there_is_no_page(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert (await viewer.get(f"{AT}/enterprises/{town['U1']}")).status_code == 200
    with tenant_scope(two_tenants[0]):
        await set_plugin("double_strong_six_good", on=False)
    assert (await viewer.get(f"{AT}/")).status_code == 404


async def test_the_employees_vote_and_their_rate_stands_with_the_enterprise(
    app: Litestar, town: Firms, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    other = await signed_in_browser(app, two_tenants[0], "rater")
    page = f"{AT}/enterprises/{town['U1']}?year={YEAR}"
    assert "职工票决满意度" not in (await admin.get(page)).text
    target = {"goes_to": f"{SCHEME}:satisfaction|rate", "kind": "unit", "day": f"{today()}"}
    ballot, party = await drafted(admin, "U1", 5, **target)
    assert (await admin.post(f"{ballot}/open")).status_code == 303
    await voted(app, (await links(admin, party))[0], 企业U1="满意")
    await typed(admin, other, ballot, party, [[1, 2, 1, 0]])
    assert "企业U1" in await counted(admin, ballot)
    assert re.search(r"职工票决满意度 80(\.0+)?<", (await admin.get(page)).text)
    unseen = (await admin.get(f"{AT}/enterprises/{town['U2']}?year={YEAR}")).text
    assert "职工票决满意度" not in unseen


async def test_a_year_that_is_none_is_told(app: Litestar, town: Firms, two_tenants: tuple[int, int]) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    places = ("enterprises", f"enterprises/{town['U1']}", "declarations", "help", "sheets/help")
    for place in places:
        assert (await clerk.get(f"{AT}/{place}?year=99999")).status_code == 422, place
