"""Story: a project is proposed, reviewed, approved, planned and led step by step; odd input is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.projects import project_town, review_form
from tests.support.sample_files import png
from tests.support.web import signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from litestar import Litestar
    from tests.support.projects import Places
    from tests.support.web import Browser

AT = "/t/donghu/project-ledger"
YEAR = today().year
FORM = {
    "title": "红色物业进小区",
    "kind": "main",
    "year": str(YEAR),
    "proposer": "东街党支部",
    "responsible": "D001",
    "goal": "物业矛盾不出小区",
    "content": "每个小区建一个议事厅",
    "measures": "满意度 90% 以上\n化解率 95% 以上",
    "benchmark": "某市某街道",
    "benchmark_measure": "矛盾化解率",
    "benchmark_unit": "%",
    "benchmark_figure": "98.5",
    "start_figure": "80",
    "budget": "0",
    "starts": f"{YEAR}-01-01",
    "deadline": f"{YEAR}-12-31",
}
SCORES = review_form("20", "20", "20", "10", "10", opinion="可行")
PLAN: dict[str, Any] = {
    "phase": ["准备", "实施", ""],
    "phase_starts": [f"{YEAR}-01-01", f"{YEAR}-07-01", ""],
    "phase_ends": [f"{YEAR}-06-30", f"{YEAR}-12-31", ""],
    "of": ["1", "2", "", ""],
    "step": ["摸底", "建议事厅", "", ""],
    "starts": [f"{YEAR}-01-01", f"{YEAR}-07-01", "", ""],
    "ends": [f"{YEAR}-06-30", f"{YEAR}-12-31", "", ""],
    "weight": ["40", "60", "", ""],
    "deliverable": ["清单", "议事厅", "", ""],
}


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        yield await project_town()


@pytest.fixture
async def clerk(app: Litestar, places: Places, two_tenants: tuple[int, int]) -> Browser:
    """Somebody of the branch O2, who sees it and nothing else."""
    browser = await signed_in_browser(app, two_tenants[0], "secretary", "east", "D003")
    await execute(
        "update account set scope = 'own', organization = $2 where tenant_id = $1 and login = 'east'",
        *(two_tenants[0], places["O2"]),
    )
    return browser


async def proposed(clerk: Browser, places: Places, **said: str) -> str:
    made = await clerk.post(f"{AT}/new", data=FORM | {"organization": str(places["O2"])} | said)
    assert made.status_code == 303, made.text
    return made.headers["location"]


async def approved(app: Litestar, tenant: int, clerk: Browser, project: str) -> Browser:
    """Submitted, reviewed by two, approved by the one who is given back."""
    assert (await clerk.post(f"{project}/own", data={"act": "submit"})).status_code == 303
    superior = await signed_in_browser(app, tenant, "reviewer", "above")
    other = await signed_in_browser(app, tenant, "reviewer", "judge")
    for act in ({"act": "review", "reason": "可以论证"},):
        assert (await superior.post(f"{project}/decision", data=act)).status_code == 303
    for reviewer in (superior, other):
        assert (await reviewer.get(f"{project}/review")).status_code == 200
        assert (await reviewer.post(f"{project}/review", data=SCORES)).status_code == 303
    done = await superior.post(f"{project}/decision", data={"act": "approve", "reason": "基础好"})
    assert done.status_code == 303
    return superior


async def test_from_the_application_to_the_first_step_done(
    app: Litestar, places: Places, clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    project = await proposed(clerk, places)
    sheet = (await clerk.get(f"{project}/application")).text
    assert "党建项目申报表" in sheet
    assert "满意度 90% 以上<br>化解率 95% 以上" in sheet
    superior = await approved(app, two_tenants[0], clerk, project)
    page = (await clerk.get(project)).text
    assert "2 人评分，平均 80.00 分，标准差 0.00，最低 80，最高 80" in page
    assert "立项，周砚秋：基础好" in page
    assert "还不能用：请至少写一个步骤" in page
    assert (await clerk.post(f"{project}/plan", data=PLAN)).status_code == 303
    assert (await clerk.post(f"{project}/own", data={"act": "start"})).status_code == 303
    early = await clerk.post(f"{project}/steps/2/done", data={"done": f"{today()}", "proof": "建成"})
    assert (early.status_code, "前面的阶段还没有完成" in early.text) == (409, True)
    assert (await clerk.get(f"{project}/steps/1/file")).status_code == 404
    proof, shown = {"done": f"{today()}", "proof": "清单 12 份"}, {"file": ("清单.png", png())}
    done = await clerk.post(f"{project}/steps/1/done", data=proof, files=shown)
    assert done.status_code == 303
    kept = await superior.get(f"{project}/steps/1/file")
    assert kept.content == png()
    assert kept.headers["content-disposition"].startswith("attachment")
    page = (await superior.get(project)).text
    assert "完成 40%" in page
    assert "清单 12 份" in page
    chart = (await superior.get(f"{project}/gantt?paper=a3")).text
    assert 'class="wide a3"' in chart
    assert chart.count("<rect") >= 5
    assert "红色物业进小区" in (await superior.get(f"{AT}/gantt?year={YEAR}")).text


async def test_a_sheet_with_faults_comes_back_as_typed_with_every_fault(
    clerk: Browser, places: Places
) -> None:
    wrong = FORM | {
        "organization": str(places["O3"]),
        "responsible": "没有此人",
        "budget": "-5",
        "benchmark_figure": "很多",
        "starts": f"{YEAR}-12-31",
        "deadline": f"{YEAR}-01-01",
    }
    back = await clerk.post(f"{AT}/new", data=wrong)
    assert back.status_code == 422
    assert re.findall(r"<li>([^<]+)</li>", back.text[back.text.index("faults") :])[:5] == [
        "责任人“没有此人”不在名册里，请填党员编号或姓名",
        "对标值“很多”不是数字（最多两位小数）",
        "预算不能是负数",
        f"完成期限 {YEAR}-01-01 早于开始日期 {YEAR}-12-31",
        "没有这个责任单位，请从列表里选",
    ]
    assert 'value="没有此人"' in back.text
    assert "还没有项目" in (await clerk.get(f"{AT}/")).text


async def test_a_plan_with_faults_comes_back_as_typed(clerk: Browser, places: Places) -> None:
    project = await proposed(clerk, places)
    wrong = PLAN | {"weight": ["40", "50", "", ""], "starts": [f"{YEAR}-01-01", f"{YEAR}-06-01", "", ""]}
    back = await clerk.post(f"{project}/plan", data=wrong)
    assert back.status_code == 422
    assert "各步权重合计应是 100，现在是 90" in back.text
    assert f"第 2 步：开始 {YEAR}-06-01 早于所属阶段“实施”的 {YEAR}-07-01" in back.text
    assert 'value="50"' in back.text
    back = await clerk.post(f"{project}/plan", data=PLAN | {"ends": ["", "明天", "", ""]})
    assert "第 1 步：请填开始和结束日期" in back.text
    assert "第 2 步的结束“明天”不是日期" in back.text
    assert "还没有计划" in (await clerk.get(project)).text


async def test_a_plan_begins_with_a_template_and_is_kept_as_one(clerk: Browser, places: Places) -> None:
    project = await proposed(clerk, places)
    offered = (await clerk.get(f"{project}/plan?template=服务品牌项目（按季度）")).text
    assert 'value="梳理需求，确定品牌和标准"' in offered
    assert f'value="{YEAR}-12-31"' in offered
    assert (await clerk.get(f"{project}/plan?template=没有")).status_code == 404
    assert (await clerk.post(f"{project}/plan", data=PLAN)).status_code == 303
    assert (await clerk.post(f"{project}/templates", data={"name": "议事厅"})).status_code == 303
    again = await clerk.post(f"{project}/templates", data={"name": "议事厅"})
    assert (again.status_code, "已有这个名称的模板" in again.text) == (409, True)
    other = await proposed(clerk, places, starts=f"{YEAR + 1}-01-01", deadline=f"{YEAR + 1}-12-31")
    again = await clerk.get(f"{other}/plan?template=议事厅")
    assert f'value="{YEAR + 1}-07-01"' in again.text


async def test_a_change_of_the_plan_is_asked_for_compared_and_granted(
    app: Litestar, places: Places, clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    project = await proposed(clerk, places)
    superior = await approved(app, two_tenants[0], clerk, project)
    await clerk.post(f"{project}/plan", data=PLAN)
    assert (await clerk.post(f"{project}/own", data={"act": "start"})).status_code == 303
    asked = PLAN | {"weight": ["30", "70", "", ""], "reason": "议事厅更重"}
    assert (await clerk.post(f"{project}/plan", data=asked)).status_code == 303
    change = re.search(rf"{project}/changes/[0-9a-f-]+", (await superior.get(project)).text)
    assert change is not None
    page = (await superior.get(change.group())).text
    assert "议事厅更重" in page
    assert page.count('<tr class="changed">') == 2
    assert "作出决定" not in (await clerk.get(change.group())).text
    nothing = await superior.post(change.group(), data={"answer": "", "reason": "好"})
    assert (nothing.status_code, "请选同意或不同意" in nothing.text) == (422, True)
    granted = await superior.post(change.group(), data={"answer": "grant", "reason": "有道理"})
    assert granted.status_code == 303
    assert "周砚秋：有道理" in (await clerk.get(project)).text


async def test_the_owner_decides_nothing_and_a_foreign_id_is_like_an_absent_one(
    app: Litestar, places: Places, clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    project = await proposed(clerk, places)
    await clerk.post(f"{project}/own", data={"act": "submit"})
    own = await clerk.post(f"{project}/decision", data={"act": "review", "reason": "自己定"})
    assert own.status_code == 403
    wrong = await clerk.post(f"{project}/own", data={"act": "approve"})
    assert (wrong.status_code, "请选要办理的事" in wrong.text) == (422, True)
    illegal = await clerk.post(f"{project}/own", data={"act": "hand_in"})
    assert illegal.status_code == 409
    assert "项目已申报，不能申请验收" in illegal.text
    assert "现在可以：撤回申报、开始论证、退回补充" in illegal.text
    west = await signed_in_browser(app, two_tenants[0], "secretary", "west", "D004")
    hidden = await west.get(project)
    absent = await west.get(f"{AT}/projects/{new_id()}")
    assert (hidden.status_code, absent.status_code) == (404, 404)


async def test_the_library_is_filtered_by_kind_state_unit_and_words(
    app: Litestar, places: Places, clerk: Browser, two_tenants: tuple[int, int]
) -> None:
    first = await proposed(clerk, places, title="甲项目", kind="main")
    await proposed(clerk, places, title="乙项目", kind="local")
    await clerk.post(f"{first}/own", data={"act": "submit"})
    reader = await signed_in_browser(app, two_tenants[0], "viewer")

    async def titles(query: str) -> list[str]:
        return re.findall("[甲乙]项目", (await reader.get(f"{AT}/?{query}")).text)

    assert await titles("") == ["甲项目", "乙项目"]
    assert await titles("kind=local") == ["乙项目"]
    assert await titles("standing=submitted") == ["甲项目"]
    assert await titles(f"unit={places['O1']}") == ["甲项目", "乙项目"]
    assert await titles(f"unit={places['O3']}") == []
    assert await titles(f"words_=乙&year={YEAR}&page=9") == ["乙项目"]
    assert "申报项目" not in (await reader.get(f"{AT}/")).text
    assert (await reader.post(f"{AT}/new", data=FORM)).status_code == 403


@pytest.mark.parametrize(
    "odd", ["a\x00b", "😀" * 300, "'; DROP TABLE account; --", "{{ 77777 * 77777 }}", "%s%n"]
)
async def test_whatever_is_typed_the_answer_is_a_page_or_a_refusal(
    app: Litestar, places: Places, clerk: Browser, two_tenants: tuple[int, int], odd: str
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    project = await proposed(clerk, places)
    rows: dict[str, Any] = {name: [odd] * len(cells) for name, cells in PLAN.items()}
    answers = [
        await admin.post(f"{AT}/new", data=dict.fromkeys(FORM, odd)),
        await admin.post(f"{AT}/new", data=FORM | {"organization": str(places["O2"]), "goal": odd}),
        await admin.post(f"{project}/edit", data=FORM | {"organization": odd, "title": odd}),
        await admin.post(f"{project}/plan", data=rows | {"reason": odd}),
        await admin.post(f"{project}/templates", data={"name": odd}),
        await admin.post(f"{project}/own", data={"act": odd}),
        await admin.post(f"{project}/decision", data={"act": "reject", "reason": odd, "deadline": odd}),
        await admin.post(f"{project}/review", data=dict.fromkeys(SCORES, odd)),
        await admin.post(f"{project}/steps/{2**70}/done", data={"done": f"{today()}", "proof": odd}),
        *[
            await admin.get(
                f"{AT}/{page}", params={"year": number, "page": number, "unit": odd, "words_": odd}
            )
            for page in ("", "gantt")
            for number in (-1, 0, 2**70)
        ],
        await admin.get(f"{AT}/", params={"kind": odd, "standing": odd}),
        await admin.get(f"{project}/plan", params={"template": odd}),
    ]
    assert [answer.status_code for answer in answers if answer.status_code >= 500] == []
    assert [answer for answer in answers if "6049261729" in answer.text] == []
