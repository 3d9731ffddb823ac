"""What may be done to help: plan it, report a month, move it on. Each act is one transaction, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, NotFound, now, today
from jiceng.api.database import current_tenant, execute, fetch_row, joined, new_id
from jiceng.api.turning_round import refuse_act, refuse_report, too_long
from jiceng_double_strong_six_good.firms.queries import firm, refuse_from_below
from jiceng_double_strong_six_good.help import queries
from jiceng_double_strong_six_good.help.states import DECIDED_ABOVE, LIFE, Act, State
from jiceng_double_strong_six_good.history.service import told
from jiceng_double_strong_six_good.standing.queries import tier_of
from jiceng_double_strong_six_good.vocabulary import LONGEST_NAME, LONGEST_TEXT, WEAK

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_double_strong_six_good.help.schemas import Draft, Help

KIND = "six_good_help"
_ADD = """
insert into six_good_help (tenant_id, id, unit, year, problems, measures, helper, deadline, state)
values ($1, $2, $3, $4, $5, $6, $7, $8, 'draft') on conflict (tenant_id, unit, year) do nothing
"""
_CHANGE = """
update six_good_help set problems = $3, measures = $4, helper = $5, deadline = $6
where tenant_id = $1 and id = $2
"""
_LOCK = "select id from six_good_help where tenant_id = $1 and id = $2 for update"
_MOVE = """
update six_good_help set state = $3,
    started = case when $4 in ('start', 'reopen') then $5 else started end,
    ended = case when $4 = 'accept' then $5 when $4 = 'reopen' then null else ended end,
    handed_in_by = case when $4 = 'hand_in' then $6 else handed_in_by end,
    deadline = coalesce($7, deadline)
where tenant_id = $1 and id = $2
"""
_REPORT = """
insert into six_good_progress (tenant_id, id, help, month, percent, progress, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def write(unit: UUID, year: int, draft: Draft, by: UUID | None) -> UUID:
    """A new plan for an enterprise whose tier of the year is the last.

    Raises Invalid with every fault, NotFound for a unit out of sight, Conflict for any other tier, or when
    the year has a plan already.
    """
    _refuse_faults(draft)
    found = await firm(unit)
    if await tier_of(unit, year) != WEAK:
        raise Conflict(f"{found.name} {year} 年度没有评为后进，不列入帮扶", todo_zh="只有后进企业列入帮扶")
    plan_id = new_id()
    async with joined():
        if not await execute(_ADD, current_tenant(), plan_id, unit, year, *_words(draft)):
            raise Conflict("这家企业本年度已有帮扶方案", where=f"{year}", todo_zh="请在原来的方案上修改")
        await told((KIND, plan_id), "write", ("", State.DRAFT), "", by)
    return plan_id


async def rewrite(plan_id: UUID, draft: Draft, by: UUID | None) -> None:
    """Change a draft. Raises Conflict once it runs: then only the deadline is extended, with a reason."""
    _refuse_faults(draft)
    async with joined():
        found = await _locked(plan_id)
        if found.state is not State.DRAFT:
            raise Conflict("帮扶已经开始，不能再改", todo_zh="期限可以延期，其余请上级终止后重新拟定")
        await execute(_CHANGE, current_tenant(), plan_id, *_words(draft))
        await told((KIND, plan_id), "rewrite", (found.state, found.state), "", by)


async def report(plan_id: UUID, month: date, percent: int, progress: str, by: UUID | None) -> None:
    """What happened in a month. Said again, the later word counts.

    Raises Conflict when the help does not run, Invalid for a month to come or before it began.
    """
    said = progress.strip()
    async with joined():
        found = await _locked(plan_id)
        if found.state is not State.RUNNING:
            raise Conflict("帮扶不在进行中，不能填报进展", todo_zh="请先开始帮扶")
        refuse_report(found, month, percent, said)
        await execute(_REPORT, current_tenant(), new_id(), plan_id, month, percent, said, by, now())
        await told((KIND, plan_id), "report", (found.state, found.state), f"{month:%Y-%m} {percent}%", by)


async def act(
    plan_id: UUID, wanted: Act, reason: str, by: UUID | None, *, deadline: date | None = None
) -> None:
    """Move help on. Acceptance, return, extension, stop, reopening, redrafting: from above, with a reason.

    Raises IllegalMove, Forbidden (not from above), Conflict (the same person hands in and accepts), Invalid
    (what the act needs is missing).
    """
    async with joined():
        found = await _locked(plan_id)
        after = LIFE.after(found.state, wanted)
        if wanted in DECIDED_ABOVE:
            await refuse_from_below(await firm(found.unit))
        if wanted is Act.START and (lacking := found.said().lacking()):
            raise Invalid([f"还没有写{title}" for title in lacking], "没有开始帮扶", where="方案")
        refuse_act(found, wanted, reason, by, deadline)
        until = deadline if wanted in {Act.EXTEND, Act.REOPEN} else None
        await execute(_MOVE, current_tenant(), plan_id, after, wanted, today(), by, until)
        await told((KIND, plan_id), wanted, (found.state, after), reason, by)


async def _locked(plan_id: UUID) -> Help:
    """The plan, its row locked until commit; raises NotFound like for any that may not be seen."""
    if await fetch_row(_LOCK, current_tenant(), plan_id) is None:
        raise NotFound("没有这份帮扶方案")
    return await queries.plan(plan_id)


def _refuse_faults(draft: Draft) -> None:
    faults = too_long(
        (
            ("问题", draft.problems, LONGEST_TEXT),
            ("措施", draft.measures, LONGEST_TEXT),
            ("帮扶人", draft.helper, LONGEST_NAME),
        )
    )
    if faults:
        raise Invalid(faults, "没有保存", where="帮扶方案")


def _words(draft: Draft) -> tuple[object, ...]:
    return draft.problems.strip(), draft.measures.strip(), draft.helper.strip(), draft.deadline
