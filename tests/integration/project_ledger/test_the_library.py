"""Integration: projects from the draft to the decision, within the data scope."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from tests.support.projects import SCORES, Places, a_project, brought_to, project_town, proposal, somebody
from tests.support.web import tenant_info

from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.queries import account_by_login
from jiceng.accounts.scope import Reach, looking
from jiceng.api import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel import clock
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, execute, fetch, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.roster.queries import subject_frame
from jiceng_project_ledger.assessment.handing_in import read
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.followup.standing import standing
from jiceng_project_ledger.library import queries, service
from jiceng_project_ledger.library.queries import Wanted
from jiceng_project_ledger.planning import service as planning
from jiceng_project_ledger.reviewing import service as reviewing
from jiceng_project_ledger.states import Act, State
from jiceng_project_ledger.views.dossier import file_name

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest.fixture
async def places(two_tenants: Any) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        yield await project_town()


async def test_a_draft_gets_the_next_number_of_its_year(places: Places) -> None:
    made = [await service.write(proposal(places), None) for _ in range(2)]
    year = today().year
    assert [(await queries.project(one)).number for one in made] == [f"{year}-001", f"{year}-002"]
    with pytest.raises(Conflict, match="项目编号已经用过"):
        await service.write(proposal(places), None, number=f"{year}-001")


async def test_a_number_that_is_taken_already_is_passed_over(places: Places) -> None:
    year = today().year
    for number in (f"{year}-001", f"{year}-002"):
        await service.write(proposal(places), new_id(), number=number)
    with pytest.raises(Conflict, match="项目编号已经用过"):
        await service.write(proposal(places), new_id(), number=f"{year}-001")
    made = await service.write(proposal(places), new_id())
    assert (await queries.project(made)).number == f"{year}-003"


async def test_every_fault_of_a_proposal_is_told_and_nothing_is_kept(places: Places) -> None:
    year = today().year
    wrong = proposal(
        places,
        title=" ",
        budget=-1,
        starts=date(year, 6, 1),
        deadline=date(year, 5, 1),
        organization=new_id(),
    )
    with pytest.raises(Invalid) as refused:
        await service.write(wrong, None)
    assert refused.value.faults == (
        "请填项目名称",
        "预算不能是负数",
        f"完成期限 {year}-05-01 早于开始日期 {year}-06-01",
        "没有这个责任单位，请从列表里选",
    )
    assert await queries.projects() == []


async def test_a_proposal_is_submitted_only_when_all_of_it_is_said(places: Places) -> None:
    project = await service.write(proposal(places, goal="", benchmark="", responsible=None), None)
    with pytest.raises(Conflict, match="还不能申报：申报表还没有填责任人、目标、对标对象"):
        await act(project, Act.SUBMIT, "", somebody())
    await service.rewrite(project, proposal(places))
    assert await act(project, Act.SUBMIT, "", somebody()) is State.SUBMITTED
    with pytest.raises(Conflict, match="项目已经申报，不能再改"):
        await service.rewrite(project, proposal(places))


async def test_an_approved_project_is_a_subject_of_its_owner_until_the_year_it_ends_in_is_over(
    places: Places,
) -> None:
    project = await a_project(places)
    row = (await subject_frame("project", today())).to_dicts()
    assert [(one["subject"], one["kind"]) for one in row] == [(str(project.subject), "主体项目")]
    await act(project.id, Act.TERMINATE, "经费没有着落", somebody())
    assert len(await subject_frame("project", date(today().year, 12, 31))) == 1
    assert len(await subject_frame("project", date(today().year + 1, 1, 1))) == 0


async def test_it_is_approved_after_enough_reviews_by_a_named_person_with_a_reason(places: Places) -> None:
    project = await a_project(places, State.UNDER_REVIEW)
    with pytest.raises(Conflict, match="只有 0 人评分，至少要 2 人"):
        await act(project.id, Act.APPROVE, "可行", somebody())
    await reviewing.review(project.id, SCORES, "可行", somebody("甲"))
    await reviewing.review(project.id, SCORES | {"必要性": 25, "创新性": 15}, "", somebody("乙"))
    with pytest.raises(Invalid, match="立项要写明理由"):
        await act(project.id, Act.APPROVE, " ", somebody())
    await act(project.id, Act.APPROVE, "基础好", somebody("李书记"))
    found = (await queries.moves(project.id))[-1]
    assert (found.seq, found.act, found.after, found.reason) == (3, "approve", "approved", "基础好")
    assert found.decided_by == "李书记"
    told = reviewing.summary(await reviewing.reviews(project.id, 1))
    assert told is not None
    assert (str(told.mean), str(told.spread), told.low, told.high) == ("85.00", "5.00", 80, 90)
    assert str(told.by_criterion["必要性"]) == "22.50"


async def test_scores_are_checked_and_count_once_a_reviewer(places: Places) -> None:
    project, reviewer = await a_project(places, State.UNDER_REVIEW), somebody()
    with pytest.raises(Invalid) as refused:
        await reviewing.review(project.id, {"必要性": 26, "可行性": -1, "预期成效": 1}, "", reviewer)
    assert refused.value.faults == (
        "“创新性”还没有评分",
        "“经费合理性”还没有评分",
        "“必要性”应在 0 到 25 之间",
        "“可行性”应在 0 到 25 之间",
    )
    await reviewing.review(project.id, SCORES, "", reviewer)
    await reviewing.review(project.id, SCORES | {"必要性": 10}, "再看", reviewer)
    assert [one.total for one in await reviewing.reviews(project.id)] == [70]
    await brought_to(project.id, State.APPROVED)
    with pytest.raises(Conflict, match="项目已立项，不在论证中，不能评分"):
        await reviewing.review(project.id, SCORES, "", reviewer)


@pytest.mark.parametrize(("person", "scope"), [("D001", "all"), ("", "own")])
async def test_nobody_of_the_owner_organization_reviews_or_decides(
    two_tenants: Any, places: Places, person: str, scope: str
) -> None:
    project = await a_project(places, State.UNDER_REVIEW)
    tenant = await tenant_info(two_tenants[0])
    await invite(tenant, "owner", "东街", "reviewer", person=person)
    owner = places["O2"] if scope == "own" else None
    await execute(
        "update account set scope = $2, organization = $3 where tenant_id = $1 and login = 'owner'",
        *(current_tenant(), scope, owner),
    )
    account = await account_by_login("owner")
    assert account is not None
    by = somebody()
    by = type(by)(**{name: getattr(by, name) for name in by.__struct_fields__} | {"id": account["id"]})
    with pytest.raises(Forbidden, match="责任单位的人员不能评审本单位的项目"):
        await reviewing.review(project.id, SCORES, "", by)
    with pytest.raises(Forbidden, match="责任单位的人员不能决定自己单位的项目"):
        await act(project.id, Act.REJECT, "不行", by)
    assert (await queries.project(project.id)).state is State.UNDER_REVIEW


async def test_the_proposer_neither_reviews_nor_decides(places: Places) -> None:
    proposer = somebody()
    project = await brought_to(await service.write(proposal(places), proposer.id), State.UNDER_REVIEW)
    with pytest.raises(Forbidden, match="申报人不能评审本单位的项目"):
        await reviewing.review(project.id, SCORES, "", proposer)
    with pytest.raises(Forbidden, match="申报人不能决定自己单位的项目"):
        await act(project.id, Act.POSTPONE, "等", proposer)


async def test_a_branch_sees_its_own_projects_a_town_those_below_it(places: Places) -> None:
    east = await a_project(places, State.DRAFT)
    west = await a_project(places, State.DRAFT, organization=places["O3"], responsible=places["D002"])
    with looking(Reach("own", places["O2"]), "secretary"):
        assert [one.id for one in await queries.projects()] == [east.id]
        with pytest.raises(NotFound):
            await queries.project(west.id)
        with pytest.raises(NotFound):
            await act(west.id, Act.SUBMIT, "", somebody())
        with pytest.raises(Forbidden, match="这一步由上级组织办理"):
            await act((await brought_to_review(east.id)), Act.REJECT, "不行", somebody())
    with looking(Reach("subtree", places["O1"]), "reviewer"):
        assert {one.id for one in await queries.projects()} == {east.id, west.id}
    with looking(Reach("self", person="D002"), "member"):
        assert [one.id for one in await queries.projects()] == [west.id]


async def brought_to_review(project_id: Any) -> Any:
    await execute(
        "update ledger_project set state = 'under_review' where tenant_id = $1 and id = $2",
        *(current_tenant(), project_id),
    )
    return project_id


async def test_rejected_and_postponed_projects_are_kept_and_found(places: Places) -> None:
    rejected = await a_project(places, State.UNDER_REVIEW, title="甲项目")
    postponed = await a_project(places, State.UNDER_REVIEW, title="乙项目")
    await act(rejected.id, Act.REJECT, "重复建设", somebody())
    await act(postponed.id, Act.POSTPONE, "明年再议", somebody())
    found = await queries.projects(Wanted(states=("rejected", "postponed")))
    assert {one.title: one.state for one in found} == {"甲项目": State.REJECTED, "乙项目": State.POSTPONED}
    assert [one.title for one in await queries.projects(Wanted(words="乙"))] == ["乙项目"]
    assert await queries.projects(Wanted(words="%")) == []
    await act(postponed.id, Act.RESUME, "今年有经费了", somebody())
    again = await queries.project(postponed.id)
    assert (again.state, again.round) == (State.UNDER_REVIEW, 2)


async def test_a_later_deadline_is_set_from_above_and_only_a_later_one(places: Places) -> None:
    project = await a_project(places)
    assert project.deadline is not None
    with pytest.raises(Invalid, match="新期限应晚于"):
        await act(project.id, Act.EXTEND, "下雨", somebody(), deadline=project.deadline)
    later = date(project.year + 1, 3, 31)
    assert await act(project.id, Act.EXTEND, "下雨", somebody(), deadline=later) is State.EXTENDED
    assert (await queries.project(project.id)).deadline == later


async def test_what_is_done_in_the_first_hours_of_a_day_is_of_that_day(places: Places) -> None:
    early = datetime(2026, 7, 1, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    with clock.showing(early):
        project = await a_project(places, budget=0)
        later = date(2027, 3, 31)
        await act(project.id, Act.EXTEND, "下雨", somebody(), deadline=later)
        for number in (1, 2, 3):
            await planning.complete(project.id, number, today(), "完成", None)
        await act(project.id, Act.HAND_IN, "", somebody())
        project = await queries.project(project.id)
        assert (await read(project, (0, 0), 2026)).extended == [(date(2026, 7, 1), later)]
        assert (await standing(project)).handed_in == date(2026, 7, 1)


async def test_every_move_is_audited(places: Places) -> None:
    project = await a_project(places, budget=0)
    rows = await fetch(
        "select details::json->>'state' as state from audit_entry where tenant_id = $1 and object_id = $2"
        " order by seq",
        *(current_tenant(), str(project.id)),
    )
    assert [row["state"] for row in rows] == [
        *("draft", "submitted", "under_review", "reviewed", "reviewed", "approved", "planned", "in_progress"),
    ]


async def test_of_two_who_decide_at_once_one_is_told_that_it_was_decided(places: Places) -> None:
    project = await a_project(places, State.UNDER_REVIEW)
    told = await asyncio.gather(
        act(project.id, Act.REJECT, "重复", somebody("甲")),
        act(project.id, Act.RETURN, "补材料", somebody("乙")),
        return_exceptions=True,
    )
    reached = [one for one in told if isinstance(one, State)]
    assert len(reached) == 1
    assert sum(isinstance(one, Conflict) for one in told) == 1
    assert (await queries.project(project.id)).state is reached[0]
    assert [one.seq for one in await queries.moves(project.id)] == [1, 2, 3]


async def test_the_file_of_a_project_is_named_by_the_day_in_china(places: Places) -> None:
    project = await a_project(places)
    with clock.showing(datetime(2026, 10, 1, 20, tzinfo=UTC)):
        assert file_name(project, "pdf") == f"项目档案-{project.number}-20261002.pdf"
