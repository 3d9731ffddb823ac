"""What may be done with runs: open one, carry it out, prove it."""

from __future__ import annotations

import asyncio
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.evaluation import queries
from jiceng.evaluation.runs.computing import Computed, compute
from jiceng.evaluation.runs.frames import ORGANIZATION, SUBJECT
from jiceng.evaluation.runs.opening import JOB, keep_frame, open_run
from jiceng.evaluation.schemas import Verified
from jiceng.evaluation.stored.blocks import OUTCOME, blocks, part_name
from jiceng.evaluation.tables import HeldResult, Result
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import bulk_insert, current_tenant, execute, joined, renew_statistics
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.kernel.jobs import cancel
from jiceng_sdk.engine import ENGINE_VERSION
from jiceng_sdk.faults import Faults

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng.evaluation.queries import Shown
    from jiceng.kernel.jobs import Job

__all__ = ["JOB", "cancel_run", "carry_out", "make_final", "open_run", "verify"]
_WHOLE, _READ, _COMPUTED = 100, 60, 80
"""Percent: the whole of a run, when its facts are read, when it is computed."""
_SHOWN_FAULTS = 20
STORED = Decimal("1e-12")
"""The places a score has in the table of results."""

_DONE = """
update run set state = 'done', reason = '', finished_at = $3, milliseconds = $4
where tenant_id = $1 and id = $2
"""
_FAILED = "update run set state = 'failed', reason = $3, finished_at = $4 where tenant_id = $1 and id = $2"


async def carry_out(run_id: UUID, job: Job) -> None:
    """Compute a run and keep its results; results, state and the job's end commit together or not at all.

    What the engine refuses makes the run failed, with the reason; a fault of the program is left to the
    queue, which tries again and then parks the job.
    """
    run = await queries.run(run_id)
    if run.state == "done":
        return
    await job.progress(0, _WHOLE, "读取名册和事实")

    async def read(kinds: int, of: int) -> None:
        note = "读取事实" if kinds < of else "计算中"
        await job.progress(_READ * kinds // of, _WHOLE, note)

    try:
        computed = await compute(run, read)
    except (Faults, Refusal) as found:
        async with job.finish():
            await execute(_FAILED, current_tenant(), run.id, reason_of(found), now())
            record(Event.RUN_FAILED, ("run", run.id), success=False)
        return
    await job.progress(_COMPUTED, _WHOLE, "保存结果")
    rows = await asyncio.to_thread(result_rows, run.id, computed)
    packing = asyncio.create_task(asyncio.to_thread(blocks, computed.outcome))  # while rows are written
    async with job.finish():
        await bulk_insert(Result, rows)
        await renew_statistics(rows.height, Result)
        for block, content in enumerate(await packing):
            await keep_frame(run.id, part_name(OUTCOME, block), content)
        await execute(_DONE, current_tenant(), run.id, now(), computed.milliseconds)
        record(Event.RUN_FINISHED, ("run", run.id), count=rows.height)


async def cancel_run(run_id: UUID) -> None:
    """Stop a run that waits or is being computed; nothing of it is kept. Raises Conflict after its end."""
    run = await queries.run(run_id)
    async with joined():
        if run.ended or run.job is None or not await cancel(run.job):
            raise Conflict("这次评定已经结束，不能取消", where=f"第 {run.number} 次")
        record(Event.JOB_CHANGED, ("run", run.id), state="cancelled")


async def make_final(run_id: UUID, held: pl.DataFrame) -> None:
    """Let a run's results take effect; `held`: subjects (column subject) whose verdict nobody confirmed.

    From then on other periods and schemes may read them, those held excepted. Within an open transaction.
    Raises Conflict for a run that is not computed or took effect before.
    """
    run = await queries.run(run_id)
    if run.state != "done" or run.final_at is not None:
        raise Conflict("只有算完而且还没有生效的评定才能生效", where=f"第 {run.number} 次")
    await bulk_insert(HeldResult, held.select(SUBJECT).with_columns(pl.lit(str(run.id)).alias("run")))
    await execute(
        "update run set final_at = $3 where tenant_id = $1 and id = $2", current_tenant(), run.id, now()
    )


async def verify(number: int) -> Verified:
    """Recompute a run from its frozen inputs and compare every result to the digit; nothing is written.

    Both the packed outcome and the rows that pages show are compared. Under another engine version the answer
    says which versions were compared.
    """
    run = await queries.by_number(number)
    kept = (await queries.outcome(run.id)).results
    again = (await compute(run)).outcome.results
    found = {*differences(kept, again), *shown_otherwise(await queries.shown(run.id), again)}
    return Verified(run.number, kept.height, run.engine, ENGINE_VERSION, tuple(sorted(found)))


def shown_otherwise(shown: Mapping[str, Shown], results: pl.DataFrame) -> set[str]:
    """Subjects whose row in the table of results is not what was computed, is missing or should not be."""
    computed: dict[str, Shown] = {
        subject: (status, None if score is None else Decimal(score).quantize(STORED, ROUND_HALF_UP), grade)
        for subject, status, score, grade in results.select(SUBJECT, "status", "score", "grade").iter_rows()
    }
    return {each for each in {*shown, *computed} if shown.get(each) != computed.get(each)}


def differences(kept: pl.DataFrame, again: pl.DataFrame) -> tuple[str, ...]:
    """Subjects whose rows are not the same in both frames of results, or that only one of them has."""
    if kept.columns != again.columns:
        return tuple(sorted(set(kept[SUBJECT]) | set(again[SUBJECT])))
    both = pl.concat([kept, again], how="vertical_relaxed")  # numbers at the scale that holds them all
    alone = both.filter(pl.struct(kept.columns).is_unique())
    return tuple(sorted(set(alone[SUBJECT])))


def reason_of(found: Faults | Refusal) -> str:
    """Why a run failed, in plain Chinese: the first faults, and how many more there are."""
    if isinstance(found, Refusal):
        return found.in_chinese()
    told = [
        f"{fault.place()}：{fault.zh}" if fault.place() else fault.zh
        for fault in found.faults[:_SHOWN_FAULTS]
    ]
    more = len(found.faults) - len(told)
    return "\n".join([*told, *([f"……还有 {more} 处"] if more else [])])


def result_rows(run: UUID, computed: Computed) -> pl.DataFrame:
    """Results as the table keeps them, in the order of lists; outputs as JSON text."""
    results = computed.outcome.results
    outputs = [name for name in computed.analysis.book.outputs if name in results.columns]
    written = [msgspec.json.encode(row).decode() for row in results.select(outputs).iter_rows(named=True)]
    return (
        results.select(SUBJECT, "status", "score", "grade")
        .with_columns(
            run=pl.lit(str(run)), outputs=pl.Series(written, dtype=pl.String) if outputs else pl.lit("{}")
        )
        .join(
            computed.subjects.select(SUBJECT, ORGANIZATION).with_row_index("place"),
            on=SUBJECT,
            how="left",
            maintain_order="left",
        )
    )
