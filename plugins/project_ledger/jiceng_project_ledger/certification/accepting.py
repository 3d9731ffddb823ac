"""Acceptance by a group of at least three, none of the owner's; its conditions, and their re-inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Conflict, Invalid, now, today
from jiceng.api.database import current_tenant, execute, joined, new_id
from jiceng_project_ledger.certification import queries
from jiceng_project_ledger.certification.life import Verdict
from jiceng_project_ledger.certification.outsiders import owners_members
from jiceng_project_ledger.certification.supervising import live, told
from jiceng_project_ledger.certification.vocabulary import LARGEST_GROUP, MOST_CONDITIONS, SMALLEST_GROUP
from jiceng_project_ledger.library.powers import refuse_from_below, refuse_owner, refuse_stranger
from jiceng_project_ledger.library.service import member_called
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, LONGEST_TITLE
from jiceng_project_ledger.states import STATE_WORDS, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from jiceng.api.pages import SignedIn
    from jiceng_project_ledger.library.schemas import Project

_ACCEPT = """
insert into ledger_acceptance
  (tenant_id, id, project, round, held, verdict, opinion, recorded_by, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_SAT = "insert into ledger_acceptor (tenant_id, id, acceptance, member, chair) values ($1, $2, $3, $4, $5)"
_ASK = """
insert into ledger_condition (tenant_id, id, acceptance, seq, matter, deadline, proof, confirmed_by)
values ($1, $2, $3, $4, $5, $6, '', '')
"""
_MET = "update ledger_condition set met = $3, proof = $4, met_by = $5 where tenant_id = $1 and id = $2"
_CONFIRMED = """
update ledger_condition set confirmed = $3, confirmed_by = $4, by = $5 where tenant_id = $1 and id = $2
"""
_NOT_MET = """
update ledger_condition set met = null, proof = '', met_by = null where tenant_id = $1 and id = $2
"""


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """An acceptance as it is entered: `chair` and `others` as typed (numbers or names of members)."""

    held: date
    chair: str
    others: tuple[str, ...]
    verdict: Verdict
    opinion: str
    conditions: tuple[tuple[str, date], ...] = ()


async def accept(project_id: UUID, meeting: Meeting, by: SignedIn) -> None:
    """Keep what an acceptance group came to; entered by somebody above, never by the owner.

    Raises NotFound, Forbidden (the owner, somebody from below), Conflict (not up for acceptance), Invalid
    with every fault: fewer than three, no chair, a member of the owner, conditions and verdict at odds.
    """
    async with joined():
        project = await live(project_id)
        if project.state is not State.ACCEPTANCE:
            raise Conflict(
                f"项目{STATE_WORDS[project.state]}，不能登记验收",
                todo_zh="责任单位申请验收以后再登记",
                what_en="the project is not up for acceptance",
            )
        await refuse_from_below(project, by.id)
        faults = _faults(meeting)
        members = await _group(project, meeting, faults)
        before = await queries.acceptances(project_id)
        if meeting.verdict is Verdict.PASSED and (await queries.open_findings([project_id])):
            faults.append("还有监督问题没有复查通过，不能一次通过")
        if before and meeting.held < before[-1].held:
            faults.append(f"验收日期早于上一轮 {before[-1].held}")
        if faults:
            raise Invalid(faults, "没有登记验收", where="验收")
        await _keep(project_id, len(before) + 1, meeting, members, by)
        told(project_id, "acceptance", meeting.verdict.value)


async def meet(project_id: UUID, condition_id: UUID, proof: str, by: UUID) -> None:
    """Report a condition met, in words: the owner does.

    Raises NotFound, Forbidden, Conflict when it was confirmed, Invalid.
    """
    async with joined():
        project = await live(project_id)
        found = await queries.condition(project_id, condition_id)
        await refuse_stranger(project, by, "整改条件的落实")
        if found.confirmed is not None:
            raise Conflict("这个条件已经复验", todo_zh="不用再报")
        if not proof.strip() or len(proof) > LONGEST_TEXT:
            raise Invalid([f"请写明落实情况，最多 {LONGEST_TEXT} 字"], "没有保存", where="整改条件")
        await execute(_MET, current_tenant(), condition_id, today(), proof.strip(), by)
        told(project_id, "condition", "met")


async def inspect(project_id: UUID, condition_id: UUID, by: SignedIn, *, met: bool) -> None:
    """Look at a condition again: it is met, or it is not and stays open. Nobody of the owner does it.

    Raises NotFound, Forbidden, Conflict when it was not reported or is confirmed already.
    """
    async with joined():
        project = await live(project_id)
        await refuse_owner(project, by.id, "复验自己的整改条件")
        found = await queries.condition(project_id, condition_id)
        if found.met is None:
            raise Conflict("责任单位还没有报落实情况", todo_zh="报了以后再复验")
        if found.confirmed is not None:
            raise Conflict("这个条件已经复验", todo_zh="不用再办")
        if found.met_by == by.id:
            raise Conflict("报落实的人不能自己复验", todo_zh="请由另一位同志复验")
        if met:
            await execute(_CONFIRMED, current_tenant(), condition_id, today(), by.name, by.id)
        else:
            await execute(_NOT_MET, current_tenant(), condition_id)
        told(project_id, "condition", "confirmed" if met else "not_met")


async def _keep(
    project_id: UUID, number: int, meeting: Meeting, members: Sequence[UUID], by: SignedIn
) -> None:
    made = new_id()
    said = (meeting.held, meeting.verdict.value, meeting.opinion.strip(), by.name, by.id, now())
    await execute(_ACCEPT, current_tenant(), made, project_id, number, *said)
    for place, member in enumerate(members):
        await execute(_SAT, current_tenant(), new_id(), made, member, place == 0)
    for seq, (matter, deadline) in enumerate(meeting.conditions, 1):
        await execute(_ASK, current_tenant(), new_id(), made, seq, matter.strip(), deadline)


async def _group(project: Project, meeting: Meeting, faults: list[str]) -> list[UUID]:
    """The members of the group, the chair first; what is wrong with them is added to the faults."""
    typed = [meeting.chair, *meeting.others]
    found = [await member_called(one, faults, "验收组成员") for one in typed if one.strip()]
    members = list(dict.fromkeys(one for one in found if one is not None))
    if not meeting.chair.strip():
        faults.append("请填验收组组长")
    if len(members) < SMALLEST_GROUP:
        faults.append(f"验收组至少 {SMALLEST_GROUP} 人，现在是 {len(members)} 人")
    if len(members) > LARGEST_GROUP:
        faults.append(f"验收组最多 {LARGEST_GROUP} 人")
    if await owners_members(project, members):
        faults.append("验收组里有责任单位的人员，责任单位不能验收自己的项目")
    return members


def _faults(meeting: Meeting) -> list[str]:
    faults = []
    if meeting.held > today():
        faults.append("验收日期不能晚于今天")
    if not meeting.opinion.strip() or len(meeting.opinion) > LONGEST_TEXT:
        faults.append(f"请写明验收意见，最多 {LONGEST_TEXT} 字")
    if meeting.verdict is Verdict.CONDITIONAL and not meeting.conditions:
        faults.append("有条件通过要写明整改条件")
    if meeting.verdict is not Verdict.CONDITIONAL and meeting.conditions:
        faults.append("只有“有条件通过”才写整改条件")
    if len(meeting.conditions) > MOST_CONDITIONS:
        faults.append(f"整改条件最多 {MOST_CONDITIONS} 条")
    for matter, deadline in meeting.conditions:
        if len(matter.strip()) > LONGEST_TITLE * 2:
            faults.append(f"一条整改条件最多 {LONGEST_TITLE * 2} 字")
        if deadline < meeting.held:
            faults.append(f"整改条件的期限 {deadline} 早于验收日期")
    return faults
