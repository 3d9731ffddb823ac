"""Confirming verdicts: an organization's at once with the exceptions listed, or one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import bulk_insert, current_tenant, execute, fetch, joined, next_block
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.publication.flow.states import State
from jiceng.publication.queries import WITHOUT_RESULT
from jiceng.publication.service import LONGEST, locked
from jiceng.publication.tables import CONFIRMED, Verdict
from jiceng.roster.queries import descendants, names, subject_numbers
from jiceng.roster.sight import refuse_oneself
from jiceng.schemes.queries import book_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng.evaluation.schemas import RunInfo

_RATED = """
select subject from result where tenant_id = $1 and run = $2 and not status = any($3)
and ($4::uuid[] is null or organization = any($4) or subject = any($4)) order by place
"""
_ADD = """
insert into confirmation (tenant_id, id, publication, number, organization, reason, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class Confirmed(msgspec.Struct, frozen=True):
    """What one act of confirming did."""

    confirmed: int
    exceptions: int


async def confirm(
    run_id: UUID, organization: UUID, reason: str, exceptions: Sequence[str], *, by: UUID
) -> Confirmed:
    """Confirm the verdicts of an organization and those below it, except for the numbers listed.

    Raises Invalid with every number that is not one of them, Conflict before the review and after the end.
    """
    _reasoned(reason)
    async with joined():
        run, info = await locked(run_id)
        _open(info.state)
        if not await names([organization]):
            raise NotFound("没有这个组织", where=str(organization))
        below = await descendants(organization, run.roster_at)
        rows = await fetch(_RATED, current_tenant(), run.id, list(WITHOUT_RESULT), below)
        rated = [row["subject"] for row in rows]
        excepted = await _numbered(run, exceptions, rated)
        if not rated:
            raise Conflict("这个组织里没有可以确认的结果", where=run.period)
        await _keep(info.id, organization, reason, {one: one not in excepted for one in rated}, by)
        record(Event.RESULTS_CONFIRMED, ("run", run.id), count=len(rated), skipped=len(excepted))
    return Confirmed(len(rated) - len(excepted), len(excepted))


async def confirm_one(run_id: UUID, number: str, reason: str, *, by: UUID) -> None:
    """Confirm one subject by its number, one that was listed as an exception for instance; not oneself."""
    _reasoned(reason)
    async with joined():
        run, info = await locked(run_id)
        _open(info.state)
        rows = await fetch(_RATED, current_tenant(), run.id, list(WITHOUT_RESULT), None)
        (subject,) = await _numbered(run, [number], [row["subject"] for row in rows]) or (None,)
        if subject is None:
            raise Invalid(["请填写编号"], "没有确认", where="编号")
        await refuse_oneself(subject, "具名确认")
        await _keep(info.id, None, reason, {subject: True}, by)
        record(Event.RESULTS_CONFIRMED, ("run", run.id), count=1)


async def _numbered(run: RunInfo, numbers: Sequence[str], among: Sequence[UUID]) -> set[UUID]:
    known = await subject_numbers((await book_of(run.rulebook)).subject, run.roster_at)
    there = {str(one): one for one in among}
    wanted = [number.strip() for number in numbers if number.strip()]
    lost = [number for number in wanted if known.get(number) not in there]
    if lost:
        raise Invalid([f"“{number[:40]}”不在要确认的范围里" for number in lost], "没有确认", where="编号")
    return {there[known[number]] for number in wanted}


async def _keep(
    publication: UUID | None, organization: UUID | None, reason: str, verdicts: dict[UUID, bool], by: UUID
) -> None:
    id_, number = new_id(), await next_block("confirmations")
    words = (await keyring()).seal(CONFIRMED, id_, reason.strip()[:LONGEST])
    await execute(_ADD, current_tenant(), id_, publication, number, organization, words, by, now())
    await bulk_insert(
        Verdict,
        pl.DataFrame(
            {"subject": [str(one) for one in verdicts], "confirmed": list(verdicts.values())}
        ).with_columns(
            pl.lit(str(id_)).alias("confirmation"),
            pl.lit(str(publication)).alias("publication"),
            pl.lit(number).alias("number"),
        ),
    )


def _open(state: State) -> None:
    if state not in (State.REVIEWED, State.NOTICE):
        raise Conflict("只有复核以后、生效以前可以确认", todo_zh="请先复核；已经生效的请另算一次")


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise Invalid(["请写明确认的依据"], "没有写理由，没有确认", where="理由")
