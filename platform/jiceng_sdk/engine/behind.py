"""The facts behind the items of one subject: the same formulas over its rows, with what each was worth.

What the formulas read beside the rows comes from the outcome of the run: other items and groups, classes
that compare subjects. One subject alone could not say what reads others.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.evaluate import opened
from jiceng_sdk.engine.formulas.table import Table, applies
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.nodes.finishing import part
from jiceng_sdk.engine.nodes.gathered import plan_of, rows_of
from jiceng_sdk.engine.numbers.exact import EXACT, SNAP
from jiceng_sdk.engine.outcome.outcome import Outcome
from jiceng_sdk.engine.points import facts_in
from jiceng_sdk.rulebook import Analysis

COUNTED, POINTS = "counted", "points"


def facts_behind(
    analysis: Analysis,
    subject: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    *,
    outcome: Outcome,
    previous: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """For every item over rows that were given: those rows, in the order given, as `counted` and `points`.

    `subject`: one row of the frame of subjects; `facts`: its rows, by kind.
    `outcome`: what the run gave, for all or for this subject; `previous`: its earlier results, which formulas
    that read `previous.…` need. `counted`: the row meets `when`. `points`: what it is worth by itself, before
    frequency, limits, caps; null when it does not count, has no answer, or is worth something only together
    with others (`merge`, `nth`). Quotients of other items are read at the 12 places that are stored.
    Raises Faults for facts the door refuses, KeyError for a subject the outcome does not have.
    """
    own = outcome.of(subject["subject"][0])
    board = opened(analysis, subject, facts, period=own.period, previous=previous)
    facts_in(board)
    plans = [
        plan_of(analysis, name)
        for name, item in board.book.items.items()
        if item.from_ and item.from_ in facts and facts[item.from_].height
    ]
    _as_it_was(board, own, plans)
    marks = pl.collect_all([_marked(board, plan) for plan in plans])
    return {plan.name: frame for plan, frame in zip(plans, marks, strict=True)}


def _as_it_was(board: Board, own: Outcome, plans: list[Plan]) -> None:
    """What their formulas read of the subject, as the run had it."""
    reads = frozenset[str]().union(*(plan.names for plan in plans))
    _put(board.subjects, own, reads)
    for name in reads.intersection(board.book.classes):
        if part(name, "class") in own.details.columns:
            board.subjects.keep([own.details[part(name, "class")].alias(name)])
            board.subjects.values[name] = Value(pl.col(name), "flag")


def _put(table: Table, own: Outcome, reads: frozenset[str]) -> None:
    """The nodes among these names, and whether they apply."""
    for name in reads.intersection(own.places):
        value, asked = Value(pl.col(name), "number", SNAP), applies(name)
        table.keep([own.nodes[name]])
        if asked in own.details.columns:
            table.keep([own.details[asked]])
            value = replace(value, absent=~pl.col(asked))
        table.values[name] = value


def _marked(board: Board, plan: Plan) -> pl.LazyFrame:
    """The item's rows as `counted` and `points`; rows before the period are none of its sub-periods."""
    item, inner = plan.item, rows_of(board, plan)
    asked = names.when(plan, inner.scope).expr.fill_null(value=False)
    if board.analysis.each.get(plan.name) is not None:
        asked = asked & (pl.col("date") >= board.period.start).fill_null(value=False)
    alone = item.combine != "count" and not item.merge and names.NTH not in plan.names
    worth = names.points(plan, inner.scope).expr if alone else pl.lit(None, dtype=EXACT)
    # As columns of the rows first: a condition may be the same for all, and select would give one row.
    found = inner.frame.with_columns(
        asked.alias(COUNTED), pl.when(asked).then(worth).otherwise(None).alias(POINTS)
    )
    return found.select(COUNTED, POINTS)
