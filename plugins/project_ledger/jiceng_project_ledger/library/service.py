"""What may be done to a proposal before it is decided: write it, change it while it is a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, Invalid, now, organizations, today
from jiceng.api.database import current_tenant, execute, fetch, fetch_value, joined, new_id, next_block
from jiceng.api.pages import Event, record
from jiceng.api.roster import cleared, seen_arguments
from jiceng_project_ledger.library import queries
from jiceng_project_ledger.library.vocabulary import (
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_UNIT,
    PLUGIN,
)
from jiceng_project_ledger.money import LARGEST
from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng_project_ledger.library.schemas import Project, Proposal

EARLIEST, LATEST = 2000, 2100
_SAID = """title, kind, organization, proposer, responsible, goal, content, measures, benchmark,
    benchmark_measure, benchmark_unit, benchmark_figure, start_figure, budget, starts, deadline"""
_ADD = f"""
insert into ledger_project (tenant_id, id, number, year, made_by, made_at, state, round, {_SAID})
values ($1, $2, $3, $4, $5, $6, 'draft', 0, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
    $19, $20, $21, $22)
on conflict (tenant_id, number) do nothing
"""  # noqa: S608 - constants
_CHANGE = f"""
update ledger_project set ({_SAID}) =
    ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18), year = $19
where tenant_id = $1 and id = $2
"""  # noqa: S608 - constants
_LOCK = """
select id from ledger_project where tenant_id = $1 and id = $4
  and ($2::uuid[] is null or organization = any($2) or responsible = $3::uuid) for update
"""
"""Without what only lets somebody look: a proposal of accountability from the time he answered for it."""
_MEMBERS = """
select distinct m.id, m.number from member m join membership b on b.tenant_id = $1 and b.member = m.id
  and b.since <= $2 and (b.until is null or b.until > $2)
where m.tenant_id = $1 and (m.number = $3 or m.name = $3)
  and ($4::uuid[] is null or b.organization = any($4) or m.id = $5::uuid) {cleared}
limit 5
"""


async def write(proposal: Proposal, by: UUID | None, *, number: str = "") -> UUID:
    """Keep a new proposal as a draft; without `number` it gets the next one of its year.

    Raises Invalid with every fault, Conflict when the number is taken.
    """
    await _refuse_faults(proposal)
    project_id = new_id()
    async with joined():
        added, made = 0, (proposal.year, by, now(), *_said(proposal))
        while not added:  # a workbook may have brought along a number that would be next
            given = number or f"{proposal.year}-{await next_block(f'{PLUGIN}/{proposal.year}'):03d}"
            added = await execute(_ADD, current_tenant(), project_id, given, *made)
            if number and not added:
                raise Conflict("项目编号已经用过", where=given, todo_zh="请换一个编号")
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="draft")
    return project_id


async def rewrite(project_id: UUID, proposal: Proposal) -> None:
    """Change a draft. Raises NotFound, Invalid with every fault, Conflict once it was submitted."""
    async with joined():
        before = await locked(project_id)
        if before.state is not State.DRAFT:
            raise Conflict("项目已经申报，不能再改", todo_zh="请先撤回申报，或请上级退回补充")
        await _refuse_faults(proposal)
        await execute(_CHANGE, current_tenant(), project_id, *_said(proposal), proposal.year)
        record(Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, state="draft")


async def locked(project_id: UUID) -> Project:
    """The project to be worked on, its row locked until commit.

    Raises NotFound for one that may not be seen, Forbidden for one that may only be looked at.
    """
    mine = await fetch_value(_LOCK, current_tenant(), *await seen_arguments(today()), project_id)
    found = await queries.project(project_id)
    if mine is None:
        raise Forbidden(
            "您已不是这个项目的责任人，只能查看",
            where=found.title,
            todo_zh="请现在的责任人或责任单位的同志办理",
            what_en="who answered for the project before may only look at it",
        )
    return found


async def member_called(typed: str, faults: list[str], title: str = "责任人") -> UUID | None:
    """The member with this number or name who may be seen here; None for an empty field or a fault.

    `title` is what the field is called in a fault.
    """
    said = typed.strip()
    if not said:
        return None
    seen = await seen_arguments(today())
    sql = _MEMBERS.format(cleared=cleared("m"))
    found = {row["id"]: row["number"] for row in await fetch(sql, current_tenant(), today(), said, *seen)}
    if len(found) == 1:
        member: UUID = next(iter(found))
        return member
    if found:
        faults.append(f"有几名党员都叫“{said[:20]}”，请填编号：{'、'.join(sorted(found.values()))}")
    else:
        faults.append(f"{title}“{said[:20]}”不在名册里，请填党员编号或姓名")
    return None


async def faults_of(proposal: Proposal) -> list[str]:
    """What is wrong with a proposal, in plain Chinese; empty when it may be kept."""
    faults = [
        f"{title}最多 {longest} 字"
        for title, text, longest in (
            ("项目名称", proposal.title, LONGEST_TITLE),
            ("提出人", proposal.proposer, LONGEST_NAME),
            ("目标", proposal.goal, LONGEST_TEXT),
            ("主要内容", proposal.content, LONGEST_TEXT),
            ("成效标准", proposal.measures, LONGEST_TEXT),
            ("对标对象", proposal.benchmark, LONGEST_TITLE),
            ("对标指标", proposal.benchmark_measure, LONGEST_NAME),
            ("单位", proposal.benchmark_unit, LONGEST_UNIT),
        )
        if len(text.strip()) > longest
    ]
    if not proposal.title.strip():
        faults.append("请填项目名称")
    if not EARLIEST <= proposal.year <= LATEST:
        faults.append("请填年度，如 2026")
    if not 0 <= proposal.budget <= LARGEST:
        faults.append("预算不能是负数" if proposal.budget < 0 else "预算太大，请检查单位是不是元")
    if proposal.starts and proposal.deadline and proposal.deadline < proposal.starts:
        faults.append(f"完成期限 {proposal.deadline} 早于开始日期 {proposal.starts}")
    if proposal.organization not in {row.id for row in await organizations(today())}:
        faults.append("没有这个责任单位，请从列表里选")
    return faults


async def _refuse_faults(proposal: Proposal) -> None:
    if faults := await faults_of(proposal):
        raise Invalid(faults, "没有保存", where="申报表")


def _said(proposal: Proposal) -> tuple[object, ...]:
    return (
        proposal.title.strip(),
        proposal.kind.value,
        proposal.organization,
        proposal.proposer.strip(),
        proposal.responsible,
        proposal.goal.strip(),
        proposal.content.strip(),
        proposal.measures.strip(),
        proposal.benchmark.strip(),
        proposal.benchmark_measure.strip(),
        proposal.benchmark_unit.strip(),
        proposal.benchmark_figure,
        proposal.start_figure,
        proposal.budget,
        proposal.starts,
        proposal.deadline,
    )
