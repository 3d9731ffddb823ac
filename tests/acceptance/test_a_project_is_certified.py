"""Story: a supervisor's findings are set right, a group accepts with a condition, the project is closed."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.support.projects import Places, a_project, project_town, somebody
from tests.support.web import Browser, signed_in_browser

from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.planning import service as planning
from jiceng_project_ledger.states import Act

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from litestar import Litestar

LEDGER = "/t/donghu/project-ledger"
NOW, LATER = f"{today()}", f"{today() + timedelta(days=20)}"
GROUP = {"held": NOW, "chair": "D002", "others": "D004\nD006", "opinion": "看过现场"}


@pytest.fixture
async def places(two_tenants: tuple[int, int]) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        yield await project_town()


@pytest.fixture
async def clerk(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "clerk")


@pytest.fixture
async def owner(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    """Somebody of the branch that owns the project."""
    found = await signed_in_browser(app, two_tenants[0], "clerk", login="owner-1")
    with tenant_scope(two_tenants[0]):
        await execute("update account set person = 'D001' where login = 'owner-1'")
    return found


@pytest.fixture
async def superior(app: Litestar, two_tenants: tuple[int, int]) -> Browser:
    return await signed_in_browser(app, two_tenants[0], "reviewer")


async def up_for_acceptance(places: Places) -> UUID:
    """A project of O2 (members D001, D003, D005), everything done and handed in; the others of O3."""
    project = await a_project(places, budget=0)
    for number in (1, 2, 3):
        await planning.complete(project.id, number, today(), "完成", None)
    await act(project.id, Act.HAND_IN, "", somebody())
    return project.id


async def one(table: str, project: UUID) -> UUID:
    found: UUID = await fetch_value(f"select id from {table} where project = $1", project)  # noqa: S608
    return found


async def condition(project: UUID) -> UUID:
    found: UUID = await fetch_value(
        "select c.id from ledger_condition c join ledger_acceptance a on a.id = c.acceptance"
        " where a.project = $1",
        project,
    )
    return found


async def test_a_finding_is_answered_checked_again_and_settled(
    places: Places, clerk: Browser, owner: Browser, superior: Browser
) -> None:
    project = (await a_project(places, budget=0)).id
    at = f"{LEDGER}/projects/{project}/certification"
    await superior.get(at)
    own = await superior.post(f"{at}/supervisors", data={"member": "D001"})
    assert (own.status_code, "监督员不能是责任单位的人员" in own.text) == (422, True)
    assert (await superior.post(f"{at}/supervisors", data={"member": "D002"})).status_code == 303
    twice = await superior.post(f"{at}/supervisors", data={"member": "D002"})
    assert (twice.status_code, "已经是这个项目的监督员" in twice.text) == (409, True)
    seen = {
        "supervisor": str(await one("ledger_supervisor", project)),
        "sort": "quality",
        "matter": "门没有装",
        "found": NOW,
        "deadline": LATER,
    }
    refused = await superior.post(f"{at}/findings", data=seen | {"sort": "气味", "deadline": "2020-01-01"})
    assert "请选类别：进度、质量、费用程序、资料档案" in refused.text
    assert "整改期限早于发现日期" in refused.text
    assert (await superior.post(f"{at}/findings", data=seen)).status_code == 303
    finding = f"{at}/findings/{await one('ledger_finding', project)}"
    early = await superior.post(f"{finding}/recheck", data={"act": "pass", "words": "好"})
    assert "问题待整改，不能复查通过" in early.text
    shown = (await clerk.get(at)).text
    assert f"{finding}/answer" not in shown
    other = await clerk.post(f"{finding}/answer", data={"words": "装好了"})
    assert (other.status_code, "问题的整改由责任单位办理" in other.text) == (403, True)
    assert f"{finding}/answer" in (await owner.get(at)).text
    assert (await owner.post(f"{finding}/answer", data={"words": "装好了"})).status_code == 303
    no_day = await superior.post(f"{finding}/recheck", data={"act": "fail", "words": "关不严"})
    assert "请填新的整改期限，应晚于今天" in no_day.text
    failed = {"act": "fail", "words": "关不严", "deadline": LATER}
    assert (await superior.post(f"{finding}/recheck", data=failed)).status_code == 303
    await owner.post(f"{finding}/answer", data={"words": "换了锁"})
    assert (await superior.post(f"{finding}/recheck", data={"act": "pass", "words": "好"})).status_code == 303
    page = (await clerk.get(at)).text
    assert "已销号" in page
    assert "复查不通过：关不严" in page


async def test_a_group_accepts_with_a_condition_that_must_be_met_first(
    places: Places, clerk: Browser, owner: Browser, superior: Browser
) -> None:
    project = await up_for_acceptance(places)
    at = f"{LEDGER}/projects/{project}/certification"
    with pytest.raises(Exception, match="还没有登记验收组的结论"):
        await act(project, Act.CLOSE, "好", somebody())
    await superior.get(at)
    said = GROUP | {"verdict": "conditional", "conditions": f"{LATER} 补齐台账"}
    assert (await superior.post(f"{at}/acceptances", data=said)).status_code == 303
    with pytest.raises(Exception, match="有条件通过的 1 个整改条件还没有复验"):
        await act(project, Act.CLOSE, "好", somebody())
    here = f"{at}/conditions/{await condition(project)}"
    early = await superior.post(f"{here}/inspect", data={"met": "yes"})
    assert "责任单位还没有报落实情况" in early.text
    await clerk.get(at)
    other = await clerk.post(f"{here}/met", data={"words": "补齐了"})
    assert (other.status_code, "整改条件的落实由责任单位办理" in other.text) == (403, True)
    await owner.get(at)
    assert (await owner.post(f"{here}/met", data={"words": "补齐了"})).status_code == 303
    own = await owner.post(f"{here}/inspect", data={"met": "yes"})
    assert (own.status_code, "责任单位的人员不能复验" in own.text) == (403, True)
    assert (await superior.post(f"{here}/inspect", data={"met": "no"})).status_code == 303
    await owner.post(f"{here}/met", data={"words": "这次补齐了"})
    assert (await superior.post(f"{here}/inspect", data={"met": "yes"})).status_code == 303
    page = (await superior.get(at)).text
    assert "有条件通过" in page
    assert "这次补齐了" in page
    await act(project, Act.CLOSE, "条件都已落实", somebody())


async def test_an_acceptance_that_cannot_stand_is_refused_with_every_fault(
    places: Places, superior: Browser
) -> None:
    project = await up_for_acceptance(places)
    at = f"{LEDGER}/projects/{project}/certification"
    await superior.get(at)
    owner = await superior.post(
        f"{at}/acceptances", data=GROUP | {"others": "D001\n没有这人", "verdict": "passed"}
    )
    assert "验收组成员“没有这人”不在名册里，请填党员编号或姓名" in owner.text
    assert "验收组至少 3 人，现在是 2 人" in owner.text
    assert "责任单位不能验收自己的项目" in owner.text
    odd = await superior.post(
        f"{at}/acceptances", data=GROUP | {"held": LATER, "chair": "", "verdict": "conditional"}
    )
    assert "验收日期不能晚于今天" in odd.text
    assert "有条件通过要写明整改条件" in odd.text
    assert "请填验收组组长" in odd.text
    assert "还没有验收" in (await superior.get(at)).text


async def test_the_owner_does_not_accept_its_own_project(
    app: Litestar, places: Places, two_tenants: tuple[int, int]
) -> None:
    project = await up_for_acceptance(places)
    at = f"{LEDGER}/projects/{project}/certification"
    owner = await signed_in_browser(app, two_tenants[0], "clerk", login="owner")
    await execute("update account set person = 'D001' where login = 'owner'")
    await owner.get(at)
    refused = await owner.post(f"{at}/acceptances", data=GROUP | {"verdict": "passed"})
    assert (refused.status_code, "责任单位的人员不能" in refused.text) == (403, True)


async def test_a_failed_round_needs_another_one_after_it_is_handed_in_again(
    places: Places, superior: Browser
) -> None:
    project = await up_for_acceptance(places)
    at = f"{LEDGER}/projects/{project}/certification"
    await superior.get(at)
    failed = GROUP | {"verdict": "failed"}
    assert (await superior.post(f"{at}/acceptances", data=failed)).status_code == 303
    with pytest.raises(Exception, match="最近一轮验收的结论是不通过"):
        await act(project, Act.CLOSE, "好", somebody())
    await act(project, Act.SEND_BACK, "重做", somebody())
    assert "项目实施中，不能登记验收" in (await superior.post(f"{at}/acceptances", data=failed)).text
    await act(project, Act.HAND_IN, "", somebody())
    with pytest.raises(Exception, match="还没有登记验收组的结论"):
        await act(project, Act.CLOSE, "好", somebody())
    passed = GROUP | {"verdict": "passed"}
    assert (await superior.post(f"{at}/acceptances", data=passed)).status_code == 303
    await act(project, Act.CLOSE, "好", somebody())


async def test_a_survey_is_a_ballot_with_the_project_on_its_paper(places: Places, clerk: Browser) -> None:
    project = (await a_project(places, budget=0)).id
    at = f"{LEDGER}/projects/{project}/certification"
    await clerk.get(at)
    begun = await clerk.post(f"{at}/survey")
    assert begun.status_code == 303
    ballot = (await clerk.get(begun.headers["location"])).text
    assert "满意度测评" in ballot
    assert "红色物业进小区" in ballot
    assert "还没有计票" in (await clerk.get(at)).text
    again = await clerk.post(f"{at}/survey")
    assert (again.status_code, "已有一次满意度测评没有计票" in again.text) == (409, True)


async def test_a_survey_made_by_mistake_is_withdrawn_with_a_reason_and_no_longer_stops_the_closing(
    places: Places, superior: Browser, clerk: Browser
) -> None:
    project = await up_for_acceptance(places)
    at = f"{LEDGER}/projects/{project}/certification"
    await superior.get(at)
    assert (await superior.post(f"{at}/acceptances", data=GROUP | {"verdict": "passed"})).status_code == 303
    await clerk.get(at)
    ballot = (await clerk.post(f"{at}/survey")).headers["location"]
    with pytest.raises(Exception, match=r"满意度测评还没有计票[\s\S]*建错了的，写明理由撤回"):
        await act(project, Act.CLOSE, "好", somebody())
    await clerk.get(ballot)
    empty = await clerk.post(f"{ballot}/withdraw", {"reason": " "})
    assert (empty.status_code, "请写明撤回的理由" in empty.text) == (422, True)
    assert (await clerk.post(f"{ballot}/withdraw", {"reason": "项目点错了"})).status_code == 303
    told = (await clerk.get(ballot)).text
    assert "由周砚秋撤回" in told
    assert "项目点错了" in told
    assert "开放投票" not in told
    page = (await clerk.get(at)).text
    assert "已撤回" in page
    assert "发起满意度测评" in page
    assert "已撤回" in (await clerk.get("/t/donghu/ballots")).text
    await act(project, Act.CLOSE, "好", somebody())


async def test_a_tenant_may_demand_a_survey_before_a_project_is_closed(
    places: Places, superior: Browser, app: Litestar, two_tenants: tuple[int, int]
) -> None:
    admin = await signed_in_browser(app, two_tenants[0], "tenant_admin")
    page = (await admin.get(f"{LEDGER}/follow-settings")).text
    typed = dict(re.findall(r'name="(\w+)"[^>]* value="(\d+)"', page))
    assert (await admin.post(f"{LEDGER}/follow-settings", typed | {"survey": "yes"})).status_code == 303
    assert 'value="yes" checked' in (await admin.get(f"{LEDGER}/follow-settings")).text
    project = await up_for_acceptance(places)
    at = f"{LEDGER}/projects/{project}/certification"
    await superior.get(at)
    assert (await superior.post(f"{at}/acceptances", data=GROUP | {"verdict": "passed"})).status_code == 303
    with pytest.raises(Exception, match="还没有做满意度测评，本单位规定销号以前要做"):
        await act(project, Act.CLOSE, "好", somebody())
    await admin.get(f"{LEDGER}/follow-settings")
    assert (await admin.post(f"{LEDGER}/follow-settings", typed)).status_code == 303
    await act(project, Act.CLOSE, "好", somebody())


async def test_what_belongs_to_another_project_is_absent(places: Places, superior: Browser) -> None:
    project, other = await a_project(places, budget=0), await a_project(places, budget=0)
    at = f"{LEDGER}/projects/{project.id}/certification"
    await superior.get(at)
    await superior.post(f"{at}/supervisors", data={"member": "D002"})
    supervisor = await one("ledger_supervisor", project.id)
    elsewhere = f"{LEDGER}/projects/{other.id}/certification/supervisors"
    foreign = await superior.post(f"{elsewhere}/{supervisor}/end")
    absent = await superior.post(f"{elsewhere}/{new_id()}/end")
    assert (foreign.status_code, absent.status_code) == (404, 404)
