"""Facts into the database: what is recorded already is found row by row, the rest is inserted in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.facts.rows.checking import ACCEPTED, DATE, ENTERED, EVIDENCE, SUBJECT
from jiceng.facts.tables import NOTE, Fact, FactNote
from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import bulk_insert, current_tenant, execute, fetch, renew_statistics
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from jiceng.facts.schemas import Came, KindInfo

COUNTS = "counts"
CORRECTS = "corrects"
_NTH = "nth"
LONGEST_SOURCE = 300
_ADD_BATCH = """
insert into fact_batch (tenant_id, id, kind, number, source, rows, by, at, workbook, takes_back)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_GONE = """
with recursive gone(seq) as (
  select f.corrects from fact_batch b join fact f on f.tenant_id = b.tenant_id and f.batch = b.id
  where b.tenant_id = $1 and b.kind = $2 and b.takes_back is not null
  union
  select f.corrects from gone g join fact f on f.tenant_id = $1 and f.seq = g.seq
  where f.corrects is not null
)
"""
"""What was taken back with its whole workbook, and what that had corrected: as if it had never come."""
_COUNTS = "seq not in (select c.corrects from fact c where c.tenant_id = $1 and c.corrects is not null)"


async def add_batch(info: KindInfo, number: int, came: Came, rows: int) -> UUID:
    """Record where the next `rows` facts come from; returns the batch's id."""
    batch = new_id()
    told = (came.source[:LONGEST_SOURCE], rows, came.by, now(), came.workbook, came.takes_back)
    await execute(_ADD_BATCH, current_tenant(), batch, info.id, number, *told)
    return batch


def not_recorded(rows: pl.DataFrame, recorded: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The rows that `recorded` does not hold, one for one: three alike against one recorded leave two."""
    nth = pl.int_range(pl.len()).over(keys).alias(_NTH)
    return (
        rows.with_columns(nth)
        .join(recorded.select(keys).with_columns(nth), on=[*keys, _NTH], how="anti", nulls_equal=True)
        .drop(_NTH)
    )


async def recorded(info: KindInfo, first_day: date, last_day: date) -> pl.DataFrame:
    """Facts of a kind on these days, packed (subject, date, counts, n1 …, w1 …).

    Corrected and withdrawn ones are among them; `counts` is false of them. Not those taken back with their
    whole workbook: handed in again, they are new.
    """
    columns = ", ".join(f"{_cell(key)} as {key}" for key in _keys(info))
    sql = (
        f"{_GONE} select subject::text as subject, occurred as date, {_COUNTS} as counts, {columns} "  # noqa: S608 - n1, w2 only
        "from fact where tenant_id = $1 and kind = $2 and occurred between $3 and $4 "
        "and not withdrawn and seq not in (select seq from gone)"
    )
    rows = await fetch(sql, current_tenant(), info.id, first_day, last_day)
    schema: dict[str, Any] = {SUBJECT: pl.String, DATE: pl.Date, COUNTS: pl.Boolean}
    schema |= {key: pl.String if key[0] == "w" else pl.Int64 for key in _keys(info)}
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


async def insert(
    info: KindInfo,
    batch: UUID,
    first: int,
    rows: pl.DataFrame,
    *,
    corrects: int | None = None,
    withdrawn: bool = False,
) -> None:
    """Insert packed rows, numbered from `first` in their order, with their free text apart.

    `corrects`: the number of the fact they replace (or a column of such numbers); `withdrawn`: they leave
    nothing in its place.
    """
    replaced = pl.col(CORRECTS) if CORRECTS in rows.columns else pl.lit(corrects, dtype=pl.Int64)
    numbered = rows.with_columns(pl.int_range(first, first + pl.len(), dtype=pl.Int64).alias("seq"))
    await bulk_insert(
        Fact,
        numbered.select(
            "seq",
            SUBJECT,
            pl.col(DATE).alias("occurred"),
            pl.lit(str(info.id)).alias("kind"),
            pl.lit(str(batch)).alias("batch"),
            _array(info.layout.numbers(), pl.Int64).alias("numbers"),
            _array(info.layout.words(), pl.String).alias("words"),
            _given(rows, ENTERED),
            _given(rows, ACCEPTED),
            replaced.alias(CORRECTS),
            pl.lit(withdrawn).alias("withdrawn"),
        ),
    )
    noted = numbered.select("seq", _given(rows, EVIDENCE).alias("text")).filter(pl.col("text").is_not_null())
    if noted.height:
        await bulk_insert(FactNote, await _sealed(noted))
    await renew_statistics(rows.height, Fact)


async def _sealed(noted: pl.DataFrame) -> pl.DataFrame:
    keys = await keyring()
    texts = [keys.seal(NOTE, seq, text) for seq, text in noted.iter_rows()]
    return noted.with_columns(pl.Series("text", texts, pl.String))


def _array(keys: list[str], kind: type[pl.DataType]) -> pl.Expr:
    return pl.concat_list(keys) if keys else pl.lit([], dtype=pl.List(kind))


def _given(rows: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(column) if column in rows.columns else pl.lit(None, dtype=pl.String).alias(column)


def _keys(info: KindInfo) -> list[str]:
    return [column.key for column in info.layout.columns]


def _cell(key: str) -> str:
    return f"{'words' if key[0] == 'w' else 'numbers'}[{key[1:]}]"
