"""Results of other schemes that a rulebook reads: only those in effect, of periods within the run's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from jiceng.evaluation.runs.numbering import NUMBER, SUBJECT
from jiceng.kernel.database import bulk_read_batches, current_tenant, fetch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    import pyarrow as pa

    from jiceng_sdk.rulebook import Fact, Rulebook

ANSWERS_FOR = "责任单位"
"""The role in which an organization meets the result of a project it answers for."""
RESULT_PLACES = 12
_SOURCES = """
select r.id as run, r.number, s.key as scheme, s.title, s.subject, p.title as period, p.first_day, p.last_day
from run r
join scheme s on s.tenant_id = r.tenant_id and s.id = r.scheme
join period p on p.tenant_id = r.tenant_id and p.id = r.period
where r.tenant_id = $1
"""
_IN_EFFECT = """
and r.final_at is not null and p.last_day <= $2
and not exists (select 1 from run later where later.tenant_id = r.tenant_id and later.scheme = r.scheme
  and later.period = r.period and later.number > r.number and later.final_at is not null)
"""
_THESE = " and r.id = any($2)"
_ORDER = " order by p.first_day, p.last_day, s.key"
_ROWS = """
select %s::text as subject, r.score::text as score, r.grade from result r
where r.tenant_id = $1 and r.run = $2 and (r.score is not null or r.grade is not null)
and not exists (
  select 1 from held_result h where h.tenant_id = $1 and h.run = r.run and h.subject = r.subject
)
"""
_ONE = """
select r.run, r.subject, r.score, r.grade from result r
where r.tenant_id = $1 and r.run = any($2) and (r.subject = $3 or r.organization = $3)
and (r.score is not null or r.grade is not null)
and not exists (
  select 1 from held_result h where h.tenant_id = $1 and h.run = r.run and h.subject = r.subject
)
order by r.place
"""
_SCHEMA: dict[str, Any] = {
    SUBJECT: NUMBER,
    "date": pl.Date,
    "score": pl.Decimal(38, RESULT_PLACES),
    "grade": pl.String,
    "role": pl.String,
}


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A run whose results are in effect: of which scheme, which rates `subject`, and of which period."""

    run: UUID
    number: int
    scheme: str
    title: str
    subject: str
    period: str
    first_day: date
    last_day: date


class SeenResult(msgspec.Struct, frozen=True):
    """A result of another scheme as read about one subject; `project`: one that it answers for."""

    source: Source
    score: Any
    grade: str | None
    project: UUID | None


async def in_effect(until: date) -> list[Source]:
    """Of every scheme and period that ends by a day, the run whose results are in effect; oldest first."""
    return [Source(**row) for row in await fetch(_SOURCES + _IN_EFFECT + _ORDER, current_tenant(), until)]


async def these(runs: Sequence[UUID]) -> list[Source]:
    """The runs with these ids as sources, oldest period first."""
    if not runs:
        return []
    return [Source(**row) for row in await fetch(_SOURCES + _THESE + _ORDER, current_tenant(), list(runs))]


def read_by(book: Rulebook, first_day: date, last_day: date, known: Iterable[Source]) -> list[Source]:
    """Of these sources the ones a rulebook reads for a period."""
    facts = book.facts.values()
    return [one for one in known if any(_feeds(one, fact, book, first_day, last_day) for fact in facts)]


async def results_for(
    book: Rulebook, ids: pl.Series, first_day: date, last_day: date, known: Sequence[Source]
) -> dict[str, pl.DataFrame]:
    """Rows of every fact of the kind `result`: subject (its place in `ids`), date, score, grade, role.

    `date` is the last day of the period the result is of. Results of strangers are left out.
    """
    found: dict[str, pl.DataFrame] = {}
    for name, fact in book.facts.items():
        if fact.kind == "result":
            feeding = [one for one in known if _feeds(one, fact, book, first_day, last_day)]
            parts = [await _rows(one, book, ids) for one in feeding]
            found[name] = pl.concat([pl.DataFrame(schema=_SCHEMA), *parts])
    return found


async def seen_by(
    book: Rulebook, subject: UUID, first_day: date, last_day: date, known: Sequence[Source]
) -> dict[str, list[SeenResult]]:
    """The same about one subject, by fact, for its explanation; facts without any are left out."""
    rows = await fetch(_ONE, current_tenant(), [one.run for one in known], subject) if known else []
    found: dict[str, list[SeenResult]] = {}
    for name, fact in book.facts.items():
        if fact.kind != "result":
            continue
        for one in known:
            if _feeds(one, fact, book, first_day, last_day):
                of_project = one.subject != book.subject
                found.setdefault(name, []).extend(
                    SeenResult(one, row["score"], row["grade"], row["subject"] if of_project else None)
                    for row in rows
                    if row["run"] == one.run and (of_project or row["subject"] == subject)
                )
    return {name: some for name, some in found.items() if some}


def _feeds(one: Source, fact: Fact, book: Rulebook, first_day: date, last_day: date) -> bool:
    """Whether a fact reads a source: its scheme, its time, and its subjects are the run's or answered for."""
    same = one.subject == book.subject or (one.subject, book.subject) == ("project", "organization")
    inside = one.last_day <= last_day and (fact.since == "always" or one.first_day >= first_day)
    return fact.kind == "result" and fact.scheme == one.scheme and same and inside


async def _rows(one: Source, book: Rulebook, ids: pl.Series) -> pl.DataFrame:
    """What one source says of the subjects of a run; of a project to the organization that answers for it.

    The organization is the one the source's own roster day named, so that it never changes afterwards.
    """
    answers = one.subject != book.subject

    def framed(batch: pa.RecordBatch) -> pl.DataFrame:
        return pl.DataFrame(pl.from_arrow(batch))

    statement = _ROWS % ("r.organization" if answers else "r.subject")
    batches = await bulk_read_batches(statement, (current_tenant(), one.run), framed)
    if not batches:
        return pl.DataFrame(schema=_SCHEMA)
    known = pl.DataFrame({SUBJECT: ids}).with_columns(pl.int_range(pl.len(), dtype=NUMBER).alias("~n"))
    rows = pl.concat(batches).join(known, on=SUBJECT, how="inner", maintain_order="left")
    return rows.select(
        pl.col("~n").alias(SUBJECT),
        pl.lit(one.last_day).alias("date"),
        pl.col("score").cast(_SCHEMA["score"]),
        pl.col("grade").cast(pl.String),
        pl.lit(ANSWERS_FOR if answers else None, dtype=pl.String).alias("role"),
    )
