"""What the plan must be before the project starts, and what must be done of it before it is handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_project_ledger.missing import Missing
from jiceng_project_ledger.planning import queries
from jiceng_project_ledger.planning.checking import faults

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


async def plan_stands(project: Project) -> Missing | None:
    """There is a plan and it fits the project's dates."""
    found = faults(await queries.plan(project.id), project.starts, project.deadline)
    if not found:
        return None
    return Missing(f"计划还不能用：{'；'.join(found[:3])}", "请先写好实施计划", "the plan cannot stand yet")


async def steps_done(project: Project) -> Missing | None:
    """Every step is done."""
    left = [step.name for step in (await queries.plan(project.id)).steps if step.done is None]
    if not left:
        return None
    return Missing(
        f"还有 {len(left)} 个步骤没有完成：{'、'.join(left[:5])}",
        "请先办结步骤，或申请变更计划",
        f"{len(left)} steps are not done",
    )


async def no_open_change(project: Project) -> Missing | None:
    """No change of the plan waits for a decision."""
    if all(one.state != "asked" for one in await queries.changes(project.id)):
        return None
    return Missing("计划变更还没有决定", "请上级先决定变更申请", "a change of the plan is undecided")
