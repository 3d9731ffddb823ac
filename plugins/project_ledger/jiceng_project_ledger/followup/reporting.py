"""What may be done to a monthly report: save as typed, hand in, accept, return; re-open a closed month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from jiceng.api import Conflict, Forbidden, Invalid, now, today, working_days
from jiceng.api.database import current_tenant, execute, fetch_value, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.followup import queries, settings
from jiceng_project_ledger.followup.due import Due, Kind, add_months, correct_by, due
from jiceng_project_ledger.followup.schemas import Said
from jiceng_project_ledger.followup.states import LIFE, Act, State
from jiceng_project_ledger.library.powers import owns, refuse_from_below
from jiceng_project_ledger.library.queries import project as read_project
from jiceng_project_ledger.library.vocabulary import LONGEST_TEXT, PLUGIN

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng_project_ledger.followup.schemas import Report
    from jiceng_project_ledger.library.schemas import Project

WHOLE = 100
LARGEST_FIGURE = Decimal(10) ** 14
_PUT = """
insert into ledger_report (tenant_id, id, project, month, state, percent, work, trouble, ahead, figure, words,
    made_by)
values ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, '', $10)
on conflict (tenant_id, project, month) do update set percent = excluded.percent, work = excluded.work,
    trouble = excluded.trouble, ahead = excluded.ahead, figure = excluded.figure
"""
_LOCK = "select id from ledger_project where tenant_id = $1 and id = $2 for update"
_HAND_IN = """
update ledger_report set state = $3, handed_in_on = $4, due = $5, handed_in_by = $6, words = '',
    decided_by = null, decided_at = null, correct_by = null
where tenant_id = $1 and id = $2
"""
_DECIDE = """
update ledger_report set state = $3, words = $4, decided_by = $5, decided_at = $6, correct_by = $7
where tenant_id = $1 and id = $2
"""
_TOLD = """
insert into ledger_report_move (tenant_id, id, report, act, after, words, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_REOPEN = """
insert into ledger_reopening (tenant_id, id, project, month, until, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


async def due_of(month: date) -> Due:
    """When the reports of a month are due, and until when they are taken."""
    return due(Kind.MONTH, month, await settings.rhythm(), await working_days())


async def filled_in(project: Project, month: date, done: Decimal) -> Said:
    """A report to begin with: last month's plan as this month's work, progress from the plan's steps."""
    before = await queries.report(project.id, add_months(month, -1))
    return Said(
        percent=int(done),
        work=before.ahead if before else "",
        trouble=before.trouble if before else "",
        figure=before.figure if before else project.start_figure,
    )


async def save(project_id: UUID, month: date, said: Said, by: UUID) -> Report:
    """Keep what was typed, as a draft or in one that was returned.

    Raises NotFound; Forbidden (another unit's project); Conflict (closed month, handed in already);
    Invalid with every fault.
    """
    return await _put(project_id, month, said, by, Act.SAVE)


async def hand_in(project_id: UUID, month: date, said: Said, by: UUID) -> Report:
    """Keep what was typed and hand it in. Raises like `save`; Invalid when something is not filled in."""
    return await _put(project_id, month, said, by, Act.HAND_IN)


async def decide(project_id: UUID, month: date, act: Act, words: str, by: UUID) -> None:
    """Accept a report, or return it with a reason: somebody above, never who handed it in.

    Corrected within the tenant's time for it, a returned one counts from the day it was handed in first.

    Raises NotFound, Conflict, Forbidden, Invalid.
    """
    async with joined():
        project = await _locked(project_id)
        await refuse_from_below(project, by)
        report = await queries.report(project_id, month)
        if report is None:
            raise Conflict("这个月还没有汇报", where=f"{month:%Y-%m}", todo_zh="请先请责任单位填报")
        after = LIFE.after(report.state, act)
        if by == report.handed_in_by:
            raise Conflict("报送的人不能自己接收或退回", todo_zh="请由另一位同志办理")
        said = words.strip()
        if (act is Act.RETURN and not said) or len(said) > LONGEST_TEXT:
            raise Invalid([f"退回要写明理由，最多 {LONGEST_TEXT} 字"], "没有办理", where="理由")
        until = await _until() if act is Act.RETURN else None
        await execute(_DECIDE, current_tenant(), report.id, after.value, said, by, now(), until)
        await _tell(report.id, project_id, act, after, said, by)


async def reopen(project_id: UUID, month: date, until: date | None, reason: str, by: UUID) -> None:
    """Open a closed month again for one project until a day. Raises Invalid, Conflict, Forbidden."""
    async with joined():
        project = await _locked(project_id)
        await refuse_from_below(project, by)
        closed = await due_of(month)
        faults = []
        if until is None or not today() <= until <= date(today().year + 1, 12, 31):
            faults.append("请填重开到哪一天，不早于今天")
        if not reason.strip() or len(reason) > LONGEST_TEXT:
            faults.append(f"请写明理由，最多 {LONGEST_TEXT} 字")
        if faults:
            raise Invalid(faults, "没有重开", where=f"{month:%Y-%m}")
        if closed.closes >= today():
            raise Conflict("这个月还没有关账，不用重开", where=f"{month:%Y-%m}", todo_zh="可以直接填报")
        await execute(
            _REOPEN, current_tenant(), new_id(), project_id, month, until, reason.strip(), by, now()
        )
        record(
            Event.WORK_MOVED, ("ledger_project", project_id), plugin=PLUGIN, kind="month_reopened", day=month
        )


async def still_open(project: Project, month: date, report: Report | None) -> bool:
    """Whether a report of the month is still taken.

    It is not closed, or open again for this project, or this report may still be corrected.
    """
    day = today()
    if report is not None and report.being_corrected(day):
        return True
    if (await due_of(month)).closes >= day:
        return True
    until = await queries.reopened(project.id, month)
    return until is not None and until >= day


async def _put(project_id: UUID, month: date, said: Said, by: UUID, act: Act) -> Report:
    async with joined():
        project = await _locked(project_id)
        await _refuse_stranger(project, by)
        before = await queries.report(project_id, month)
        await _refuse_month(project, month, before)
        after = LIFE.after(before.state if before else State.DRAFT, act)
        _refuse_faults(said, act)
        texts = (said.work.strip(), said.trouble.strip(), said.ahead.strip())
        await execute(
            _PUT, current_tenant(), new_id(), project_id, month, said.percent, *texts, said.figure, by
        )
        kept = await queries.report(project_id, month)
        if kept is None:
            raise LookupError(month)
        if act is Act.HAND_IN:
            sent, day = today(), (await due_of(month)).day
            if before is not None and before.being_corrected(sent):
                sent, day = before.handed_in_on or sent, before.due or day
            await execute(_HAND_IN, current_tenant(), kept.id, after.value, sent, day, by)
            await _tell(kept.id, project_id, act, after, "", by)
        return (await queries.report(project_id, month)) or kept


async def _locked(project_id: UUID) -> Project:
    await fetch_value(_LOCK, current_tenant(), project_id)
    return await read_project(project_id)


async def _tell(report: UUID, project_id: UUID, act: Act, after: State, words: str, by: UUID) -> None:
    moment = (report, act.value, after.value, words, by, now())
    await execute(_TOLD, current_tenant(), new_id(), *moment)
    record(
        Event.WORK_MOVED,
        ("ledger_project", project_id),
        plugin=PLUGIN,
        kind="report",
        state=after.value,
    )


async def _refuse_stranger(project: Project, by: UUID) -> None:
    """Only the owner organization, and who proposed the project for it, reports."""
    if not await owns(project, by):
        raise Forbidden(
            "月汇报由责任单位填报",
            where=project.organization_name,
            todo_zh="请责任单位的同志填报；上级可以接收或退回",
            what_en="only the owner organization reports",
        )


async def _until() -> date:
    return correct_by(today(), await settings.rhythm(), await working_days())


async def _refuse_month(project: Project, month: date, before: Report | None) -> None:
    if project.began is None or not project.running:
        raise Conflict("项目不在实施中，不用月汇报", todo_zh="实施以后按月填报")
    first = project.began.replace(day=1)
    if not first <= month <= today():
        raise Invalid([f"月份应在 {first:%Y-%m} 到 {today():%Y-%m} 之间"], "没有保存", where="月份")
    if not await still_open(project, month, before):
        raise Conflict(
            f"{month:%Y-%m} 已经关账，不再收汇报",
            where=project.title,
            todo_zh="确需补报的，请上级写明理由，为这个项目重开这个月",
            what_en="the month is closed",
            todo_en="ask the superior organization to re-open it for this project",
        )


def _refuse_faults(said: Said, act: Act) -> None:
    faults = [
        f"{title}最多 {LONGEST_TEXT} 字"
        for title, text in (
            ("本月做了什么", said.work),
            ("困难和问题", said.trouble),
            ("下月打算", said.ahead),
        )
        if len(text.strip()) > LONGEST_TEXT
    ]
    if not 0 <= said.percent <= WHOLE:
        faults.append("自报进度应是 0 到 100 的整数")
    if said.figure is not None and not 0 <= said.figure < LARGEST_FIGURE:
        faults.append("对标指标现值不能是负数" if said.figure < 0 else "对标指标现值太大")
    if act is Act.HAND_IN:
        faults += [
            f"请填{title}"
            for title, text in (("本月做了什么", said.work), ("下月打算", said.ahead))
            if not text.strip()
        ]
    if faults:
        raise Invalid(faults, "没有保存", where="月汇报")
