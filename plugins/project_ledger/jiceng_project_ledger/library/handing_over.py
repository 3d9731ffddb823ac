"""Another member answers for an approved project: decided above, with a reason; old and new are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, now, today
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.library.powers import refuse_from_below, with_all_below
from jiceng_project_ledger.library.service import locked, member_called
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.states import LED, OPEN, STATE_WORDS

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project

ANSWERED_FOR = LED & OPEN
"""States in which somebody answers for the project and may be followed by another."""
_LAST = "select coalesce(max(seq), 0) from ledger_handover where tenant_id = $1 and project = $2"
_TOLD = """
insert into ledger_handover (tenant_id, id, project, seq, before, after, reason, by, decided_by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_PUT = "update ledger_project set responsible = $3 where tenant_id = $1 and id = $2"
_BELONGS = """
select true from membership b where b.tenant_id = $1 and b.member = $2 and b.organization = any($3)
  and b.since <= $4 and (b.until is null or b.until > $4) limit 1
"""


async def hand_over(project_id: UUID, successor: str, reason: str, by: SignedIn) -> None:
    """Let the member with this number or name answer for the project from now on.

    Raises NotFound; Conflict (not approved yet, or ended); Forbidden (not from above); Invalid with every
    fault (no reason, nobody of this number or name, not of the owner organization or below it, no change).
    """
    async with joined():
        project = await locked(project_id)
        if project.state not in ANSWERED_FOR:
            raise Conflict(
                f"项目{STATE_WORDS[project.state]}，不能更换责任人",
                todo_zh="项目已经了结" if project.state not in OPEN else "立项以前请责任单位修改申报表",
                what_en="only of an approved project that has not ended",
            )
        await refuse_from_below(project, by.id)
        faults = _of_reason(reason)
        member = await _successor(project, successor, faults)
        if faults:
            raise Invalid(faults, "没有更换", where="责任人")
        seq = await fetch_value(_LAST, current_tenant(), project_id) + 1
        told = (project_id, seq, project.responsible, member, reason.strip(), by.id, by.name, now())
        await execute(_TOLD, current_tenant(), new_id(), *told)
        await execute(_PUT, current_tenant(), project_id, member)
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="handed_over")


async def _successor(project: Project, typed: str, faults: list[str]) -> UUID | None:
    """The member meant; None with a fault for nobody, or for somebody who cannot answer for the project."""
    if not typed.strip():
        faults.append("请填新责任人的党员编号或姓名")
        return None
    member = await member_called(typed, faults, "新责任人")
    if member is None:
        return None
    if member == project.responsible:
        faults.append("新责任人就是现在的责任人")
        return None
    homes = await with_all_below(project.organization)
    if not await fetch_value(_BELONGS, current_tenant(), member, homes, today()):
        faults.append(f"新责任人应是“{project.organization_name}”或其下级组织的党员")
        return None
    return member


def _of_reason(reason: str) -> list[str]:
    if not reason.strip():
        return ["请写明为什么更换"]
    return [f"理由最多 {LONGEST_TEXT} 字"] if len(reason.strip()) > LONGEST_TEXT else []
