"""What a ruling would do: the cohort evaluated with it, nothing stored.

The aggregates of the last two runs asked about are kept; they hold no rows of facts.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.evaluation import queries
from jiceng.evaluation.results import listing
from jiceng.evaluation.rulings.questions import Choice, Question, choices, rulings_now, tentative
from jiceng.evaluation.runs.computing import analysis_of, facts_of, history_of
from jiceng.evaluation.runs.frames import SUBJECT, for_engine
from jiceng.evaluation.runs.numbering import by_number, numbered, with_ids
from jiceng.evaluation.schemas import STATUSES, RunInfo
from jiceng.evaluation.stored.rulings import RulingInfo, frame
from jiceng.kernel.database import current_tenant
from jiceng_sdk.engine import Aggregates, Outcome, Period, aggregates, what_if, with_rulings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from jiceng_sdk.rulebook import Analysis

NAMED = 20
"""How many of those who move are told by name."""
_KEPT = 2
_known: OrderedDict[tuple[int, UUID, str], tuple[Aggregates, pl.Series]] = OrderedDict()


class Mover(msgspec.Struct, frozen=True):
    """Somebody whose result would change, from what to what."""

    name: str
    organization: str
    before: str
    after: str


class Effect(msgspec.Struct, frozen=True):
    """What a choice would do: the subject's own result, how many others move, the first of them by name."""

    choice: Choice
    own: str
    others: int
    movers: list[Mover]


async def effects(run: RunInfo, asked: Question) -> list[Effect]:
    """Every choice with its effect, on top of the rulings that are in force already."""
    analysis = await analysis_of(run.rulebook)
    ruled = [one for one in await rulings_now(run) if one is not asked.ruling]
    offered = choices(analysis.book, await queries.outcome(run.id), asked, ruled)
    base = await with_these(run, analysis, ruled)
    found = []
    for choice in offered:
        after = await with_these(run, analysis, [*ruled, tentative(run, asked, choice)])
        found.append(await _effect(run, asked, choice, base, after))
    return found


async def effect_of(run: RunInfo, asked: Question, choice: Choice) -> Effect:
    """The effect of one choice, a number of points for instance."""
    analysis = await analysis_of(run.rulebook)
    ruled = [one for one in await rulings_now(run) if one is not asked.ruling]
    base = await with_these(run, analysis, ruled)
    after = await with_these(run, analysis, [*ruled, tentative(run, asked, choice)])
    return await _effect(run, asked, choice, base, after)


async def with_these(run: RunInfo, analysis: Analysis, ruled: Sequence[RulingInfo]) -> Outcome:
    """A run's frozen inputs evaluated under these rulings instead of its own."""
    points = [one for one in ruled if one.points is not None]
    known, ids = await _aggregates(run, analysis, points)
    counted = _numbered(ruled, ids)
    outcome = await asyncio.to_thread(what_if, with_rulings(known, counted), analysis)
    return with_ids(outcome, ids)


async def _aggregates(
    run: RunInfo, analysis: Analysis, points: Sequence[RulingInfo]
) -> tuple[Aggregates, pl.Series]:
    """Everything before the decisions; rulings on points are part of it. And the subjects' ids."""
    key = current_tenant(), run.id, repr([(one.subject, one.part, one.points) for one in points])
    if key in _known:
        _known.move_to_end(key)
        return _known[key]
    subjects = await queries.frame(run.id, "subjects")
    ids = subjects[SUBJECT]
    facts = await facts_of(run, analysis, ids)
    ruled, past = _numbered(points, ids), await history_of(run, analysis.book)
    known = await asyncio.to_thread(
        aggregates,
        analysis,
        by_number(for_engine(analysis.book, subjects)),
        facts,
        period=Period(analysis.book.period, run.first_day, run.last_day),
        previous=None if past is None else numbered(past, ids),
        rulings=() if ruled is None else ruled,
    )
    _known[key] = known, ids
    while len(_known) > _KEPT:
        _known.popitem(last=False)
    return _known[key]


def _numbered(ruled: Sequence[RulingInfo], ids: pl.Series) -> pl.DataFrame | None:
    """Rulings as the engine takes them, subjects by their place in `ids`."""
    given = frame(ruled)
    return None if given is None else numbered(given, ids)


async def _effect(run: RunInfo, asked: Question, choice: Choice, base: Outcome, after: Outcome) -> Effect:
    moved = moves(base, after)
    mine = moved.filter(pl.col(SUBJECT) == str(asked.subject))
    others = moved.filter(pl.col(SUBJECT) != str(asked.subject))
    own = after.results.filter(pl.col(SUBJECT) == str(asked.subject))
    label = mine["after"][0] if mine.height else _labelled(own)["label"][0]
    first = others.head(NAMED)
    names = await listing.named_subjects(run, first[SUBJECT].to_list())
    movers = [
        Mover(names[row[SUBJECT]][2], names[row[SUBJECT]][3], row["before"], row["after"])
        for row in first.iter_rows(named=True)
    ]
    return Effect(choice, label, others.height, movers)


def moves(base: Outcome, after: Outcome) -> pl.DataFrame:
    """subject, before, after (grade, or status in words) of everybody whose result is not the same."""
    old = _labelled(base.results).rename({"label": "before", "score": "was"})
    new = _labelled(after.results).rename({"label": "after", "score": "is"})
    return old.join(new, on=SUBJECT, how="inner", maintain_order="left").filter(
        (pl.col("before") != pl.col("after")) | pl.col("was").ne_missing(pl.col("is"))
    )


def _labelled(results: pl.DataFrame) -> pl.DataFrame:
    label = pl.coalesce("grade", pl.col("status").replace(STATUSES)).alias("label")
    return results.select(SUBJECT, label, "score")
