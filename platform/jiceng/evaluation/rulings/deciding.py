"""Deciding: a named person answers an open question with a reason; nothing is overwritten."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from jiceng.evaluation import queries
from jiceng.evaluation.rulings.questions import Choice, choices, question, rulings_now, tentative
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.tables import RULED
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, joined, next_block
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets.values import number_in
from jiceng.roster.sight import refuse_oneself

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.evaluation.rulings.questions import Question
    from jiceng.evaluation.schemas import RunInfo
    from jiceng.evaluation.stored.rulings import RulingInfo

LONGEST_REASON = 1000
MOST_POINTS = Decimal(10) ** 8
_ADD = """
insert into ruling (tenant_id, id, number, scheme, period, rulebook, run, subject, part, kind, within, grade,
  points, rank, places, withdrawn, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
"""
_ADD_REASON = "insert into ruling_reason (tenant_id, id, ruling, text) values ($1, $2, $3, $4)"


async def decide(
    run: RunInfo, subject: UUID, part: str, chosen: str, reason: str, *, by: UUID, points: str = ""
) -> int:
    """Rule on an open question of a run; returns the ruling's number. The next run applies it.

    `chosen` is the key of one of the question's choices, or empty with `points` where points are ruled.
    Raises NotFound when nothing is open there, Conflict for a superseded run, Invalid without a reason or
    for a choice that is not offered, Forbidden about oneself.
    """
    _reasoned(reason)
    await refuse_oneself(subject, "裁定")
    async with joined():
        number = await next_block("rulings")  # stays locked: rulings are decided one after the other
        await _refuse_superseded(run)
        asked = await question(run, subject, part)
        choice = await chosen_of(run, asked, chosen, points)
        made = msgspec.structs.replace(tentative(run, asked, choice), by=by)
        id_ = await _insert(run, made, number, by)
        await _say_why(id_, reason)
        record(Event.RULING_MADE, ("ruling", id_), run=run.id, number=number)
    return number


async def withdraw(run: RunInfo, ruling_id: UUID, reason: str, *, by: UUID) -> int:
    """Take a ruling back before it is applied again; a further row says so. Returns its number."""
    _reasoned(reason)
    async with joined():
        number = await next_block("rulings")
        known = {one.id: one for one in await rulings_now(run)}
        if ruling_id not in known:
            raise NotFound("没有这条裁定，或者已经被取代", where=str(ruling_id))
        old = known[ruling_id]
        await refuse_oneself(old.subject, "裁定")
        id_ = await _insert(run, msgspec.structs.replace(old, run=run.id, withdrawn=True), number, by)
        await _say_why(id_, reason)
        record(Event.RULING_MADE, ("ruling", id_), run=run.id, number=number, on=False)
    return number


async def _say_why(ruling: UUID, reason: str) -> None:
    words = (await keyring()).seal(RULED, ruling, reason.strip()[:LONGEST_REASON])
    await execute(_ADD_REASON, current_tenant(), new_id(), ruling, words)


async def chosen_of(run: RunInfo, asked: Question, chosen: str, points: str) -> Choice:
    """The choice a form names; raises Invalid for one that is not offered or points that are no number."""
    if not asked.rulable:
        raise Invalid(["这里缺的是资料，请补录事实后再算一次"], "不能裁定", where=asked.title)
    if not asked.part.startswith("decide["):
        return Choice(key="points", words=f"计 {points} 分", points=_points(points))
    book = (await analysis_of(run.rulebook)).book
    offered = choices(book, await queries.outcome(run.id), asked, await rulings_now(run))
    found = next((one for one in offered if one.key == chosen), None)
    if found is None:
        raise Invalid(["请从列出的做法里选一个"], "没有选定怎么裁", where=asked.title)
    return found


def _points(text: str) -> Decimal:
    points = number_in(text)
    if points is None or abs(points) > MOST_POINTS or points != round(points, 4):
        raise Invalid([f"“{text[:20]}”不是分数，最多四位小数"], "没有填对分数", where="分数")
    return points


async def _insert(run: RunInfo, ruling: RulingInfo, number: int, by: UUID) -> UUID:
    id_ = new_id()
    await execute(
        _ADD,
        current_tenant(),
        id_,
        number,
        run.scheme_id,
        run.period_id,
        run.rulebook,
        run.id,
        ruling.subject,
        ruling.part,
        ruling.kind,
        ruling.within,
        ruling.grade,
        ruling.points,
        ruling.rank,
        ruling.places,
        ruling.withdrawn,
        by,
        now(),
    )
    return id_


async def _refuse_superseded(run: RunInfo) -> None:
    newer = await queries.superseded_by(run.id)
    if newer is not None:
        raise Conflict(
            f"这次评定已经被第 {newer.number} 次取代",
            where=f"第 {run.number} 次",
            todo_zh="请在新的一次评定里裁定",
        )


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Invalid(["请写明裁定的理由"], "没有写理由，没有保存", where="理由")
