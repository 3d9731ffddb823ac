"""Story: another member answers for a running project; a draft is given up; the reviews get other rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.support.projects import Places, a_project, project_town, review_form, somebody
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.clock import now, today
from jiceng.kernel.database import execute, fetch, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.tenancy.service import set_setting
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.reviewing import service
from jiceng_project_ledger.reviewing.rules import Criterion
from jiceng_project_ledger.states import Act, State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from litestar import Litestar

AT = "/t/donghu/project-ledger"
_ABOUT = """
insert into ledger_accountability
  (tenant_id, id, project, year, person, grounds, state, until, objection, objected, at)
values ($1, $2, $3, $4, $5, array['逾期'], 'proposed', null, '', null, $6)
"""


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        yield await project_town()


@pytest.fixture
async def superior(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "reviewer", "above")


async def owner(app: Litestar, tenant: int, places: Places) -> Browser:
    """Somebody of the branch O2, who sees it and nothing else."""
    browser = await signed_in_browser(app, tenant, "secretary", "east", "D005")
    await execute(
        "update account set scope = 'own', organization = $2 where tenant_id = $1 and login = 'east'",
        *(tenant, places["O2"]),
    )
    return browser


async def name(number: str) -> str:
    return str(await fetch_value("select name from member where number = $1", number))


async def test_another_member_of_the_owner_answers_for_it_from_now_on(
    places: Places, superior: Browser
) -> None:
    project = await a_project(places)
    at = f"{AT}/projects/{project.id}"
    assert "更换责任人" in (await superior.get(at)).text
    said = {"responsible": "D003", "reason": "原责任人调离"}
    done = await superior.post(f"{at}/responsible", data=said)
    assert (done.status_code, done.headers["location"]) == (303, f"{at}#responsible")
    page = (await superior.get(at)).text
    assert f"{await name('D001')} 改为 {await name('D003')}，周砚秋：原责任人调离" in page
    back = {"responsible": "D001", "reason": "又调回来"}
    assert (await superior.post(f"{at}/responsible", data=back)).status_code == 303
    kept = await fetch("select seq, before, after, reason from ledger_handover order by seq")
    assert [tuple(row) for row in kept] == [
        (1, places["D001"], places["D003"], "原责任人调离"),
        (2, places["D003"], places["D001"], "又调回来"),
    ]
    told = await fetch("select details from audit_entry where event = 'work_moved'")
    assert sum('"state":"handed_over"' in row["details"] for row in told) == 2


async def test_what_is_wrong_is_told_at_once_and_nothing_is_changed(
    places: Places, superior: Browser
) -> None:
    at = f"{AT}/projects/{(await a_project(places)).id}/responsible"
    outsider = await superior.post(at, data={"responsible": "D002", "reason": " "})
    assert outsider.status_code == 422
    assert "请写明为什么更换" in outsider.text
    assert "或其下级组织的党员" in outsider.text
    for typed, fault in (
        ("", "请填新责任人的党员编号或姓名"),
        ("没有此人", "新责任人“没有此人”不在名册里"),
        ("D001", "新责任人就是现在的责任人"),
    ):
        wrong = await superior.post(at, data={"responsible": typed, "reason": "调离"})
        assert (wrong.status_code, fault in wrong.text) == (422, True), typed
    assert await fetch_value("select count(*) from ledger_handover") == 0


async def test_the_owner_does_not_decide_it_and_neither_does_anybody_before_or_after(
    app: Litestar, places: Places, superior: Browser, two_tenants: tuple[int, int]
) -> None:
    said = {"responsible": "D003", "reason": "调离"}
    project, draft = await a_project(places), await a_project(places, State.DRAFT)
    below = await owner(app, two_tenants[0], places)
    assert "更换责任人" not in (await below.get(f"{AT}/projects/{project.id}")).text
    assert (await below.post(f"{AT}/projects/{project.id}/responsible", data=said)).status_code == 403
    early = await superior.post(f"{AT}/projects/{draft.id}/responsible", data=said)
    assert (early.status_code, "立项以前请责任单位修改申报表" in early.text) == (409, True)
    await act(project.id, Act.TERMINATE, "条件变了", somebody())
    ended = await superior.post(f"{AT}/projects/{project.id}/responsible", data=said)
    assert (ended.status_code, "项目已终止，不能更换责任人" in ended.text) == (409, True)
    assert (await superior.post(f"{AT}/projects/{new_id()}/responsible", data=said)).status_code == 404


async def test_who_answered_for_it_before_still_sees_what_is_said_about_him(
    app: Litestar, places: Places, superior: Browser, two_tenants: tuple[int, int]
) -> None:
    project = await a_project(places)
    at = f"{AT}/projects/{project.id}"
    person = await signed_in_browser(app, two_tenants[0], "member", "first", "D001")
    assert (await person.get(at)).status_code == 200
    said = {"responsible": "D003", "reason": "调离"}
    assert (await superior.post(f"{at}/responsible", data=said)).status_code == 303
    assert (await person.get(at)).status_code == 404
    await execute(_ABOUT, two_tenants[0], new_id(), project.id, today().year, places["D001"], now())
    assert (await person.get(at)).status_code == 200
    assert project.title in (await person.get(f"{AT}/accountability")).text
    line = await person.post(f"{at}/costs/lines", data={"name": "印刷", "amount": "1"})
    assert (line.status_code, "您已不是这个项目的责任人，只能查看" in line.text) == (403, True)
    successor = await signed_in_browser(app, two_tenants[0], "member", "second", "D003")
    assert (await successor.get(at)).status_code == 200
    assert project.title not in (await successor.get(f"{AT}/accountability")).text


async def test_what_a_dissolved_organization_leaves_is_decided_by_who_sees_everything(
    places: Places, superior: Browser
) -> None:
    project = await a_project(places)
    ended = "update organization_state set until = $1 where organization = $2"
    await execute(ended, today(), places["O2"])
    said = {"act": "terminate", "reason": "单位已撤销"}
    assert (await superior.post(f"{AT}/projects/{project.id}/decision", data=said)).status_code == 303
    assert "已终止" in (await superior.get(f"{AT}/projects/{project.id}")).text


async def test_a_draft_is_given_up_only_after_saying_what_is_lost_and_why(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    draft = await a_project(places, State.DRAFT)
    at = f"{AT}/projects/{draft.id}"
    browser = await owner(app, two_tenants[0], places)
    page = (await browser.get(at)).text
    assert (
        f"作废以后不能恢复：申报表、计划和预算明细不能再改，也不能再申报，编号 {draft.number} 不再用" in page
    )
    silent = await browser.post(f"{at}/own", data={"act": "discard"})
    assert (silent.status_code, "作废要写明理由" in silent.text) == (422, True)
    gone = await browser.post(f"{at}/own", data={"act": "discard", "reason": "并入别的项目"})
    assert gone.status_code == 303
    assert "作废，周砚秋：并入别的项目" in (await browser.get(at)).text


async def test_an_administrator_sets_what_reviewers_score_and_how_many_must(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    project = await a_project(places, State.UNDER_REVIEW)
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    reviewer = await signed_in_browser(app, two_tenants[0], "reviewer", "judge")
    assert "本轮至少 2 人评分，才能决定立项" in (await reviewer.get(f"{AT}/review-rules")).text
    wrong: dict[str, Any] = {"title": ["必要性", "必要性", ""], "most": ["60", "30", "1.5"], "least": "0"}
    back = await admin.post(f"{AT}/review-rules", data=wrong)
    assert back.status_code == 422
    for fault in (
        "第 3 项：请写名称，最多 20 字",
        "“必要性”写了两次",
        "第 3 项：满分应是 1 到 100 的整数",
        "至少几人评分应是 1 到 20 的整数",
    ):
        assert fault in back.text
    assert 'value="1.5"' in back.text
    short: dict[str, Any] = {"title": ["必要性", "可行性"], "most": ["60", "30"], "least": "1"}
    assert "各项满分合计应是 100，现在是 90" in (await admin.post(f"{AT}/review-rules", data=short)).text
    right = short | {"most": ["60", "40"]}
    assert (await reviewer.post(f"{AT}/review-rules", data=right)).status_code == 403
    assert (await admin.post(f"{AT}/review-rules", data=right)).status_code == 303
    at, two = f"{AT}/projects/{project.id}", (Criterion("必要性", 60), Criterion("可行性", 40))
    old = await reviewer.post(f"{at}/review", data=review_form("20", "15", "15", "10", "5", opinion="可行"))
    assert (old.status_code, "论证规则刚改过，评分没有保存" in old.text) == (409, True)
    assert (old.text.count('value="20"'), old.text.count('value="15"')) == (1, 1)
    assert "可行</textarea>" in old.text
    assert await service.reviews(project.id) == []
    scored = await reviewer.post(f"{at}/review", data=review_form("55", "41", criteria=two))
    assert (scored.status_code, "“可行性”应在 0 到 40 之间" in scored.text) == (422, True)
    scored = await reviewer.post(f"{at}/review", data=review_form("55", "40", criteria=two))
    assert scored.status_code == 303
    approved = await reviewer.post(f"{at}/decision", data={"act": "approve", "reason": "够了"})
    assert approved.status_code == 303


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ({"quotes_from": "一万"}, "费用规则的设置不能用"),
        ({"quotes_from": 5_000_00, "tender_above": 1_000_00}, "比价起点应大于 0，招标起点应不低于比价起点"),
        ({"limit": 3}, "费用规则的设置不能用"),
    ],
)
async def test_cost_rules_that_cannot_be_used_are_told_and_mended_on_their_page(
    app: Litestar, places: Places, two_tenants: tuple[int, int], kept: dict[str, Any], told: str
) -> None:
    await set_setting("project_ledger_costs", kept, today())
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    project = await a_project(places)
    at = f"{AT}/projects/{project.id}"
    assert (await admin.get(at)).status_code == 200
    costs = await admin.get(f"{at}/costs")
    assert (costs.status_code, told in costs.text) == (200, True)
    asked = {"route": "quotes", "opened": f"{today()}", "closes": f"{today()}"}
    stopped = await admin.post(f"{at}/costs/lines/1/inquiry", data=asked)
    assert (stopped.status_code, "费用规则的设置不能用" in stopped.text) == (400, True)
    page = await admin.get(f"{AT}/cost-rules")
    assert page.status_code == 200
    assert told in page.text
    assert "Expected" not in page.text
    assert "现在的设置读不出来" in page.text
    assert 'value="10000.00"' in page.text
    typed = {"quotes_from": "20000", "tender_above": "九万", "quotes": "3", "window_days": "90"}
    wrong = await admin.post(f"{AT}/cost-rules", data=typed)
    assert (wrong.status_code, 'value="九万"' in wrong.text) == (422, True)
    assert (await admin.post(f"{AT}/cost-rules", data=typed | {"tender_above": "90000"})).status_code == 303
    mended = (await admin.get(f"{AT}/cost-rules")).text
    assert "20,000.00 元（含）到 90,000.00 元（含）" in mended
    assert "读不出来" not in mended
