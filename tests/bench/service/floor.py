"""The floor under a run: the same columns read in bulk, a bare group-by, the same rows written in bulk."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import polars as pl

from jiceng.evaluation.tables import Result
from jiceng.facts import queries as facts
from jiceng.kernel.database import (
    bulk_insert,
    bulk_read_batches,
    current_tenant,
    execute,
    fetch,
    transaction,
)
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

    import pyarrow as pa

    from jiceng.facts.schemas import KindInfo

_OTHER_RUN = """
insert into run select (jsonb_populate_record(r, jsonb_build_object(
  'id', $3::uuid, 'inputs_digest', $4::text, 'number', -r.number
))).* from run r where r.tenant_id = $1 and r.id = $2
"""
_KEPT = """
select subject::text, organization::text, place, status, score, grade, outputs from result
where tenant_id = $1 and run = $2
"""


async def read_and_grouped(scheme: str) -> float:
    """Seconds of reading every column of every fact and adding up per subject and kind, then per subject."""
    started = time.perf_counter()
    rows = pl.concat([await _read(kind) for kind in await facts.kinds(scheme)])
    each = rows.lazy().group_by("subject", "kind").agg(pl.len().alias("n"))
    each.group_by("subject").agg(pl.col("n").sum()).collect()
    return time.perf_counter() - started


async def _read(kind: KindInfo) -> pl.DataFrame:
    """Every column of a kind, as it comes; the subject is kept for grouping."""
    keys = "".join(
        f", f.{'words' if column.key[0] == 'w' else 'numbers'}[{column.place}] as {column.key}"
        for column in kind.layout.columns
    )
    sql = f"select f.subject, f.occurred{keys} from fact f where f.tenant_id = $1 and f.kind = $2"  # noqa: S608

    def subjects(batch: pa.RecordBatch) -> pl.DataFrame:
        frame = pl.DataFrame(pl.from_arrow(batch.drop_columns(["subject"])))
        ids = pl.Series("subject", pl.from_arrow(batch.column("subject").storage))
        return frame.select(pl.lit(ids), pl.lit(kind.name).alias("kind"))

    return pl.concat(await bulk_read_batches(sql, (current_tenant(), kind.id), subjects))


async def written(run: UUID) -> float:
    """Seconds of writing as many rows as the run has results, with the same columns, and committing."""
    rows = await fetch(_KEPT, current_tenant(), run)
    names = ("subject", "organization", "place", "status", "score", "grade", "outputs")
    frame = pl.DataFrame(
        {name: [row[name] for row in rows] for name in names}, schema_overrides={"score": pl.Decimal(38, 12)}
    )
    other = new_id()
    await execute(_OTHER_RUN, current_tenant(), run, other, str(other))
    started = time.perf_counter()
    async with transaction():
        await bulk_insert(Result, frame.with_columns(pl.lit(str(other)).alias("run")))
    return time.perf_counter() - started
