"""One trial: the draft's rulebook on the ground kept from the last time, or read for the first time."""

from __future__ import annotations

import time
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from jiceng.evaluation.results.explaining import shown_places
from jiceng.evaluation.runs.computing import analysis_of
from jiceng.evaluation.runs.frames import ORGANIZATION, SUBJECT
from jiceng.evaluation.runs.numbering import named
from jiceng.evaluation.trial.comparing import Compared, Ruled, compared
from jiceng.evaluation.trial.ground import GROUNDS, Ground, Known
from jiceng.evaluation.trial.known import TRYING, known
from jiceng.evaluation.trial.ruled import as_frame, carried, of_subjects
from jiceng.evaluation.trial.schemas import Trial
from jiceng.evaluation.trial.turns import Turns, computed
from jiceng_sdk.engine import NeedsFacts, Outcome, what_if
from jiceng_sdk.rulebook import Analysis, Rulebook, analyse, from_json, to_json
from jiceng_sdk.rulebook.burden import burden
from jiceng_sdk.rulebook.burden.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from jiceng.evaluation.trial.ground import Inputs
    from jiceng.evaluation.trial.ruled import Rulings

TWICE_AND_UNUSED = 2
PREPARE_TURNS, TRY_TURNS = Turns(), Turns()
"""Reading and first computing is long, trying is short: neither lane waits for the other."""


async def tried(inputs: Inputs, draft: UUID, book: Rulebook, progress: Callable[[int], None]) -> Trial:
    """What the draft would do. Nothing is stored.

    Raises Refusal (nobody on the roster, attributes missing), Faults (facts the draft does not take).
    """
    started = time.perf_counter()
    analysis = await computed(TRYING, lambda: _analysed(to_json(book)))
    ground = GROUNDS.get(inputs.key) or await _prepared(inputs, draft, analysis, progress)
    outcome = await _outcome(ground, inputs, draft, analysis, progress)
    progress(99)
    async with TRY_TURNS.turn(inputs.key.tenant):
        found = await computed(TRYING, lambda: _compared(ground, book, outcome))
        findings = await computed(TRYING, lambda: burden(analysis))
    broken = {finding.rule for finding in findings}
    milliseconds = round((time.perf_counter() - started) * 1000)
    return Trial(
        scheme=inputs.key.scheme,
        period=inputs.span.title,
        roster_at=inputs.roster_at,
        watermark=inputs.watermark,
        base=inputs.base.number if inputs.base and ground.base else None,
        subjects=ground.subjects.height,
        findings=findings,
        passed=len(RULES) + TWICE_AND_UNUSED - len(broken),
        score_places=shown_places(analysis),
        milliseconds=milliseconds,
        shares=found.shares,
        movers=_placed(found.movers, ground.subjects),
        causes=found.causes,
        rescored=found.rescored,
        questions=found.questions,
        areas=found.areas,
        ruled=len(_counting(ground, inputs, book)),
        unruled=len(inputs.rulings) - len(_counting(ground, inputs, book)),
    )


def _placed(movers: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """Movers by their id, with their organization."""
    home = subjects[ORGANIZATION].gather(movers[SUBJECT]).cast(pl.String)
    return named(movers, subjects[SUBJECT]).with_columns(home.alias(ORGANIZATION))


async def _prepared(
    inputs: Inputs, draft: UUID, analysis: Analysis, progress: Callable[[int], None]
) -> Ground:
    """The ground, read now: under the rules in force, or under the draft when none are."""
    async with PREPARE_TURNS.turn(inputs.key.tenant):
        ground = GROUNDS.get(inputs.key)
        if ground is None:
            base = await _base(inputs, analysis.book)
            rulings = inputs.rulings if base else ()
            subjects, found = await known(inputs, base or analysis, rulings, progress)
            ground = Ground(subjects, found if base else None, {} if base else {draft: found})
            GROUNDS.put(inputs.key, ground)
    return ground


async def _base(inputs: Inputs, book: Rulebook) -> Analysis | None:
    """The rules in force, unless they rate other subjects or other periods than the draft."""
    if inputs.base is None:
        return None
    base = await analysis_of(inputs.base.id)
    same = (base.book.subject, base.book.period) == (book.subject, book.period)
    return base if same else None


async def _outcome(
    ground: Ground, inputs: Inputs, draft: UUID, analysis: Analysis, progress: Callable[[int], None]
) -> Outcome:
    """By what is known; when the draft reaches into rows of facts, they are read again, once."""
    async with TRY_TURNS.turn(inputs.key.tenant):
        found = await computed(TRYING, lambda: _from_known(ground, inputs, draft, analysis))
    if found is not None:
        return found
    async with PREPARE_TURNS.turn(inputs.key.tenant):
        _, fresh = await known(inputs, analysis, _counting(ground, inputs, analysis.book), progress)
        ground.drafts.clear()
        ground.drafts[draft] = fresh
        GROUNDS.put(inputs.key, ground)
    return fresh.outcome


def _counting(ground: Ground, inputs: Inputs, book: Rulebook) -> Rulings:
    """The rulings that count under a draft: made under the rules in force, on parts it leaves as they are."""
    if ground.base is None:
        return ()
    there = of_subjects(inputs.rulings, set(ground.subjects[SUBJECT]))
    return carried(ground.base.analysis.book, book, there)


def _from_known(ground: Ground, inputs: Inputs, draft: UUID, analysis: Analysis) -> Outcome | None:
    candidates: list[Known] = [*([ground.base] if ground.base else []), *_of(ground, draft)]
    for one in candidates:
        if one.analysis.book == analysis.book:
            return one.outcome
    ruled = as_frame(_counting(ground, inputs, analysis.book), ground.subjects[SUBJECT])
    for one in candidates:
        try:
            return what_if(one.aggregates, analysis, rulings=() if ruled is None else ruled)
        except NeedsFacts:
            continue
    return None


def _of(ground: Ground, draft: UUID) -> list[Known]:
    return [ground.drafts[draft]] if draft in ground.drafts else []


def _compared(ground: Ground, book: Rulebook, outcome: Outcome) -> Compared:
    old = None if ground.base is None else Ruled(ground.base.analysis.book, ground.base.outcome)
    return compared(old, Ruled(book, outcome))


@lru_cache(maxsize=16)
def _analysed(text: bytes) -> Analysis:
    return analyse(from_json(text))
