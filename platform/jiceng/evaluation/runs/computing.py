"""Computing a run: frozen inputs read back, the engine called in a thread, the outcome."""

from __future__ import annotations

import asyncio
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import msgspec
import polars as pl

from jiceng.evaluation import queries
from jiceng.evaluation.runs.elsewhere import results_for, these
from jiceng.evaluation.runs.frames import SUBJECT, facts_for, for_engine
from jiceng.evaluation.runs.numbering import by_number, named, numbered, with_ids
from jiceng.kernel.errors import NotFound
from jiceng.schemes.queries import book_text
from jiceng_sdk.engine import Outcome, Period, evaluate
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Analysis, Rulebook, analyse, from_json
from jiceng_sdk.rulebook.parts import MONTHS

if TYPE_CHECKING:
    from datetime import date

    from jiceng.evaluation.runs.frames import Told
    from jiceng.evaluation.schemas import RunInfo

BACK = "back"


class Past(Protocol):
    """What says which results of earlier periods are read: a run, or a trial."""

    @property
    def first_day(self) -> date:
        """First day of the period."""

    @property
    def previous(self) -> tuple[UUID, ...]:
        """Ids of the runs whose results are the history."""

    @property
    def history(self) -> str:
        """COMPUTED or FINAL."""


class Computed(msgspec.Struct, frozen=True):
    """What a computation gave: the outcome, the subjects it was about, and how long the engine took."""

    analysis: Analysis
    outcome: Outcome
    subjects: pl.DataFrame
    milliseconds: int


async def compute(run: RunInfo, told: Told | None = None) -> Computed:
    """Evaluate a run from what was frozen when it was opened; nothing is written.

    `told` hears how many kinds of facts of how many are read.
    Raises Faults when the engine refuses the facts, naming subject and field.
    """
    analysis = await analysis_of(run.rulebook)
    subjects = await queries.frame(run.id, "subjects")
    facts = await facts_of(run, analysis, subjects[SUBJECT], told)
    previous = await history_of(run, analysis.book)
    ruled = await rulings_of(run)
    started = time.perf_counter()
    outcome = await asyncio.to_thread(_evaluated, analysis, run, subjects, facts, previous, ruled)
    return Computed(analysis, outcome, subjects, round((time.perf_counter() - started) * 1000))


async def facts_of(
    run: RunInfo, analysis: Analysis, ids: pl.Series, told: Told | None = None
) -> dict[str, pl.DataFrame]:
    """Everything a run reads besides its subjects: facts up to its watermark, results of other schemes."""
    book, days = analysis.book, (run.first_day, run.last_day)
    facts = await facts_for(run.scheme, book, ids, days, run.watermark, told)
    return facts | await results_for(book, ids, *days, await these(run.sources))


def _evaluated(
    analysis: Analysis,
    run: RunInfo,
    subjects: pl.DataFrame,
    facts: dict[str, pl.DataFrame],
    previous: pl.DataFrame | None,
    ruled: pl.DataFrame | None,
) -> Outcome:
    """The engine on numbers instead of ids; when it refuses, it is asked again with ids, to name them."""
    ids, given = subjects[SUBJECT], for_engine(analysis.book, subjects)
    period = Period(analysis.book.period, run.first_day, run.last_day)
    past = None if previous is None else numbered(previous, ids)
    rulings = () if ruled is None else numbered(ruled, ids)
    try:
        found = evaluate(analysis, by_number(given), facts, period=period, previous=past, rulings=rulings)
    except Faults:
        facts = {name: named(frame, ids) for name, frame in facts.items()}
        rulings = () if ruled is None else ruled
        return evaluate(analysis, given, facts, period=period, previous=previous, rulings=rulings)
    return with_ids(found, ids)


async def analysis_of(version: UUID) -> Analysis:
    """The analysis of a rulebook version; the last few are kept, by the rulebook's text."""
    return _analysed(await book_text(version))


@lru_cache(maxsize=16)
def _analysed(text: str) -> Analysis:
    return analyse(from_json(text.encode()))


async def rulings_of(run: RunInfo) -> pl.DataFrame | None:
    """The rulings that were frozen with a run, or None."""
    return await queries.frame(run.id, "rulings") if run.rulings else None


async def history_of(run: Past, book: Rulebook, of: str = "") -> pl.DataFrame | None:
    """Results of earlier periods: subject, back (1 = the last period), score, grade, outputs; or None.

    Where only final results count, those whose verdict nobody confirmed are not among them. `of`: the id of
    the only subject wanted; one block of each earlier run is read then.
    """
    parts = []
    for earlier in [await queries.run(run_id) for run_id in run.previous]:
        back = periods_between(earlier.first_day, run.first_day, book.period)
        results = await _results(earlier.id, of)
        if results is None:
            continue
        if run.history == queries.FINAL:
            results = results.join(await queries.held(earlier.id), on=SUBJECT, how="anti")
        outputs = [name for name in book.outputs if name in results.columns]
        parts.append(
            results.select(SUBJECT, pl.lit(back, dtype=pl.Int64).alias(BACK), "score", "grade", *outputs)
        )
    return pl.concat(parts, how="diagonal_relaxed") if parts else None


async def _results(run: UUID, of: str) -> pl.DataFrame | None:
    """The results of a run; of one subject alone, or None where it has none of it."""
    if not of:
        return (await queries.outcome(run)).results
    try:
        return (await queries.kept_of(run, UUID(of)))[0].results
    except NotFound:
        return None


def periods_between(earlier: date, later: date, kind: str) -> int:
    """How many periods lie between two first days: 1 for the period right before."""
    if kind == "day":
        return (later - earlier).days
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return months // MONTHS[kind]
