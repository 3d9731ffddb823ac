"""The facts behind the items of one subject: the same formulas over its rows, with what each was worth."""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.evaluate import opened
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.gathered import plan_of, rows_of
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.points import facts_in, points
from jiceng_sdk.rulebook import Analysis

COUNTED, POINTS = "counted", "points"


def facts_behind(
    analysis: Analysis,
    subject: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame],
    *,
    period: Period,
    previous: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """For every item over rows that were given: those rows, in the order given, as `counted` and `points`.

    `subject`: one row of the frame of subjects; `facts`: its rows, by kind. `counted`: the row meets `when`.
    `points`: what it is worth by itself, before frequency, limits, caps; null when it does not count, has no
    answer, or is worth something only together with others (`merge`, `nth`). An item that reads values of
    sub-periods is left out. Raises Faults for facts the door refuses.
    """
    board = opened(analysis, subject, facts, period=period, previous=previous)
    facts_in(board)
    plans = [
        plan_of(analysis, name)
        for name, item in board.book.items.items()
        if item.from_ and item.from_ in facts and facts[item.from_].height
    ]
    if any(plan.names & set(analysis.order) for plan in plans):
        points(board)
    wanted = [plan for plan in plans if not _in_cells(board, plan)]
    marks = pl.collect_all([_marked(board, plan) for plan in wanted])
    return {plan.name: frame for plan, frame in zip(wanted, marks, strict=True)}


def _in_cells(board: Board, plan: Plan) -> bool:
    """Whether its formulas read what only a sub-period has."""
    inside = {name for table in board.cells.values() for name in table.values}
    return bool(plan.names & (inside - set(board.subjects.values)))


def _marked(board: Board, plan: Plan) -> pl.LazyFrame:
    """The item's rows as `counted` and `points`."""
    part = plan.item
    inner = rows_of(board, plan)
    asked = names.when(plan, inner.scope).expr.fill_null(value=False)
    alone = part.combine != "count" and not part.merge and names.NTH not in plan.names
    worth = names.points(plan, inner.scope).expr if alone else pl.lit(None, dtype=pl.Decimal(38, 24))
    # As columns of the rows first: a condition may be the same for all, and select would give one row.
    found = inner.frame.with_columns(
        asked.alias(COUNTED), pl.when(asked).then(worth).otherwise(None).alias(POINTS)
    )
    return found.select(COUNTED, POINTS)
