"""What may be done to plans: write one, report a month, move it on. Each act is one transaction, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, Invalid, NotFound, now, organizations, today
from jiceng.api.database import current_tenant, execute, fetch_row, joined, new_id
from jiceng.api.pages import Event, record
from jiceng.api.turning_round import LONGEST_NAME, LONGEST_TEXT, refuse_act, refuse_report, too_long
from jiceng_classification.plans import queries
from jiceng_classification.plans.states import DECIDED_ABOVE, LIFE, Act, State
from jiceng_classification.plans.vocabulary import CAUSES, PLUGIN, PROGRAMMES, REMEDY

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_classification.plans.schemas import Draft, Plan

_ADD = """
insert into classification_plan (tenant_id, id, organization, year, programme, causes, goal, measures, helper,
    first_secretary, deadline, state, made_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $12)
on conflict (tenant_id, organization, year) do nothing
"""
_CHANGE = """
update classification_plan set programme = $3, causes = $4, goal = $5, measures = $6, helper = $7,
    first_secretary = $8, deadline = $9
where tenant_id = $1 and id = $2
"""
_LOCK = "select state, handed_in_by from classification_plan where tenant_id = $1 and id = $2 for update"
_MOVE = """
update classification_plan set state = $3,
    started = case when $4 in ('start', 'reopen') then $5 else started end,
    ended = case when $4 = 'accept' then $5 when $4 = 'reopen' then null else ended end,
    handed_in_by = case when $4 = 'hand_in' then $6 else handed_in_by end,
    deadline = coalesce($7, deadline)
where tenant_id = $1 and id = $2
"""
_TOLD = """
insert into classification_move (tenant_id, id, plan, act, before, after, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_REPORT = """
insert into classification_report (tenant_id, id, plan, month, percent, progress, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def write(draft: Draft, by: UUID | None) -> UUID:
    """A new plan of an organization for a year, as a draft.

    Raises Invalid with every fault, NotFound for an organization that may not be seen, Conflict when the year
    has a plan already.
    """
    _refuse_faults(draft)
    await _refuse_unseen(draft.organization)
    plan_id = new_id()
    async with joined():
        added = await execute(
            _ADD, current_tenant(), plan_id, draft.organization, draft.year, *_said(draft), by
        )
        if not added:
            raise Conflict("这个组织本年度已有方案", where=f"{draft.year}", todo_zh="请在原来的方案上修改")
        record(Event.WORK_MOVED, ("classification_plan", plan_id), plugin=PLUGIN, state="draft")
    return plan_id


async def rewrite(plan_id: UUID, draft: Draft) -> None:
    """Change a draft. Raises Conflict once it runs: then only a deadline is extended, with a reason."""
    _refuse_faults(draft)
    async with joined():
        plan = await _locked(plan_id)
        if plan.state is not State.DRAFT:
            raise Conflict("方案已开始实施，不能再改", todo_zh="期限可以延期，其余请上级终止后重新拟定")
        await execute(_CHANGE, current_tenant(), plan_id, *_said(draft))
        record(Event.WORK_MOVED, ("classification_plan", plan_id), plugin=PLUGIN, state="draft")


async def report(plan_id: UUID, month: date, percent: int, progress: str, by: UUID | None) -> None:
    """What happened in a month. Said again, the later word counts.

    Raises Conflict when the plan does not run, Invalid for a month to come or before it began.
    """
    said = progress.strip()
    async with joined():
        plan = await _locked(plan_id)
        if plan.state is not State.RUNNING:
            raise Conflict("方案不在实施中，不能填报进展", todo_zh="请先开始实施")
        refuse_report(plan, month, percent, said)
        await execute(_REPORT, current_tenant(), new_id(), plan_id, month, percent, said, by, now())
        record(Event.WORK_MOVED, ("classification_plan", plan_id), plugin=PLUGIN, state="reported", day=month)


async def act(
    plan_id: UUID, wanted: Act, reason: str, by: UUID | None, *, deadline: date | None = None
) -> None:
    """Move a plan on. Acceptance, return, extension, stop, reopening, redrafting: from above, with a reason.

    Raises Conflict (an act its state does not allow; the same person hands in and accepts), Forbidden (not
    from above), Invalid (what the act needs is missing).
    """
    async with joined():
        plan = await _locked(plan_id)
        after = LIFE.after(plan.state, wanted)
        if wanted in DECIDED_ABOVE:
            await _refuse_from_below(plan.organization)
        if wanted is Act.START:
            _refuse_incomplete(plan)
        refuse_act(plan, wanted, reason, by, deadline)
        chosen = deadline if wanted in {Act.EXTEND, Act.REOPEN} else None
        await execute(_MOVE, current_tenant(), plan_id, after, wanted, today(), by, chosen)
        moment = (plan_id, wanted, plan.state, after, reason.strip()[:LONGEST_TEXT], by, now())
        await execute(_TOLD, current_tenant(), new_id(), *moment)
        record(Event.WORK_MOVED, ("classification_plan", plan_id), plugin=PLUGIN, state=after.value)


async def _locked(plan_id: UUID) -> Plan:
    """The plan, its row locked until commit; raises NotFound like for any plan that may not be seen."""
    if await fetch_row(_LOCK, current_tenant(), plan_id) is None:
        raise NotFound("没有这份方案")
    return await queries.plan(plan_id)


async def _refuse_unseen(organization: UUID) -> None:
    if organization not in {row.id for row in await organizations(today())}:
        raise NotFound("没有这个组织")


async def _refuse_from_below(organization: UUID) -> None:
    """Whoever decides sees the superior organization too; nobody accepts his own organization's plan."""
    seen = {row.id: row for row in await organizations(today())}
    place = seen.get(organization)
    if place is not None and place.parent is not None and place.parent not in seen:
        raise Forbidden("这一步由上级组织办理", todo_zh="请联系上级组织部门")


def _refuse_faults(draft: Draft) -> None:
    faults = []
    if draft.programme not in PROGRAMMES:
        faults.append(f"类型“{draft.programme}”不在 {'、'.join(PROGRAMMES)} 之中")
    faults += [f"原因“{cause}”不在办法列明的情形之中" for cause in draft.causes if cause not in CAUSES]
    faults += too_long(
        (
            ("目标", draft.goal, LONGEST_TEXT),
            ("措施", draft.measures, LONGEST_TEXT),
            ("帮扶人", draft.helper, LONGEST_NAME),
            ("第一书记", draft.first_secretary, LONGEST_NAME),
        )
    )
    if faults:
        raise Invalid(faults, "没有保存", where="方案")


def _refuse_incomplete(plan: Plan) -> None:
    lacking = [
        title
        for title, given in (
            ("目标", plan.goal),
            ("措施", plan.measures),
            ("期限", plan.deadline),
            ("原因", plan.causes or plan.programme != REMEDY),
            ("帮扶人", plan.helper or plan.programme != REMEDY),
        )
        if not given
    ]
    if lacking:
        raise Invalid([f"还没有写{title}" for title in lacking], "没有开始实施", where="方案")


def _said(draft: Draft) -> tuple[object, ...]:
    return (
        draft.programme,
        list(dict.fromkeys(draft.causes)),
        draft.goal.strip(),
        draft.measures.strip(),
        draft.helper.strip(),
        draft.first_secretary.strip(),
        draft.deadline,
    )
