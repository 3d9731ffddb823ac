"""Changes of a plan while the project runs: asked for with a reason, decided above, old and new kept."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, NotFound, now
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.library.powers import refuse_from_below
from jiceng_project_ledger.library.service import locked
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.planning import queries
from jiceng_project_ledger.planning.schemas import Plan
from jiceng_project_ledger.planning.service import FREE, refuse_faults, replace, undone
from jiceng_project_ledger.states import RUNNING, STATE_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project
    from jiceng_project_ledger.planning.schemas import PlanChange, Step

_ASK = """
insert into ledger_plan_change (tenant_id, id, project, seq, reason, before, after, state, asked_by, asked_at,
    decision, decided_by)
values ($1, $2, $3, $4, $5, $6, $7, 'asked', $8, $9, '', '')
"""
_LAST = "select coalesce(max(seq), 0) from ledger_plan_change where tenant_id = $1 and project = $2"
_DECIDE = """
update ledger_plan_change set state = $4, decision = $5, by = $6, decided_by = $7, decided_at = $8
where tenant_id = $1 and project = $2 and id = $3
"""


async def ask(project_id: UUID, plan: Plan, reason: str, by: UUID | None) -> UUID:
    """Ask for a changed plan while the project runs; steps that are done stay as they are.

    Raises NotFound, Conflict (it does not run; a change is open already), Invalid with every fault.
    """
    async with joined():
        project = await locked(project_id)
        if project.state not in RUNNING:
            raise Conflict(
                f"项目{STATE_WORDS[project.state]}，不用申请变更",
                todo_zh="开始实施以前直接修改计划" if project.state in FREE else "项目已经了结或正在验收",
            )
        if any(one.state == "asked" for one in await queries.changes(project_id)):
            raise Conflict("上一次变更申请还没有决定", todo_zh="请等上级决定后再申请")
        before = await queries.plan(project_id)
        after = carried_over(before, plan)
        said = [] if reason.strip() else ["请写明为什么变更"]
        if after == before:
            said.append("计划没有改动")
        refuse_faults(project, after, [*said, *_touched(before, plan)])
        change = new_id()
        seq = await fetch_value(_LAST, current_tenant(), project_id) + 1
        texts = (msgspec.json.encode(before).decode(), msgspec.json.encode(after).decode())
        kept = (project_id, seq, reason.strip()[:LONGEST_TEXT], *texts)
        await execute(_ASK, current_tenant(), change, *kept, by, now())
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="change_asked")
    return change


async def decide(project_id: UUID, change_id: UUID, reason: str, by: SignedIn, *, grant: bool) -> None:
    """Grant or refuse a change, with a reason, from above.

    Raises NotFound, Forbidden (not from above, or who asked), Conflict (decided already; steps were done
    meanwhile), Invalid (no reason).
    """
    async with joined():
        project = await locked(project_id)
        change = _found(await queries.changes(project_id), change_id)
        if change.state != "asked":
            raise Conflict("这次变更已经决定过了", todo_zh="请刷新页面")
        await refuse_from_below(project, by.id)
        if by.id == change.asked_by:
            raise Conflict("申请变更的人不能自己批准", todo_zh="请由上级的另一位同志决定")
        if not reason.strip():
            raise Invalid(["请写明理由"], "没有办理", where="理由")
        if grant:
            await _apply(project, change)
        state = "granted" if grant else "refused"
        who = (reason.strip()[:LONGEST_TEXT], by.id, by.name, now())
        await execute(_DECIDE, current_tenant(), project_id, change_id, state, *who)
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state=f"change_{state}")


async def one(project_id: UUID, change_id: UUID) -> PlanChange:
    """A change of a project. Raises NotFound."""
    return _found(await queries.changes(project_id), change_id)


def side_by_side(change: PlanChange) -> list[tuple[Step | None, Step | None]]:
    """Old and new steps beside each other: a step of the same phase and name in one row.

    So is one that only has another name now: no other that came or went is of its phase and dates.
    """
    old, new = _by_name(change.before.steps), _by_name(change.after.steps)
    gone = _by_span(step for key, step in old.items() if key not in new)
    come = _by_span(step for key, step in new.items() if key not in old)
    renamed = {span: gone[span][0] for span in gone if len(gone[span]) == len(come.get(span, ())) == 1}
    rows = [(old.get(key) or renamed.get(_span(step)), step) for key, step in new.items()]
    kept = {id(before) for before, _ in rows}
    dropped = [(step, None) for step in old.values() if id(step) not in kept]
    places = {id(step): place for steps in (old, new) for place, step in enumerate(steps.values())}
    return sorted(
        [*dropped, *rows],
        key=lambda row: min((step.phase, places[id(step)]) for step in row if step is not None),
    )


def carried_over(before: Plan, after: Plan) -> Plan:
    """The new plan with what is done of the old: each step that is done stays so in one place.

    Steps of a phase may share a name (four meetings): among them it is the one planned as it was.
    """
    left = [step for step in before.steps if step.done]
    steps = [undone(step) for step in after.steps]
    for same in (_planned, _named):
        for place, step in enumerate(steps):
            found = next((one for one in left if step.done is None and same(one) == same(step)), None)
            if found is not None:
                left.remove(found)
                steps[place] = found
    return Plan(after.phases, tuple(steps))


async def _apply(project: Project, change: PlanChange) -> None:
    now_holds = await queries.plan(project.id)
    if not project.running or [s.planned for s in now_holds.steps] != [
        s.planned for s in change.before.steps
    ]:
        raise Conflict("项目或计划在申请之后变了", todo_zh="请退回，由责任单位重新申请")
    refuse_faults(project, carried_over(now_holds, change.after), _touched(now_holds, change.after))
    await replace(project.id, carried_over(now_holds, change.after), change.asked_by)


def _found(changes: list[PlanChange], change_id: UUID) -> PlanChange:
    for one in changes:
        if one.id == change_id:
            return one
    raise NotFound("没有这次变更")


def _by_name(steps: Iterable[Step]) -> dict[tuple[int, str, int], Step]:
    """Steps by phase, name and which of the same phase and name it is."""
    found: dict[tuple[int, str, int], Step] = {}
    times: Counter[tuple[int, str]] = Counter()
    for step in steps:
        times[step.phase, step.name] += 1
        found[step.phase, step.name, times[step.phase, step.name]] = step
    return found


def _span(step: Step) -> tuple[int, date, date]:
    return (step.phase, step.starts, step.ends)


def _by_span(steps: Iterable[Step]) -> dict[tuple[int, date, date], list[Step]]:
    found: dict[tuple[int, date, date], list[Step]] = {}
    for step in steps:
        found.setdefault(_span(step), []).append(step)
    return found


def _touched(before: Plan, after: Plan) -> list[str]:
    """Steps that are done and would be dropped or changed."""
    wanted = [undone(step).planned for step in after.steps]
    found = []
    for step in before.steps:
        if step.done is None:
            continue
        if step.planned in wanted:
            wanted.remove(step.planned)
        else:
            found.append(f"步骤“{step.name}”已经完成，不能改也不能删")
    return found


def _planned(step: Step) -> tuple[object, ...]:
    return step.planned


def _named(step: Step) -> tuple[object, ...]:
    return (step.phase, step.name)
