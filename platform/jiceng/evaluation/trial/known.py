"""From the database to aggregates: roster, facts and history read once, evaluated up to the decisions."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import polars as pl

from jiceng.evaluation.runs.computing import history_of
from jiceng.evaluation.runs.elsewhere import results_for
from jiceng.evaluation.runs.frames import ORGANIZATION, SUBJECT, facts_for, for_engine, subjects_on
from jiceng.evaluation.runs.numbering import by_number, numbered
from jiceng.evaluation.trial.ground import Known
from jiceng.evaluation.trial.ruled import as_frame, of_subjects
from jiceng.evaluation.trial.turns import computed
from jiceng_sdk.engine import aggregates, what_if

if TYPE_CHECKING:
    from collections.abc import Callable

    from jiceng.evaluation.trial.ground import Inputs
    from jiceng.evaluation.trial.ruled import Rulings
    from jiceng_sdk.engine import Aggregates
    from jiceng_sdk.rulebook import Analysis

    Progress = Callable[[int], None]

PREPARING = ThreadPoolExecutor(1, "trial-preparing")
TRYING = ThreadPoolExecutor(1, "trial-trying")
ROSTER, FACTS, POINTS = 15, 70, 90
"""Percent done when the roster, the facts are read, the points are given."""


async def known(
    inputs: Inputs, analysis: Analysis, rulings: Rulings, progress: Progress
) -> tuple[pl.DataFrame, Known]:
    """The subjects with their organizations, and what is known of them under this rulebook; no facts.

    `rulings`: those that count under this rulebook; one about somebody who is not there is left out.

    Raises Refusal (nobody on the roster, attributes missing), Faults (facts the rulebook does not take).
    """
    book = analysis.book
    subjects = await subjects_on(book, inputs.roster_at)
    ids = subjects[SUBJECT]
    progress(ROSTER)

    async def read_so_far(read: int, of: int) -> None:
        progress(ROSTER + (FACTS - ROSTER) * read // of)

    facts = await facts_for(
        inputs.key.scheme,
        book,
        ids,
        (inputs.span.first_day, inputs.span.last_day),
        inputs.watermark,
        read_so_far,
    )
    days = inputs.span.first_day, inputs.span.last_day
    facts |= await results_for(book, ids, *days, inputs.sources)
    previous = await history_of(inputs, book)
    ruled = as_frame(of_subjects(rulings, set(ids)), ids)

    def work() -> Aggregates:
        past = None if previous is None else numbered(previous, ids)
        counted = by_number(for_engine(book, subjects))
        given = () if ruled is None else ruled
        return aggregates(analysis, counted, facts, period=inputs.period, previous=past, rulings=given)

    found = await computed(PREPARING, work)
    facts.clear()
    progress(POINTS)
    placed = subjects.select(SUBJECT, pl.col(ORGANIZATION).cast(pl.Categorical))
    return placed, Known(analysis, found, await computed(PREPARING, lambda: what_if(found, analysis)))
