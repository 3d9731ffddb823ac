"""Story: a weak branch's plan is written, followed by months, accepted from above; the board tells it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from litestar import Litestar
from tests.support.classes import LEADING, MIDDLE, WEAK, classified, town
from tests.support.web import signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.spreadsheets import read_workbook
from jiceng.tenancy.service import set_plugin

AT = "/t/donghu/classification"
FORM = {
    "year": "2026",
    "programme": "治弱",
    "causes": "书记长期缺位",
    "goal": "选好书记",
    "measures": "镇党委派人",
    "helper": "张某",
    "deadline": f"{today().year + 1}-03-31",
}


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[dict[str, UUID]]:
    with tenant_scope(two_tenants[0]):
        found = await town()
        await classified(found, 2025, {"O1": LEADING, "O2": WEAK, "O3": WEAK})
        await classified(found, 2026, {"O1": LEADING, "O2": MIDDLE, "O3": WEAK})
        yield found


async def test_a_plan_from_the_list_of_the_weak_to_its_acceptance(
    app: Litestar, places: dict[str, UUID], two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    superior = await signed_in_browser(app, two_tenants[0], "reviewer")
    board = (await clerk.get(f"{AT}/?year=2026")).text
    assert "50.00 %" in board
    assert "目标是 95% 以上，还没有达到。" in board
    assert "晋位 1 · 保持 2 · 退位 0 · 首次定级 0" in board
    weak = (await clerk.get(f"{AT}/programmes/治弱?year=2026&only=none")).text
    assert "西街党支部" in weak
    assert "东街党支部" not in weak
    made = await clerk.post(f"{AT}/organizations/{places['O3']}/plan", data=FORM)
    plan = made.headers["location"]
    assert (await clerk.post(f"{plan}/start")).status_code == 303
    await clerk.post("/t/donghu/language", {"to": "en", "back": plan})
    assert '<span class="st info">Running</span>' in (await clerk.get(plan)).text
    await clerk.post("/t/donghu/language", {"to": "zh", "back": plan})
    said = {"month": f"{today():%Y-%m}", "percent": "100", "progress": "书记到任"}
    assert (await clerk.post(f"{plan}/reports", data=said)).status_code == 303
    assert (await clerk.post(f"{plan}/hand-in")).status_code == 303
    own = await clerk.post(f"{plan}/decision", data={"act": "accept", "reason": "好"})
    assert (own.status_code, "申请验收的人不能自己验收" in own.text) == (409, True)
    done = await superior.post(f"{plan}/decision", data={"act": "accept", "reason": "实地看过"})
    assert done.status_code == 303
    page = (await clerk.get(plan)).text
    assert "已销号" in page
    assert "验收销号：实地看过" in page
    again = await superior.post(f"{plan}/decision", data={"act": "accept", "reason": "再来"})
    assert "方案已销号，不能验收销号" in again.text
    assert "现在可以：反弹重新整改" in again.text
    register = await clerk.get(f"{AT}/register.xlsx?year=2026")
    assert register.content[:2] == b"PK"


async def test_whoever_has_a_plan_stands_on_its_page_whatever_the_class(
    app: Litestar, places: dict[str, UUID], two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    for number, year in (("O2", "2026"), ("O3", "2024")):  # risen by an appeal; never classified that year
        made = await clerk.post(f"{AT}/organizations/{places[number]}/plan", data=FORM | {"year": year})
        assert made.status_code == 303
    this_year = (await clerk.get(f"{AT}/programmes/治弱?year=2026")).text
    assert "东街党支部" in this_year
    assert "2026 年度，2 个组织" in this_year
    assert '<span class="note">治弱</span>' in (await clerk.get(f"{AT}/programmes/提升?year=2026")).text
    before = (await clerk.get(f"{AT}/programmes/治弱?year=2024")).text
    assert "西街党支部" in before
    assert "2024 年度，1 个组织" in before
    register = read_workbook((await clerk.get(f"{AT}/register.xlsx?year=2024")).content, "台账.xlsx")
    assert "西街党支部" in str(register.sheets[0])


async def test_faults_of_a_form_are_told_and_nothing_is_kept(
    app: Litestar, places: dict[str, UUID], two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    at, wrong = f"{AT}/organizations/{places['O3']}/plan", FORM | {"programme": "抓弱", "deadline": "明年"}
    refused = await clerk.post(at, data=wrong)
    assert refused.status_code == 422
    assert "期限“明年”不是日期" in refused.text
    refused = await clerk.post(at, data=wrong | {"deadline": ""})
    assert "类型“抓弱”不在 示范、提升、治弱 之中" in refused.text
    assert "写方案" in (await clerk.get(f"{AT}/programmes/治弱?year=2026")).text
    assert (await clerk.get(at)).status_code == 200


@pytest.mark.usefixtures("places")
async def test_where_the_plugin_is_off_there_is_no_page_and_no_entry(
    app: Litestar, two_tenants: tuple[int, int]
) -> None:
    viewer = await signed_in_browser(app, two_tenants[0], "viewer")
    assert "分类定级" in (await viewer.get("/t/donghu")).text
    with tenant_scope(two_tenants[0]):
        await set_plugin("classification", on=False)
    assert (await viewer.get(f"{AT}/")).status_code == 404
    assert "/t/donghu/classification" not in (await viewer.get("/t/donghu")).text


@pytest.mark.usefixtures("places")
async def test_a_year_that_is_none_is_told(app: Litestar, two_tenants: tuple[int, int]) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    for place in ("programmes/治弱", "register.xlsx"):
        for year in (1, 99999, 2**40):
            assert (await clerk.get(f"{AT}/{place}?year={year}")).status_code in {400, 422}, (place, year)


async def test_a_draft_of_an_organization_that_was_dissolved_is_not_found_for_changing(
    app: Litestar, places: dict[str, UUID], two_tenants: tuple[int, int]
) -> None:
    clerk = await signed_in_browser(app, two_tenants[0], "clerk")
    made = await clerk.post(f"{AT}/organizations/{places['O3']}/plan", data=FORM)
    plan = made.headers["location"]
    assert (await clerk.get(f"{plan}/edit")).status_code == 200
    await execute("update organization set dissolved = $2 where id = $1", places["O3"], today())
    assert (await clerk.get(f"{plan}/edit")).status_code == 404
