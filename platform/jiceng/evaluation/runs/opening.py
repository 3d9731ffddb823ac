"""Opening a run: everything it depends on is frozen and digested; the same inputs are the same run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.evaluation import queries
from jiceng.evaluation.runs.elsewhere import in_effect, read_by
from jiceng.evaluation.runs.frames import SUBJECT, for_engine, subjects_on
from jiceng.evaluation.runs.inputs import Inputs, after, digest, frame_digest
from jiceng.evaluation.stored.blocks import SUBJECTS, frame_blocks, packed_frame, part_name
from jiceng.evaluation.stored.rulings import RulingInfo, all_rulings, in_force
from jiceng.evaluation.stored.rulings import frame as ruling_frame
from jiceng.facts.queries import watermark
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch_row, fetch_value, joined, next_block
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import enqueue
from jiceng.schemes import host
from jiceng.schemes import queries as schemes
from jiceng.schemes.periods import span_around
from jiceng.schemes.periods.closing import reopened
from jiceng.schemes.periods.opening import open_period
from jiceng_sdk.engine import ENGINE_VERSION

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    import polars as pl

    from jiceng.evaluation.schemas import RunInfo
    from jiceng.schemes.schemas import InForce, PeriodInfo

JOB = "evaluation.run"
_STOPPED = "select 1 from publication where tenant_id = $1 and run = $2 and state = 'stopped'"
"""Asked of the table itself: publication stands above evaluation and cannot be asked from here."""
_ADD_RUN = """
insert into run (tenant_id, id, scheme, period, rulebook, number, engine, plugin, roster_at, watermark,
  previous, inputs_digest, state, reason, job, subjects, opened_by, opened_at, finished_at, milliseconds,
  history, rulings, supersedes, sources)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'queued', '', null, $13, $14, $15, null, 0,
  $16, $17, $18, $19)
"""


class Frozen(msgspec.Struct, frozen=True):
    """What a run is opened with, already read."""

    period: PeriodInfo
    rules: InForce
    subjects: pl.DataFrame
    roster_at: date
    rulings: list[RulingInfo]
    inputs: Inputs


async def open_run(key: str, day: date, *, by: UUID | None = None) -> RunInfo:
    """Start evaluating a scheme for the period that `day` lies in; the job begins after the commit.

    With inputs that were evaluated before, that run is returned and nothing starts, unless it was superseded
    or stopped: its results can never take effect. A run that failed is started again.

    Raises NotFound (no such scheme, or its plugin is off; no rulebook), Refusal (empty roster, attributes
    missing), Conflict (period closed).
    """
    scheme = await schemes.scheme(key)
    current = await schemes.rulebook_for(key, max(day, today()))
    span = span_around(current.book.period, day)
    rules = await schemes.rulebook_for(key, span.last_day)
    async with joined():
        period = await open_period(span.kind, span.first_day)
        if period.state == "closed" and not (await reopened([period.id]))[period.id]:
            raise Conflict(
                "期间已经关闭，不能再计算", where=period.title, todo_zh="需要重算时请先重新开放期间"
            )
        frozen = await _freeze(key, scheme.id, period, rules)
        made = digest(frozen.inputs)
        await _one_at_a_time(scheme.id)
        known = await queries.by_digest(made)
        while known is not None and await _over(known):
            made = after(made, known.id)
            known = await queries.by_digest(made)
        if known is not None:
            return await _again(known) if known.state == "failed" else known
        run = await _add(scheme.id, frozen, made, by)
        await _enqueue(run, made)
        return await queries.run(run)


async def _freeze(key: str, scheme: UUID, period: PeriodInfo, rules: InForce) -> Frozen:
    roster_at = min(period.last_day, today())
    subjects = await subjects_on(rules.book, roster_at)
    offered = host.offer(key)
    history = await queries.history_setting(key)
    before = await queries.history(key, period.first_day, only_final=history == queries.FINAL)
    sources = read_by(rules.book, period.first_day, period.last_day, await in_effect(period.last_day))
    ruled = in_force(await all_rulings(scheme, period.id), rules.version.id, set(subjects[SUBJECT].to_list()))
    inputs = Inputs(
        scheme=key,
        first_day=period.first_day,
        last_day=period.last_day,
        rulebook=rules.version.digest,
        engine=ENGINE_VERSION,
        plugin=f"{offered.plugin} {offered.version}" if offered else "",
        subjects=frame_digest(for_engine(rules.book, subjects)),
        watermark=await watermark(key),
        previous=tuple(str(run.id) for run in before),
        rulings=tuple(str(ruling.id) for ruling in ruled),
        history=history,
        sources=tuple(str(source.run) for source in sources),
    )
    return Frozen(period, rules, subjects, roster_at, ruled, inputs)


async def _over(known: RunInfo) -> bool:
    """Whether a run's results can never take effect: a later one took its place, or they were stopped."""
    if known.final_at is not None:
        return known.replaced_by is not None
    stopped = await fetch_value(_STOPPED, current_tenant(), known.id)
    return stopped is not None or await queries.superseded_by(known.id) is not None


async def _one_at_a_time(scheme: UUID) -> None:
    """Lock the scheme's row until commit: of two who press the button at once, the second finds the run."""
    await fetch_row(
        "select id from scheme where tenant_id = $1 and id = $2 for update", current_tenant(), scheme
    )


async def _add(scheme: UUID, frozen: Frozen, made: str, by: UUID | None) -> UUID:
    run, inputs = new_id(), frozen.inputs
    await execute(
        _ADD_RUN,
        current_tenant(),
        run,
        scheme,
        frozen.period.id,
        frozen.rules.version.id,
        await next_block("runs"),
        inputs.engine,
        inputs.plugin,
        frozen.roster_at,
        inputs.watermark,
        msgspec.json.encode(inputs.previous).decode(),
        made,
        frozen.subjects.height,
        by,
        now(),
        inputs.history,
        msgspec.json.encode([ruling.number for ruling in frozen.rulings]).decode(),
        await queries.last_done(scheme, frozen.period.id),
        msgspec.json.encode(inputs.sources).decode(),
    )
    for block, content in enumerate(frame_blocks(frozen.subjects)):
        await keep_frame(run, part_name(SUBJECTS, block), content)
    if (ruled := ruling_frame(frozen.rulings)) is not None:
        await keep_frame(run, "rulings", packed_frame(ruled))
    return run


async def keep_frame(run: UUID, part: str, content: bytes) -> None:
    """Keep a packed frame of a run, within the open transaction."""
    await execute(
        "insert into run_frame (tenant_id, id, run, part, content) values ($1, $2, $3, $4, $5)",
        current_tenant(),
        new_id(),
        run,
        part,
        content,
    )


async def _again(failed: RunInfo) -> RunInfo:
    await execute(
        "update run set state = 'queued', reason = '' where tenant_id = $1 and id = $2",
        current_tenant(),
        failed.id,
    )
    await _enqueue(failed.id, failed.inputs_digest)
    return await queries.run(failed.id)


async def _enqueue(run: UUID, made: str) -> None:
    record(Event.RUN_OPENED, ("run", run))
    job = await enqueue(JOB, {"run": run}, unique=made)
    await execute("update run set job = $3 where tenant_id = $1 and id = $2", current_tenant(), run, job)
