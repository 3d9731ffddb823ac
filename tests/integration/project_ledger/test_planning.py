"""Integration: a plan is written, carried out step by step, changed by request."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.support.projects import a_project, plan_of, project_town, somebody

from jiceng.api import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.planning import changing, queries, service
from jiceng_project_ledger.planning.schemas import Plan
from jiceng_project_ledger.states import Act, State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.projects import Places

    from jiceng_project_ledger.library.schemas import Project


@pytest.fixture
async def places(two_tenants: Any) -> AsyncIterator[Places]:
    with tenant_scope(two_tenants[0]):
        yield await project_town()


@pytest.fixture
async def running(places: Places) -> Project:
    return await a_project(places, budget=0)


def weighted(project: Project, *weights: int) -> Plan:
    plan = plan_of(project)
    return Plan(
        plan.phases,
        tuple(
            msgspec.structs.replace(step, weight=weight)
            for step, weight in zip(plan.steps, weights, strict=True)
        ),
    )


async def test_a_plan_with_faults_is_refused_whole_and_the_one_before_stays(places: Places) -> None:
    project = await a_project(places, State.APPROVED)
    await service.write(project.id, plan_of(project), None)
    with pytest.raises(Invalid, match="各步权重合计应是 100，现在是 90"):
        await service.write(project.id, weighted(project, 30, 20, 40), None)
    assert await queries.plan(project.id) == plan_of(project)


async def test_a_project_does_not_start_without_a_plan_that_stands(places: Places) -> None:
    project = await a_project(places, State.APPROVED)
    with pytest.raises(Conflict, match="计划还不能用：请至少写一个步骤"):
        await act(project.id, Act.START, "", somebody())


async def test_once_it_runs_the_plan_is_not_written_over(running: Project) -> None:
    with pytest.raises(Conflict, match="项目实施中，计划不能直接改") as refused:
        await service.write(running.id, plan_of(running), None)
    assert refused.value.todo_zh == "实施中的项目请申请变更计划"


async def test_steps_are_done_with_proof_phase_after_phase_and_then_it_is_handed_in(running: Project) -> None:
    day = today()
    with pytest.raises(Conflict, match="步骤“建议事厅”属于“实施”阶段，前面的阶段还没有完成（摸底、定方案）"):
        await service.complete(running.id, 3, day, "建成", None)
    with pytest.raises(NotFound):
        await service.complete(running.id, 4, day, "建成", None)
    for number, proof in ((1, "清单 12 份"), (2, "方案一份")):
        await service.complete(running.id, number, day, proof, new_id())
    with pytest.raises(Conflict, match="步骤“摸底”已在"):
        await service.complete(running.id, 1, day, "再来", None)
    with pytest.raises(Conflict, match="还有 1 个步骤没有完成：建议事厅"):
        await act(running.id, Act.HAND_IN, "", somebody())
    plan = await queries.plan(running.id)
    assert (plan.done, plan.current, plan.steps[0].proof) == (60, "实施", "清单 12 份")
    await service.complete(running.id, 3, day, "建成一处", None)
    assert await act(running.id, Act.HAND_IN, "", somebody()) is State.ACCEPTANCE
    with pytest.raises(Conflict, match="不在实施中，步骤不能办结"):
        await service.complete(running.id, 3, day, "建成", None)


async def test_a_step_is_not_done_in_the_future_before_its_project_or_without_proof(running: Project) -> None:
    with pytest.raises(Invalid) as refused:
        await service.complete(running.id, 1, today() + timedelta(days=1), " ", None)
    assert refused.value.faults == (
        f"完成日期 {today() + timedelta(days=1)} 还没有到",
        "请写明完成情况和成果，最多 2000 字",
    )
    with pytest.raises(Invalid, match="早于所属阶段或项目的开始"):
        await service.complete(running.id, 1, date(running.year, 1, 1) - timedelta(days=1), "清单", None)
    assert (await queries.plan(running.id)).done == 0


async def test_a_change_is_asked_for_with_a_reason_and_granted_from_above(running: Project) -> None:
    await service.complete(running.id, 1, today(), "清单 12 份", None)
    asker = somebody("王支书")
    with pytest.raises(Invalid) as refused:
        await changing.ask(running.id, plan_of(running), " ", asker.id)
    assert refused.value.faults == ("请写明为什么变更", "计划没有改动")
    change = await changing.ask(running.id, weighted(running, 30, 20, 50), "方案简化", asker.id)
    with pytest.raises(Conflict, match="上一次变更申请还没有决定"):
        await changing.ask(running.id, weighted(running, 30, 10, 60), "再改", asker.id)
    with pytest.raises(Conflict, match="申请变更的人不能自己批准"):
        await changing.decide(running.id, change, "好", asker, grant=True)
    with pytest.raises(Invalid, match="请写明理由"):
        await changing.decide(running.id, change, "", somebody(), grant=True)
    assert (await queries.plan(running.id)).steps[2].weight == 40
    await changing.decide(running.id, change, "同意", somebody("李书记"), grant=True)
    plan, told = await queries.plan(running.id), (await queries.changes(running.id))[0]
    assert ([step.weight for step in plan.steps], plan.done) == ([30, 20, 50], 30)
    assert (told.state, told.decided_by, told.decision) == ("granted", "李书记", "同意")
    assert [step.weight for step in told.before.steps] == [30, 30, 40]
    with pytest.raises(Conflict, match="已经决定过了"):
        await changing.decide(running.id, change, "同意", somebody(), grant=False)


async def test_a_change_leaves_what_is_done_and_a_refused_one_leaves_all(running: Project) -> None:
    await service.complete(running.id, 1, today(), "清单 12 份", None)
    with pytest.raises(Invalid, match="步骤“摸底”已经完成，不能改也不能删"):
        await changing.ask(running.id, weighted(running, 20, 40, 40), "换个算法", None)
    change = await changing.ask(running.id, weighted(running, 30, 20, 50), "方案简化", None)
    await changing.decide(running.id, change, "不必", somebody(), grant=False)
    assert [step.weight for step in (await queries.plan(running.id)).steps] == [30, 30, 40]
    with pytest.raises(NotFound):
        await changing.decide(running.id, new_id(), "好", somebody(), grant=True)


async def test_steps_done_while_a_change_waits_are_carried_into_it(running: Project) -> None:
    change = await changing.ask(running.id, weighted(running, 30, 20, 50), "方案简化", None)
    await service.complete(running.id, 1, today(), "清单 12 份", None)
    await changing.decide(running.id, change, "同意", somebody(), grant=True)
    assert (await queries.plan(running.id)).steps[0].proof == "清单 12 份"


async def test_a_running_project_is_not_handed_in_while_a_change_waits(running: Project) -> None:
    change = await changing.ask(running.id, weighted(running, 30, 20, 50), "方案简化", None)
    for number in (1, 2, 3):
        await service.complete(running.id, number, today(), "完成", None)
    with pytest.raises(Conflict, match="计划变更还没有决定"):
        await act(running.id, Act.HAND_IN, "", somebody())
    with pytest.raises(Invalid, match="步骤“定方案”已经完成，不能改也不能删"):
        await changing.decide(running.id, change, "同意", somebody(), grant=True)


async def test_the_owner_does_not_grant_his_own_change(running: Project) -> None:
    change = await changing.ask(running.id, weighted(running, 30, 20, 50), "方案简化", None)
    proposer = msgspec.structs.replace(somebody(), id=running.made_by)
    with pytest.raises(Forbidden, match="申报人不能决定自己单位的项目"):
        await changing.decide(running.id, change, "同意", proposer, grant=True)
