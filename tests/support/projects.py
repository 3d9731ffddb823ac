"""A small town with projects: proposals, people who judge them, projects brought as far as a test needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
from tests.support.appraisal import small_town

from jiceng.accounts.schemas import SignedIn
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.ids import new_id
from jiceng.tenancy.service import set_plugin
from jiceng_project_ledger.costs import budget
from jiceng_project_ledger.costs.queries import costs
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.library import queries, service
from jiceng_project_ledger.library.schemas import Proposal
from jiceng_project_ledger.library.vocabulary import Kind
from jiceng_project_ledger.planning import service as planning
from jiceng_project_ledger.planning.schemas import Phase, Plan, Step
from jiceng_project_ledger.reviewing import service as reviewing
from jiceng_project_ledger.reviewing.forms import SCORED, asked
from jiceng_project_ledger.reviewing.rules import Criterion, Rules
from jiceng_project_ledger.states import LIFE, Act, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jiceng_project_ledger.library.schemas import Project

Places = dict[str, UUID]
SCORES = {"必要性": 20, "可行性": 20, "预期成效": 20, "创新性": 10, "经费合理性": 10}
_LIFE = (Act.SUBMIT, Act.REVIEW, Act.APPROVE, Act.START)


def somebody(name: str = "张主任") -> SignedIn:
    """A person with the whole tenant in view; no account of the database."""
    return SignedIn(id=new_id(), login="x", name=name, role="reviewer", tenant=1, session=new_id())


async def project_town() -> Places:
    """The committee O1, its branches O2 and O3, by turns members D001 to D006, by number; the plugin on."""
    people = await small_town(6)
    await set_plugin("project_ledger", on=True)
    rows = await fetch("select number, id from organization where tenant_id = $1", current_tenant())
    return {row["number"]: row["id"] for row in rows} | {n: UUID(id_) for n, id_ in people.items()}


def proposal(places: Places, owner: str = "O2", **said: Any) -> Proposal:
    """A whole proposal of a branch, for this year."""
    year = today().year
    whole = Proposal(
        title="红色物业进小区",
        kind=Kind.MAIN,
        organization=places[owner],
        year=year,
        proposer="东街党支部",
        responsible=places["D001"],
        goal="物业矛盾不出小区",
        content="每个小区建一个议事厅",
        measures="满意度 90% 以上",
        benchmark="某市某街道",
        benchmark_measure="矛盾化解率",
        benchmark_unit="%",
        benchmark_figure=Decimal("98.5"),
        start_figure=Decimal(80),
        budget=50_000_00,
        starts=date(year, 1, 1),
        deadline=date(year, 12, 31),
    )
    return msgspec.structs.replace(whole, **said)


def plan_of(project: Project) -> Plan:
    """Two phases, three steps, weights 30, 30, 40, over the project's year."""
    year = project.year
    half, end = date(year, 6, 30), date(year, 12, 31)
    return Plan(
        (Phase("准备", date(year, 1, 1), half), Phase("实施", date(year, 7, 1), end)),
        (
            Step(1, "摸底", date(year, 1, 1), date(year, 3, 31), 30, "小区清单"),
            Step(1, "定方案", date(year, 4, 1), half, 30, "方案"),
            Step(2, "建议事厅", date(year, 7, 1), end, 40, "议事厅"),
        ),
    )


async def brought_to(project_id: UUID, state: State = State.IN_PROGRESS) -> Project:
    """A draft brought on to a state on the straight way: reviewed twice, planned, decided by 张主任."""
    for step in _LIFE:
        found = await queries.project(project_id)
        if found.state is state:
            return found
        if step not in LIFE.allowed(found.state):
            continue
        if step is Act.APPROVE:
            for reviewer in ("甲", "乙"):
                await reviewing.review(project_id, SCORES, "", somebody(reviewer))
        if step is Act.START:
            await planning.write(project_id, plan_of(found), somebody().id)
            if found.budget and not (await costs(project_id)).planned:
                await budget.add(project_id, "全部", found.budget, somebody().id)
        await act(project_id, step, "同意", somebody())
    return await queries.project(project_id)


async def a_project(places: Places, state: State = State.IN_PROGRESS, **said: Any) -> Project:
    """A new project of a branch in a state on the straight way up to in_progress."""
    return await brought_to(await service.write(proposal(places, **said), new_id()), state)


def review_form(*said: str, criteria: Sequence[Criterion] = (), opinion: str = "") -> dict[str, str]:
    """The form of a review with these scores, opened by these criteria, else by those delivered."""
    scores = {f"s{number}": score for number, score in enumerate(said, 1)}
    carried = {f"{SCORED}{number}": asked(one) for number, one in enumerate(criteria or Rules().criteria, 1)}
    return scores | carried | {"opinion": opinion}
