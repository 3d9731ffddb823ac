"""Property: whatever is done to a project in whatever order, its state is the fold of its kept moves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.projects import SCORES, a_project, plan_of, project_town, somebody

from jiceng.api import Conflict, Forbidden, Invalid
from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng_project_ledger.certification import accepting
from jiceng_project_ledger.certification.accepting import Meeting
from jiceng_project_ledger.certification.life import Verdict
from jiceng_project_ledger.course.moving import act
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.planning import queries as plans
from jiceng_project_ledger.planning import service as planning
from jiceng_project_ledger.reviewing import service as reviewing
from jiceng_project_ledger.states import BY_THE_OWNER, LIFE, Act, State

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project

ONWARD = (Act.SUBMIT, Act.REVIEW, Act.APPROVE, Act.START, Act.HAND_IN, Act.CLOSE)
TRIED = st.lists(
    st.tuples(st.sampled_from((*Act, None, None, None, None)), st.booleans(), st.booleans()),
    min_size=6,
    max_size=16,
)
"""An act (None: the next one on the straight way), whether a reason is given, whether its gates are met."""


async def prepared(project: Project) -> None:
    """What the gates ask for in the project's state."""
    if project.state is State.UNDER_REVIEW:
        for name in ("甲", "乙"):
            await reviewing.review(project.id, SCORES, "", somebody(name))
    if project.state is State.APPROVED:
        await planning.write(project.id, plan_of(project), None)
    if project.state is State.ACCEPTANCE:
        met = Meeting(
            held=today(), chair="D002", others=("D004", "D006"), verdict=Verdict.PASSED, opinion="看过现场"
        )
        await accepting.accept(project.id, met, somebody())
    if project.running:
        for number, step in enumerate((await plans.plan(project.id)).steps, 1):
            if step.done is None:
                await planning.complete(project.id, number, today(), "完成", None)


async def tried(project: Project, wanted: Act, reason: str) -> None:
    """One act; if it is refused, neither the project nor its moves have changed."""
    before = await queries.moves(project.id)
    deadline = max(project.deadline or today(), today()) + timedelta(days=30)
    try:
        reached = await act(project.id, wanted, reason, somebody(), deadline=deadline)
    except (Conflict, Forbidden, Invalid):
        assert await queries.project(project.id) == project
        assert await queries.moves(project.id) == before
    else:
        assert reached is LIFE.moves[project.state, wanted]
        assert len(await queries.moves(project.id)) == len(before) + 1
        assert reason or wanted in BY_THE_OWNER


async def lived(tenant: int, places: dict[str, Any], tries: list[tuple[Act | None, bool, bool]]) -> None:
    """A project's life: everything that is tried, and then its moves read once more from the first."""
    with tenant_scope(tenant):
        draft = await a_project(places, State.DRAFT, budget=0)
        for wish, reasoned, ready in tries:
            project = await queries.project(draft.id)
            wanted = wish or next((one for one in ONWARD if one in LIFE.allowed(project.state)), Act.SUBMIT)
            if ready:
                await prepared(project)
                project = await queries.project(draft.id)
            await tried(project, wanted, "理由" if reasoned or wish is None else "")
        state = State.DRAFT
        for seq, move in enumerate(await queries.moves(draft.id), 1):
            assert (move.seq, State(move.before)) == (seq, state)
            state = LIFE.after(state, Act(move.act))
            assert State(move.after) is state
        assert (await queries.project(draft.id)).state is state


async def test_the_straight_way_ends_in_a_closed_project(two_tenants: Any) -> None:
    with tenant_scope(two_tenants[0]):
        places = await project_town()
    await lived(two_tenants[0], places, [(None, True, True)] * len(ONWARD))
    with tenant_scope(two_tenants[0]):
        assert [one.state for one in await queries.projects()] == [State.CLOSED]


async def test_the_state_is_the_fold_of_the_moves_and_refusals_change_nothing(two_tenants: Any) -> None:
    with tenant_scope(two_tenants[0]):
        places = await project_town()
    loop = asyncio.get_running_loop()

    @settings(max_examples=8, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(TRIED)
    def any_life(tries: list[tuple[Act | None, bool, bool]]) -> None:
        asyncio.run_coroutine_threadsafe(lived(two_tenants[0], places, tries), loop).result()

    await asyncio.to_thread(any_life)


@pytest.mark.parametrize("act_", sorted(Act))
def test_every_act_is_somewhere_allowed(act_: Act) -> None:
    assert any(act_ in LIFE.allowed(state) for state in State)
