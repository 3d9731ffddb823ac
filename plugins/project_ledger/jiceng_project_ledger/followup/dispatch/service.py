"""Quarterly dispatch: who is late is listed once a quarter, told what to do until when, and answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, today
from jiceng.api.database import current_tenant, execute, fetch_row, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.due import Kind, add_months, beginning
from jiceng_project_ledger.followup.lights import Colour
from jiceng_project_ledger.followup.standing import standings
from jiceng_project_ledger.library.powers import refuse_from_below, refuse_stranger
from jiceng_project_ledger.library.queries import Wanted, project, projects
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.states import RUNNING

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.followup.schemas import DispatchLine

_LIST = """
insert into ledger_dispatch (tenant_id, id, project, quarter, colour, why, made_on, instruction,
    instructed_name, answer)
values ($1, $2, $3, $4, $5, $6, $7, '', '', '')
on conflict (tenant_id, project, quarter) do nothing
"""
_LOCK = "select id from ledger_dispatch where tenant_id = $1 and id = $2 for update"
_INSTRUCT = """
update ledger_dispatch set instruction = $3, answer_due = $4, instructed_by = $5, instructed_name = $6
where tenant_id = $1 and id = $2
"""
_ANSWER = """
update ledger_dispatch set answer = $3, answered_on = $4, answered_by = $5 where tenant_id = $1 and id = $2
"""


async def list_late(quarter: date) -> int:
    """Put every running project that is red or yellow today on the quarter's list; those on it stay.

    Returns how many were added. Raises Invalid for a quarter that is not the current or the last one.
    """
    now = beginning(Kind.QUARTER, today())
    if quarter not in {now, add_months(now, -3)}:
        raise Invalid(["只能列本季度或上季度的调度"], "没有列出", where=f"{quarter:%Y-%m}")
    running = await projects(Wanted(states=tuple(sorted(RUNNING))))
    added = 0
    async with joined():
        for one in await standings(running):
            if one.light is None or one.light.colour is Colour.GREEN:
                continue
            why = (one.light.colour.value, one.light.zh, today())
            added += await execute(_LIST, current_tenant(), new_id(), one.project.id, quarter, *why)
        if added:
            record(Event.WORK_MOVED, plugin=PLUGIN, kind="dispatch", day=quarter, count=added)
    return added


async def instruct(line_id: UUID, instruction: str, answer_due: date | None, by: SignedIn) -> None:
    """Tell a late project what to do and until when to answer: somebody above, by name.

    Raises NotFound, Forbidden, Conflict (answered already), Invalid with every fault.
    """
    async with joined():
        line = await _locked(line_id)
        await refuse_from_below(await project(line.project), by.id)
        if line.answered_on is not None:
            raise Conflict("已经答复，不能再改要求", todo_zh="下季度还滞后的，会再列入调度")
        faults = []
        if not instruction.strip() or len(instruction) > LONGEST_TEXT:
            faults.append(f"请写明调度要求，最多 {LONGEST_TEXT} 字")
        if answer_due is None or not today() <= answer_due <= date(today().year + 1, 12, 31):
            faults.append("请填答复期限，不早于今天")
        if faults:
            raise Invalid(faults, "没有保存", where="季调度")
        await execute(
            _INSTRUCT, current_tenant(), line_id, instruction.strip(), answer_due, by.id, by.name[:60]
        )
        _record(line.project, "instructed")


async def answer(line_id: UUID, text: str, by: UUID) -> None:
    """What the owner organization answers. Raises NotFound, Forbidden, Conflict, Invalid."""
    async with joined():
        line = await _locked(line_id)
        found = await project(line.project)
        await refuse_stranger(found, by, "调度的答复")
        if line.answer_due is None or line.answered_on is not None:
            raise Conflict(f"这条调度{line.state}，现在不用答复", todo_zh="请刷新页面")
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise Invalid([f"请写明答复，最多 {LONGEST_TEXT} 字"], "没有答复", where="季调度")
        await execute(_ANSWER, current_tenant(), line_id, text.strip(), today(), by)
        _record(line.project, "answered")


async def _locked(line_id: UUID) -> DispatchLine:
    """The line, its row locked until commit; raises NotFound for one that may not be seen."""
    await fetch_row(_LOCK, current_tenant(), line_id)
    return await queries.dispatch_line(line_id)


def _record(project_id: UUID, state: str) -> None:
    record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, kind="dispatch", state=state)
