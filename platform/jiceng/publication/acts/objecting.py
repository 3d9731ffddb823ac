"""Objections during a notice, as people make them or the clerk notes them, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch_row, fetch_value, joined, next_block
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.publication.flow.states import STATE_WORDS, State
from jiceng.publication.service import LONGEST, locked
from jiceng.publication.tables import ANSWERED, SAID
from jiceng.roster.queries import subject_numbers
from jiceng.roster.sight import refuse_oneself
from jiceng.schemes.queries import book_of

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng.evaluation.schemas import RunInfo
    from jiceng.publication.schemas import PublicationInfo

_ADD = """
insert into objection (tenant_id, id, publication, number, subject, text, received, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_WAITING = """
select 1 from objection
where tenant_id = $1 and publication = $2 and subject = $3 and by = $4 and answered_at is null limit 1
"""
_ANSWER = """
update objection set answer = $3, answered_by = $4, answered_at = $5
where tenant_id = $1 and id = $2 and answered_at is null returning number
"""


async def note(run_id: UUID, number: str, text: str, received: date, *, by: UUID) -> int:
    """Note an objection that came in by phone, letter or in person; returns its number.

    `number` is whom it is about, or empty for the list as a whole. Raises Conflict while nothing is on
    notice, Invalid for an empty text, a day outside the notice or a number that is not one of the results.
    """
    async with joined():
        run, info = await locked(run_id)
        if info.state is not State.NOTICE or info.first_day is None:
            raise Conflict("不在公示期，不能登记异议", where=STATE_WORDS[info.state])
        text = written(text)
        faults = _too_long(text) if text else ["请写明反映的问题"]
        if not info.first_day <= received <= today():
            faults.append("收到的日期应在公示开始以后、今天以前")
        subject = await _about(run, number.strip(), faults)
        if faults:
            raise Invalid(faults, "没有登记", where="异议")
        return await _add(run, info, subject, text, received, by)


async def object_to(run_id: UUID, subject: UUID, text: str, *, by: UUID) -> int:
    """Object to a result oneself, one objection at a time; returns its number.

    The caller has made sure that the account may see the result. Raises Conflict before the notice's first
    day and after its last, or while an earlier objection of the account to it waits for its answer; Invalid
    for an empty text.
    """
    async with joined():
        run, info = await locked(run_id)
        if not info.runs_on(today()):
            raise Conflict(
                "现在不在公示期，不能提异议",
                where=STATE_WORDS[info.state],
                todo_zh="公示期内在这一页提；公示以后请向受理单位申诉",
                what_en="nothing is on notice now",
                todo_en="object during the notice; afterwards turn to the office that receives objections",
            )
        if await fetch_value(_WAITING, current_tenant(), info.id, str(subject), by):
            raise Conflict(
                "您提的异议还没有答复",
                todo_zh="等答复以后再提；要补充情况请打受理单位的电话",
                what_en="your earlier objection has not been answered",
                todo_en="wait for the answer, or call the office to add to it",
            )
        text = written(text)
        if faults := _too_long(text) if text else ["请写明哪里不对"]:
            raise Invalid(faults, "没有提交", where="异议")
        return await _add(run, info, str(subject), text, today(), by)


async def _add(
    run: RunInfo, info: PublicationInfo, subject: str | None, text: str, received: date, by: UUID
) -> int:
    id_, count = new_id(), await next_block("objections")
    words = (await keyring()).seal(SAID, id_, text)
    await execute(_ADD, current_tenant(), id_, info.id, count, subject, words, received, by, now())
    record(Event.OBJECTION_NOTED, ("objection", id_), run=run.id, number=count)
    return count


async def answer(run_id: UUID, objection: UUID, text: str, *, by: UUID) -> None:
    """Answer an objection once.

    Raises NotFound, Conflict when it was answered, Invalid without words, Forbidden about one's own result.
    """
    text = written(text)
    if faults := _too_long(text) if text else ["请写明怎么答复"]:
        raise Invalid(faults, "没有答复", where="答复")
    async with joined():
        _, info = await locked(run_id)
        row = await fetch_row(
            "select id, subject from objection where tenant_id = $1 and id = $2 and publication = $3",
            current_tenant(),
            objection,
            info.id,
        )
        if row is None:
            raise NotFound("没有这条异议", where=str(objection))
        await refuse_oneself(row["subject"], "异议")
        words = (await keyring()).seal(ANSWERED, objection, text)
        number = await fetch_value(_ANSWER, current_tenant(), objection, words, by, now())
        if number is None:
            raise Conflict("这条异议已经答复过", where=str(objection))
        record(Event.OBJECTION_ANSWERED, ("objection", objection), number=number)


def written(text: str) -> str:
    """What was typed; a browser sends two characters for the end of a line and counts one."""
    return text.replace("\r\n", "\n").strip()


def _too_long(text: str) -> list[str]:
    return [f"最多 {LONGEST} 字，现有 {len(text)} 字；请写要点，原件另存"] if len(text) > LONGEST else []


async def _about(run: RunInfo, number: str, faults: list[str]) -> str | None:
    if not number:
        return None
    known = await subject_numbers((await book_of(run.rulebook)).subject, run.roster_at)
    there = known.get(number) and await fetch_value(
        "select 1 from result where tenant_id = $1 and run = $2 and subject = $3",
        current_tenant(),
        run.id,
        known[number],
    )
    if not there:
        faults.append(f"这次评定里没有编号“{number[:40]}”")
    return known.get(number)
