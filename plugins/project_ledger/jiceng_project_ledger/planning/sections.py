"""The plan's part of a project's page: phases and steps, what is done, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import today
from jiceng.api.pages import Permission, may
from jiceng_project_ledger.library.powers import stands_above
from jiceng_project_ledger.planning import queries
from jiceng_project_ledger.planning.service import FREE

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project


async def plan_section(project: Project, user: SignedIn) -> dict[str, Any]:
    """The plan that holds now, what may be done to it, and its changes."""
    plan = await queries.plan(project.id)
    writing = may(user, Permission.TAKE_PART)
    changes = await queries.changes(project.id)
    return {
        "plan": plan,
        "due": plan.due(today()),
        "changes": changes,
        "next": next((number for number, step in enumerate(plan.steps, 1) if step.done is None), 0),
        "may_plan": writing and project.state in FREE,
        "may_complete": writing and project.running,
        "may_ask": writing and project.running and all(one.state != "asked" for one in changes),
        "may_decide": may(user, Permission.CHECK_WORK) and await stands_above(project, user.id),
    }
