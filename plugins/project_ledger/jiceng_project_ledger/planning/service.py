"""What may be done to a plan: write it before the start, mark its steps done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, NotFound, today
from jiceng.api.database import bulk_insert, current_tenant, execute, joined
from jiceng.api.files import store
from jiceng.api.pages import Event, record
from jiceng_project_ledger.library.service import locked
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.planning import queries
from jiceng_project_ledger.planning.checking import faults
from jiceng_project_ledger.planning.rows import phase_rows, step_rows
from jiceng_project_ledger.planning.schemas import Plan, Step
from jiceng_project_ledger.planning.tables import LedgerPhase, LedgerStep
from jiceng_project_ledger.states import STATE_WORDS, State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import date
    from uuid import UUID

    from jiceng_project_ledger.library.schemas import Project

FREE = frozenset({State.DRAFT, State.SUBMITTED, State.UNDER_REVIEW, State.POSTPONED, State.APPROVED})
"""States in which the plan is still written freely."""
_DONE = """
update ledger_step set done = $4, proof = $5, done_by = $6, file = $7
where tenant_id = $1 and project = $2 and seq = $3
"""


class Evidence(msgspec.Struct, frozen=True):
    """A file that shows what was done, as it arrives."""

    name: str
    pieces: AsyncIterator[bytes]


async def write(project_id: UUID, plan: Plan, by: UUID | None) -> None:
    """Keep a plan in place of the one before, while the project has not started.

    Raises NotFound, Conflict (it runs: a change is asked for instead), Invalid with every fault.
    """
    async with joined():
        project = await locked(project_id)
        if project.state not in FREE:
            raise Conflict(
                f"项目{STATE_WORDS[project.state]}，计划不能直接改",
                todo_zh="实施中的项目请申请变更计划" if project.running else "项目已经了结或正在验收",
            )
        refuse_faults(project, plan)
        await replace(project_id, Plan(plan.phases, tuple(undone(step) for step in plan.steps)), by)


async def replace(project_id: UUID, plan: Plan, by: UUID | None) -> None:
    """Put a plan in place of the one before: for `write`, granted changes, what a tenant brings along."""
    async with joined():
        for table in ("ledger_step", "ledger_phase"):
            sql = f"delete from {table} where tenant_id = $1 and project = $2"  # noqa: S608 - constants
            await execute(sql, current_tenant(), project_id)
        await bulk_insert(LedgerPhase, phase_rows(project_id, plan))
        await bulk_insert(LedgerStep, step_rows(project_id, plan, by))
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="planned")


async def complete(
    project_id: UUID, number: int, done: date, proof: str, by: UUID | None, evidence: Evidence | None = None
) -> None:
    """Mark step `number` (from 1) as done on a day, with what came of it and, if given, a file that shows it.

    Raises NotFound (no such step), Conflict (the project does not run; done already; an earlier phase has
    steps left), Invalid with every fault (the day, the proof), and as the file store for a wrong file.
    """
    async with joined():
        project = await locked(project_id)
        if not project.running:
            raise Conflict(
                f"项目{STATE_WORDS[project.state]}，不在实施中，步骤不能办结", todo_zh="请先开始实施"
            )
        plan = await queries.plan(project_id)
        if not 1 <= number <= len(plan.steps):
            raise NotFound("没有这个步骤")
        step = plan.steps[number - 1]
        if step.done is not None:
            raise Conflict(f"步骤“{step.name}”已在 {step.done} 完成", todo_zh="如有出入，请写在月度报告里")
        _refuse_before_phase(plan, step)
        _refuse_completion(plan, project, step, done, proof)
        file = None
        if evidence is not None:
            about = ("ledger_project", project_id)
            file = (await store(evidence.pieces, evidence.name, about=about, by=by)).id
        await execute(_DONE, current_tenant(), project_id, number, done, proof.strip(), by, file)
        record(
            Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="step_done", number=number
        )


def undone(step: Step) -> Step:
    """The step as it was planned."""
    return msgspec.structs.replace(step, name=step.name.strip(), done=None, proof="", file=None)


def refuse_faults(project: Project, plan: Plan, others: Sequence[str] = ()) -> None:
    """Raise Invalid with `others` and with everything that is wrong with a plan of the project."""
    found = [*others, *faults(plan, project.starts, project.deadline)]
    if found:
        raise Invalid(found, "计划没有保存", where="计划")


def _refuse_before_phase(plan: Plan, step: Step) -> None:
    left = [one for one in plan.steps if one.phase < step.phase and one.done is None]
    if left:
        raise Conflict(
            f"步骤“{step.name}”属于“{plan.phases[step.phase - 1].name}”阶段，前面的阶段还没有完成",
            where="、".join(one.name for one in left),
            todo_zh="请先办结前面阶段的步骤，或申请变更计划",
            what_en="steps of an earlier phase are not done",
            todo_en="complete them first, or ask for a change of the plan",
        )


def _refuse_completion(plan: Plan, project: Project, step: Step, done: date, proof: str) -> None:
    found = []
    if done > today():
        found.append(f"完成日期 {done} 还没有到")
    earliest = max(project.began or done, plan.phases[step.phase - 1].starts)
    if done < earliest:
        found.append(f"完成日期 {done} 早于所属阶段或项目的开始 {earliest}")
    if not proof.strip() or len(proof.strip()) > LONGEST_TEXT:
        found.append(f"请写明完成情况和成果，最多 {LONGEST_TEXT} 字")
    if found:
        raise Invalid(found, "步骤没有办结", where=step.name)
