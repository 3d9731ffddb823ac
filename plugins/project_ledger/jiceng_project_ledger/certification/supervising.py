"""Supervisors and what they find: appointed from above, findings answered by the owner, checked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, NotFound, now, today
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.certification import queries
from jiceng_project_ledger.certification.life import LIFE, Act, State
from jiceng_project_ledger.certification.outsiders import owners_members
from jiceng_project_ledger.certification.vocabulary import SORTS
from jiceng_project_ledger.library.powers import refuse_from_below, refuse_owner, refuse_stranger
from jiceng_project_ledger.library.service import locked, member_called
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN
from jiceng_project_ledger.states import RUNNING, STATE_WORDS
from jiceng_project_ledger.states import State as Stand

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_project_ledger.certification.schemas import Finding
    from jiceng_project_ledger.library.schemas import Project

LIVE = frozenset({Stand.APPROVED, *RUNNING, Stand.ACCEPTANCE})
"""States in which a project is looked after."""
_APPOINT = """
insert into ledger_supervisor (tenant_id, id, project, member, since, appointed_by, at)
values ($1, $2, $3, $4, $5, $6, $7)
"""
_END = """
update ledger_supervisor set until = $4, ended_by = $5
where tenant_id = $1 and project = $2 and id = $3 and until is null
"""
_LAST = "select coalesce(max(seq), 0) from ledger_finding where tenant_id = $1 and project = $2"
_FIND = """
insert into ledger_finding
  (tenant_id, id, project, seq, supervisor, sort, found, matter, deadline, state, late, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', false, $10, $11)
"""
_MOVE = """
update ledger_finding set state = $3, answered = $4, late = $5, deadline = $6 where tenant_id = $1 and id = $2
"""
_TOLD = """
insert into ledger_finding_move (tenant_id, id, finding, act, words, deadline, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it is entered."""

    supervisor: UUID
    sort: str
    matter: str
    found: date
    deadline: date


async def appoint(project_id: UUID, typed: str, by: UUID) -> UUID:
    """Let a member look after a project from today on; somebody above appoints. Returns its id.

    Raises NotFound, Forbidden, Conflict, Invalid: not on the roster, of the owner, appointed already.
    """
    async with joined():
        project = await live(project_id)
        await refuse_from_below(project, by)
        faults: list[str] = []
        member = await member_called(typed, faults, "监督员")
        if member is None:
            raise Invalid(faults or ["请填监督员的编号或姓名"], "没有委派", where="监督员")
        if await owners_members(project, [member]):
            raise Invalid(["监督员不能是责任单位的人员"], "没有委派", where="监督员")
        if any(one.member == member and one.until is None for one in await queries.supervisors(project_id)):
            raise Conflict("已经是这个项目的监督员", todo_zh="不用重复委派")
        made = new_id()
        await execute(_APPOINT, current_tenant(), made, project_id, member, today(), by, now())
        told(project_id, "supervisor", "appointed")
    return made


async def dismiss(project_id: UUID, supervisor: UUID, by: UUID) -> None:
    """End a supervisor's work today. Raises NotFound, Forbidden."""
    async with joined():
        project = await live(project_id)
        await refuse_from_below(project, by)
        if not await execute(_END, current_tenant(), project_id, supervisor, today(), by):
            raise NotFound("没有这名监督员，或已经解除")
        told(project_id, "supervisor", "ended")


async def find(project_id: UUID, seen: Seen, by: UUID) -> UUID:
    """Keep what a supervisor found; nobody of the owner enters it. Returns its id.

    Raises NotFound, Forbidden, Conflict, Invalid with every fault.
    """
    async with joined():
        project = await live(project_id)
        await refuse_owner(project, by, "登记监督问题")
        looking = {one.id for one in await queries.supervisors(project_id) if one.until is None}
        if seen.supervisor not in looking:
            raise NotFound("没有这名监督员，或已经解除")
        if faults := _faults(seen):
            raise Invalid(faults, "没有登记", where="监督问题")
        made = new_id()
        seq = await fetch_value(_LAST, current_tenant(), project_id) + 1
        words = (seen.supervisor, seen.sort, seen.found, seen.matter.strip(), seen.deadline)
        await execute(_FIND, current_tenant(), made, project_id, seq, *words, by, now())
        told(project_id, "finding", State.OPEN.value)
    return made


async def answer(project_id: UUID, finding_id: UUID, words: str, by: UUID) -> None:
    """Report a finding set right, in words: the owner does. Raises NotFound, Forbidden, Conflict, Invalid."""
    async with joined():
        project = await live(project_id)
        found = await _one(project_id, finding_id)
        await refuse_stranger(project, by, "问题的整改")
        after = LIFE.after(found.state, Act.ANSWER)
        _refuse_words(words)
        row = (current_tenant(), finding_id, after.value, today(), found.late, found.deadline)
        await execute(_MOVE, *row)
        await _told(finding_id, Act.ANSWER, words, None, by)
        told(project_id, "finding", after.value)


async def recheck(
    project_id: UUID, finding_id: UUID, act: Act, words: str, deadline: date | None, by: UUID
) -> None:
    """Look again: it is settled, or open until a new deadline. Nobody of the owner does it.

    Settled after its deadline it is late. Raises NotFound, Forbidden, Conflict, Invalid.
    """
    async with joined():
        project = await live(project_id)
        await refuse_owner(project, by, "复查自己的问题")
        found = await _one(project_id, finding_id)
        after = LIFE.after(found.state, act)
        _refuse_words(words)
        if act is Act.FAIL and (deadline is None or deadline <= today()):
            raise Invalid(["请填新的整改期限，应晚于今天"], "没有复查", where="整改期限")
        late = found.late or (found.answered or today()) > found.deadline
        until = deadline if act is Act.FAIL and deadline else found.deadline
        row = (current_tenant(), finding_id, after.value, found.answered, late, until)
        await execute(_MOVE, *row)
        await _told(finding_id, act, words, deadline if act is Act.FAIL else None, by)
        told(project_id, "finding", after.value)


async def live(project_id: UUID) -> Project:
    """The project, locked, while it is looked after; raises NotFound, Conflict."""
    project = await locked(project_id)
    if project.state not in LIVE:
        raise Conflict(
            f"项目{STATE_WORDS[project.state]}，不能办理质量认证",
            todo_zh="立项以后、办结以前办理",
            what_en="a project is certified between its approval and its end",
        )
    return project


def told(project_id: UUID, kind: str, state: str) -> None:
    """Write into the audit log what was certified; inside the open transaction."""
    record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, kind=kind, state=state)


async def _one(project_id: UUID, finding_id: UUID) -> Finding:
    found = next((one for one in await queries.findings(project_id) if one.id == finding_id), None)
    if found is None:
        raise NotFound("没有这个问题")
    return found


async def _told(finding_id: UUID, act: Act, words: str, deadline: date | None, by: UUID) -> None:
    row = (finding_id, act.value, words.strip(), deadline, by, now())
    await execute(_TOLD, current_tenant(), new_id(), *row)


def _refuse_words(words: str) -> None:
    if not words.strip() or len(words) > LONGEST_TEXT:
        raise Invalid([f"请写明情况，最多 {LONGEST_TEXT} 字"], "没有办理", where="情况")


def _faults(seen: Seen) -> list[str]:
    faults = []
    if seen.sort not in SORTS:
        faults.append(f"请选类别：{'、'.join(SORTS.values())}")
    if not seen.matter.strip() or len(seen.matter) > LONGEST_TEXT:
        faults.append(f"请写明问题，最多 {LONGEST_TEXT} 字")
    if seen.found > today():
        faults.append("发现日期不能晚于今天")
    if seen.deadline < seen.found:
        faults.append(f"整改期限早于发现日期 {seen.found}")
    return faults
