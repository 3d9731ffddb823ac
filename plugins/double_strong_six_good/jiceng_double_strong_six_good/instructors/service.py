"""Sending instructors, keeping their visits, ending their time. Each act is one transaction, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import Conflict, Invalid, NotFound, now, today
from jiceng.api.database import current_tenant, execute, fetch_row, joined, new_id
from jiceng_double_strong_six_good.firms.queries import firm
from jiceng_double_strong_six_good.history.service import told
from jiceng_double_strong_six_good.instructors import queries
from jiceng_double_strong_six_good.vocabulary import LONGEST_NAME, LONGEST_TEXT, NONE

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng_double_strong_six_good.instructors.schemas import Instructor, Sent

KIND = "six_good_instructor"
THERE, ENDED = "there", "ended"
LONGEST_YEARS = 5
_UNIT = "select id from unit where tenant_id = $1 and id = $2 for update"
_THERE = "select id from six_good_instructor where tenant_id = $1 and unit = $2 and ended is null"
_ADD = """
insert into six_good_instructor (tenant_id, id, unit, name, employer, since, until, task)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_LOCK = "select id from six_good_instructor where tenant_id = $1 and id = $2 for update"
_VISIT = """
insert into six_good_visit (tenant_id, id, instructor, day, done, next, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""
_END = "update six_good_instructor set ended = $3 where tenant_id = $1 and id = $2"


async def send(unit: UUID, sent: Sent, by: UUID | None) -> UUID:
    """Send an instructor to a unit without members.

    Raises NotFound for a unit out of sight, Conflict for one that has members or an instructor already,
    Invalid with every fault.
    """
    found = await firm(unit)
    _refuse_faults(sent)
    if found.coverage != NONE:
        raise Conflict(
            f"{found.name}组织覆盖是“{found.coverage}”，不派指导员", todo_zh="指导员派到没有党员的单位"
        )
    made = new_id()
    async with joined():
        await fetch_row(_UNIT, current_tenant(), unit)
        if await fetch_row(_THERE, current_tenant(), unit) is not None:
            raise Conflict("这家单位已有指导员", todo_zh="请先结束原来的")
        kept = (sent.name.strip(), sent.employer.strip(), sent.since, sent.until, sent.task.strip())
        await execute(_ADD, current_tenant(), made, unit, *kept)
        await told((KIND, made), "send", ("", THERE), "", by)
    return made


async def visit(instructor_id: UUID, day: date | None, done: str, following: str, by: UUID | None) -> None:
    """Keep a visit; raises Conflict after the instructor left, Invalid for a day outside his time."""
    async with joined():
        found = await _there(instructor_id)
        faults = []
        if day is None or not found.since <= day <= today():
            faults.append(f"走访日期应在 {found.since} 到 {today()} 之间")
        if not done.strip() or len(done) > LONGEST_TEXT or len(following) > LONGEST_TEXT:
            faults.append(f"请写明做了什么，最多 {LONGEST_TEXT} 字")
        if faults:
            raise Invalid(faults, "没有保存", where="走访")
        said = (day, done.strip(), following.strip(), by)
        await execute(_VISIT, current_tenant(), new_id(), instructor_id, *said, now())
        await told((KIND, instructor_id), "visit", (THERE, THERE), f"{day}", by)


async def end(instructor_id: UUID, reason: str, by: UUID | None) -> None:
    """End an instructor's time today, with the reason; raises Conflict when it ended already."""
    if not reason.strip() or len(reason) > LONGEST_TEXT:
        raise Invalid(["请写明结束的原因，如已发展党员、已组建"], "没有结束", where="原因")
    async with joined():
        await _there(instructor_id)
        await execute(_END, current_tenant(), instructor_id, today())
        await told((KIND, instructor_id), "end", (THERE, ENDED), reason, by)


async def _there(instructor_id: UUID) -> Instructor:
    if await fetch_row(_LOCK, current_tenant(), instructor_id) is None:
        raise NotFound("没有这位指导员")
    found = await queries.instructor(instructor_id)
    if found.ended is not None:
        raise Conflict(f"这位指导员已于 {found.ended} 结束", todo_zh="请重新选派")
    return found


def _refuse_faults(sent: Sent) -> None:
    faults = []
    if not sent.name.strip() or len(sent.name) > LONGEST_NAME:
        faults.append(f"请填指导员姓名，最多 {LONGEST_NAME} 字")
    if len(sent.employer) > LONGEST_NAME:
        faults.append(f"所在单位和职务最多 {LONGEST_NAME} 字")
    if not sent.task.strip() or len(sent.task) > LONGEST_TEXT:
        faults.append(f"请写明任务，最多 {LONGEST_TEXT} 字")
    if sent.since is None or sent.until is None:
        faults.append("请填开始和到期日期")
    elif not sent.since < sent.until or sent.until.year - sent.since.year > LONGEST_YEARS:
        faults.append(f"到期日期应在开始日期之后，不超过 {LONGEST_YEARS} 年")
    if faults:
        raise Invalid(faults, "没有选派", where="指导员")
