"""The facts behind one item of one subject: the same formulas over its rows, with what each was worth."""

import polars as pl

from jiceng_sdk.engine.door import SUBJECT
from jiceng_sdk.engine.evaluate import opened
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.source import source
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.points import facts_in, plan_of
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook import Analysis

COUNTED, POINTS = "counted", "points"


def facts_behind(
    analysis: Analysis,
    item: str,
    subject: pl.DataFrame,
    rows: pl.DataFrame,
    *,
    period: Period,
    previous: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The rows of the item's fact, in the order given, with `counted` (they meet `when`) and `points`.

    `subject`: one row of the frame of subjects. `points`: what the row is worth by itself, before frequency,
    limits, caps; null when it does not count, has no answer, or is worth something only together with others
    (`merge`, `nth`). Raises KeyError for an item that reads no rows, Faults for facts the door refuses.
    """
    part = analysis.book.items[item]
    fact = analysis.book.facts[part.from_ or ""]
    if not fact.rows:
        raise KeyError(item)
    given = {part.from_ or "": rows}
    board = opened(analysis, subject, given, period=period, previous=previous)
    facts_in(board)
    plan = plan_of(board, item)
    inner = source(
        part.from_ or "",
        fact,
        board.inputs.rows[part.from_ or ""],
        board.subjects,
        board.scope(),
        plan.names,
        period,
        None,
    )
    asked = names.when(plan, inner).expr.fill_null(value=False)
    alone = part.combine != "count" and not part.merge and names.NTH not in plan.names
    worth = names.points(plan, inner.scope).expr if alone else pl.lit(None, dtype=pl.Decimal(38, 24))
    found = inner.frame.with_columns(asked.alias(COUNTED)).with_columns(
        pl.when(COUNTED).then(worth).otherwise(None).alias(POINTS)
    )
    marks = found.select(KEY, COUNTED, POINTS).collect()
    return rows.drop(SUBJECT).with_columns(marks[COUNTED], marks[POINTS])
