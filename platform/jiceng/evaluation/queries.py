"""Reads of evaluation: runs, their frames, their history."""

from __future__ import annotations

import asyncio
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import polars as pl

from jiceng.evaluation.schemas import STATUSES, RunInfo
from jiceng.evaluation.stored.blocks import OUTCOME, SUBJECTS, part_of, whole
from jiceng.evaluation.stored.seeing import arguments, seen
from jiceng.kernel.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.kernel.errors import NotFound
from jiceng.schemes.queries import book_of
from jiceng.tenancy.queries import setting
from jiceng_sdk.engine import Outcome, unpack

if TYPE_CHECKING:
    from datetime import date

COMPUTED, FINAL = "computed", "final"
Shown = tuple[str, Decimal | None, str | None]
"""A row of the table of results: status, score, grade."""

LOOK_BACK = 3
"""How many earlier periods a rulebook may read: `previous`, `streak`, `times`."""
_FAILED = "计算程序出错，已经记录；请联系平台运维，修复后可重新开始"
_CANCELLED = "计算被取消，可以重新开始"
_RUNS = """
select r.id, r.number, s.key as scheme, s.title, s.subject, p.first_day, p.last_day, p.title as period,
  r.rulebook, v.number as version, r.engine, r.plugin, r.roster_at, r.watermark, r.previous,
  r.inputs_digest, r.state,
  r.reason, r.job, r.subjects, r.opened_by, r.opened_at, r.finished_at, r.milliseconds,
  r.scheme as scheme_id, r.period as period_id, r.history, r.rulings, r.sources, r.supersedes, r.final_at,
  (select min(n.number) from run n where n.tenant_id = r.tenant_id and n.scheme = r.scheme
    and n.period = r.period and n.number > r.number and n.final_at is not null) as replaced_by,
  (select l.number from run l where l.tenant_id = r.tenant_id and l.id = r.supersedes) as supersedes_number,
  j.state as job_state
from run r
join scheme s on s.tenant_id = r.tenant_id and s.id = r.scheme
join period p on p.tenant_id = r.tenant_id and p.id = r.period
join rulebook_version v on v.tenant_id = r.tenant_id and v.id = r.rulebook
left join job j on j.tenant_id = r.tenant_id and j.id = r.job
where r.tenant_id = $1
"""
STOPPED = "exists (select 1 from publication w where w.tenant_id = $1 and w.run = %s and w.state = 'stopped')"
"""Whether a run was stopped for good; asked of the table, for publication stands above evaluation."""
_LATER = """
and r.state = 'done' and exists (select 1 from run o where o.tenant_id = r.tenant_id and o.id = $2
  and o.scheme = r.scheme and o.period = r.period and o.number < r.number)
"""
"""Computed later than a run, of the same scheme and period."""


async def runs() -> list[RunInfo]:
    """Every run of the tenant, newest first."""
    return [_run(row) for row in await fetch(_RUNS + " order by r.number desc", current_tenant())]


async def run(run_id: UUID) -> RunInfo:
    """One run; raises NotFound when the tenant has no such run."""
    row = await fetch_row(_RUNS + " and r.id = $2", current_tenant(), run_id)
    if row is None:
        raise NotFound("没有这次评定", where=str(run_id))
    return _run(row)


async def done(run_id: UUID) -> RunInfo:
    """A run that has results.

    Raises NotFound when there is none, or while it waits, is computed or has failed.
    """
    found = await run(run_id)
    if found.state != "done":
        raise NotFound("这次评定还没有结果", where=f"第 {found.number} 次", todo_zh="请等计算完成")
    return found


async def by_number(number: int) -> RunInfo:
    """The run with this number; raises NotFound when the tenant has no such run."""
    row = await fetch_row(_RUNS + " and r.number = $2", current_tenant(), number)
    if row is None:
        raise NotFound("没有这次评定", where=f"第 {number} 次")
    return _run(row)


async def by_digest(inputs_digest: str) -> RunInfo | None:
    """The run with these inputs, or None."""
    row = await fetch_row(_RUNS + " and r.inputs_digest = $2", current_tenant(), inputs_digest)
    return None if row is None else _run(row)


async def history_setting(scheme: str) -> str:
    """Which results of earlier periods a scheme reads: COMPUTED (the last run) or FINAL ones only."""
    found = await setting(history_name(scheme))
    return FINAL if found == FINAL else COMPUTED


def history_name(scheme: str) -> str:
    """The name of the setting that says which results are the history."""
    return f"history.{scheme}"


async def history(scheme: str, before: date, *, only_final: bool = False) -> list[RunInfo]:
    """The last computed run of each period before a day, newest period first, at most three periods back.

    One whose results were stopped is none of them. `only_final`: the last run whose results took effect.
    """
    rows = await fetch(
        _RUNS
        + " and s.key = $2 and r.state = 'done' and p.last_day < $3 and (not $4 or r.final_at is not null)"
        f" and not {STOPPED % 'r.id'} order by p.first_day desc, r.number desc",
        current_tenant(),
        scheme,
        before,
        only_final,
    )
    latest: dict[date, RunInfo] = {}
    for found in map(_run, rows):
        latest.setdefault(found.first_day, found)
    return list(latest.values())[:LOOK_BACK]


async def last_done(scheme: UUID, period: UUID) -> UUID | None:
    """The last computed run of a scheme and period: what the next one supersedes."""
    found: UUID | None = await fetch_value(
        "select id from run where tenant_id = $1 and scheme = $2 and period = $3 and state = 'done' "
        "order by number desc limit 1",
        current_tenant(),
        scheme,
        period,
    )
    return found


async def superseded_by(run_id: UUID) -> RunInfo | None:
    """The first later run of the same scheme and period that is computed, or None.

    Also one that was opened before this one was computed, and so names an earlier one in `supersedes`. Not
    one whose results were stopped: it takes nobody's place.
    """
    stands = f"and not {STOPPED % 'r.id'}"
    row = await fetch_row(f"{_RUNS} {_LATER} {stands} order by r.number limit 1", current_tenant(), run_id)
    return None if row is None else _run(row)


async def held(run_id: UUID) -> pl.DataFrame:
    """Subjects (column subject) whose result did not take effect with a final run."""
    rows = await fetch(
        "select subject::text as subject from held_result where tenant_id = $1 and run = $2",
        current_tenant(),
        run_id,
    )
    return pl.DataFrame({"subject": [row["subject"] for row in rows]}, schema={"subject": pl.String})


async def held_count(run: RunInfo) -> int:
    """How many results that may be seen here did not take effect with a final run."""
    found: int = await fetch_value(
        "select count(*) from held_result h "  # noqa: S608 - constants
        "join result r on r.tenant_id = h.tenant_id and r.run = h.run and r.subject = h.subject "
        f"where h.tenant_id = $1 and h.run = $2 {seen(run, '$3', '$4')}",
        *(current_tenant(), run.id, *await arguments(run)),
    )
    return found


async def frame(run_id: UUID, part: str) -> pl.DataFrame:
    """A frame kept with a run: `subjects`, `rulings`."""
    packed = await _all_blocks(run_id, part)
    return await asyncio.to_thread(lambda: pl.concat([_unpacked(one) for one in packed]))


async def content(run_id: UUID, part: str) -> bytes:
    """What was kept with a run, packed; raises NotFound when it is not there."""
    packed: bytes | None = await fetch_value(
        "select content from run_frame where tenant_id = $1 and run = $2 and part = $3",
        current_tenant(),
        run_id,
        part,
    )
    if packed is None:
        raise NotFound("这次评定还没有结果", where=str(run_id), todo_zh="请等计算完成")
    return packed


async def shown(run_id: UUID) -> dict[str, Shown]:
    """What the table of results says about each subject of a run: status, score, grade."""
    rows = await fetch(
        "select subject::text as subject, status, score, grade from result where tenant_id = $1 and run = $2",
        current_tenant(),
        run_id,
    )
    return {row["subject"]: (row["status"], row["score"], row["grade"]) for row in rows}


async def outcome(run_id: UUID) -> Outcome:
    """What the engine gave for a run, as kept; raises NotFound until it is computed."""
    return await asyncio.to_thread(whole, await _all_blocks(run_id, OUTCOME))


async def kept_of(run_id: UUID, subject: UUID) -> tuple[Outcome, pl.DataFrame]:
    """What a run keeps of one subject, from its blocks alone: what came out, and its row as it went in.

    Raises NotFound when the run has none of it.
    """
    place = await fetch_value(
        "select place from result where tenant_id = $1 and run = $2 and subject = $3",
        current_tenant(),
        run_id,
        subject,
    )
    if place is None:
        raise NotFound("这次评定中没有这个对象", where=str(subject))
    wanted = [part_of(kind, place) for kind in (OUTCOME, SUBJECTS)]
    rows = await fetch(
        "select part, content from run_frame where tenant_id = $1 and run = $2 and part = any($3)",
        current_tenant(),
        run_id,
        wanted,
    )
    packed = {row["part"]: row["content"] for row in rows}

    def unpacked() -> tuple[Outcome, pl.DataFrame]:
        went_in = _unpacked(packed[wanted[1]]).filter(pl.col("subject") == str(subject))
        return unpack(packed[wanted[0]]).of(str(subject)), went_in

    return await asyncio.to_thread(unpacked)


async def _all_blocks(run_id: UUID, kind: str) -> list[bytes]:
    """What was kept of a kind with a run, block by block; raises NotFound when it is not there."""
    first = await content(run_id, kind)
    rest = await fetch(
        "select part, content from run_frame where tenant_id = $1 and run = $2 and part like $3",
        current_tenant(),
        run_id,
        f"{kind} %",
    )
    further = sorted((int(row["part"].split()[1]), row["content"]) for row in rest)
    return [first, *(packed for _, packed in further)]


def _unpacked(packed: bytes) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(packed))


async def counts(run_id: UUID) -> dict[str, int]:
    """How many results that may be seen here have each grade, best first, then the others by their status."""
    found = await run(run_id)
    grades = (await book_of(found.rulebook)).grades
    rows = await fetch(
        "select r.status, r.grade, count(*) as number from result r where r.tenant_id = $1 and r.run = $2 "  # noqa: S608 - constants
        f"{seen(found, '$3', '$4')} group by r.status, r.grade order by r.status, r.grade",
        *(current_tenant(), run_id, *await arguments(found)),
    )
    graded = dict.fromkeys(grades, 0)
    others: dict[str, int] = {}
    for row in rows:
        if row["grade"] in graded:
            graded[row["grade"]] += row["number"]
        else:
            words = STATUSES.get(row["status"], row["status"])
            others[words] = others.get(words, 0) + row["number"]
    return graded | others


def _run(row: Any) -> RunInfo:  # noqa: ANN401 - a database row
    values = dict(row)
    job_state = values.pop("job_state")
    if values["state"] in {"queued", "running"}:
        match job_state:
            case "running":
                values["state"] = "running"
            case "parked" | "failed":
                values |= {"state": "failed", "reason": _FAILED}
            case "cancelled" | None:  # ended jobs are forgotten in time
                values |= {"state": "failed", "reason": _CANCELLED}
    values["rulings"] = tuple(msgspec.json.decode(values["rulings"], type=tuple[int, ...]))
    values["sources"] = tuple(msgspec.json.decode(values["sources"], type=tuple[UUID, ...]))
    values["previous"] = tuple(msgspec.json.decode(values["previous"], type=tuple[UUID, ...]))
    return RunInfo(**values)
