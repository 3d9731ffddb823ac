"""Items whose windows lie one inside the other: merge, keep, limit, each grouped by one packed integer.

What adds up whole numbers goes in arrays (`items/windows.py`), which is cheaper still.
"""

from dataclasses import replace
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.door import VOTES
from jiceng_sdk.engine.formulas.compile import condition
from jiceng_sdk.engine.formulas.scope import VALUE
from jiceng_sdk.engine.formulas.table import as_column
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.amount import DECIMAL, Amount, amount_of, summed
from jiceng_sdk.engine.items.chain import Chain
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers.exact import lit
from jiceng_sdk.rulebook.parts import Item, Limit

ONE = pl.lit(1, dtype=pl.Int64)


def limits(item: Item) -> list[Limit]:
    """Limits by window, small ones first; a field comes before all windows."""
    return sorted(item.limit, key=lambda limit: windows.order(limit.per))


def bounded(limit: Limit, amount: Amount = DECIMAL) -> pl.Expr:
    """Points of a window between the limit's bounds."""
    low = None if limit.low is None else amount.lit(limit.low)
    return pl.col(POINTS).clip(low, amount.lit(limit.high))


def packed(plan: Plan, source: Source) -> tuple[pl.LazyFrame, Amount]:
    """Rows with `points` and `votes`, ready to be combined, and how the points are kept."""
    asked = names.when(plan, source.scope)
    frame = source.frame if asked.expr.meta.is_literal() else source.frame.filter(asked.expr)
    return _grouped(plan, source, frame)


def _grouped(plan: Plan, source: Source, frame: pl.LazyFrame) -> tuple[pl.LazyFrame, Amount]:
    """Points that differ from row to row, or merged rows."""
    item, chain, scope = plan.item, Chain(source), source.scope
    if item.merge:
        value = condition(item.value, scope)
        extra = [pl.col("date").min()] if "date" in plan.names else []
        extra += [pl.col(column).first() for column in source.form.beside]
        expr, merged = summed(value, source.form.rows)
        frame, chain = chain.grouped(frame, item.merge, [_all(value, VALUE, expr), *extra])
        scope = scope.over({VALUE: merged})
    worth = Value(lit(0), "number", constant=Decimal(0), nullable=False)
    if item.combine != "count":
        worth = names.points(plan, scope)
    amount = amount_of(worth, item, source.form.rows)
    frame = frame.with_columns(amount.points(worth).alias(POINTS), ONE.alias(VOTES))
    if item.merge:
        frame = names.whole_subject(plan, frame)
    for window, most in item.keep.items():
        frame, chain = _kept(frame, chain, window, most, amount, worth)
    for limit in limits(item):
        if chain.at != limit.per or not chain.alone:
            frame, chain = chain.grouped(frame, limit.per, [_all(worth, POINTS, pl.col(POINTS))])
        frame = frame.with_columns(bounded(limit, amount).alias(POINTS), ONE.alias(VOTES))
    return frame, amount


def _kept(
    frame: pl.LazyFrame, chain: Chain, window: str, most: int, amount: Amount, worth: Value
) -> tuple[pl.LazyFrame, Chain]:
    """The highest points of every window: the largest, or the first few of one sorted number."""
    if most == 1:
        frame, chain = chain.grouped(frame, window, [pl.col(POINTS).max()])
        return frame.with_columns(ONE.alias(VOTES)), chain
    if amount.each is not None and not worth.nullable and chain.room(window, 2 * amount.each + 1):
        frame, chain = chain.highest(frame, window, most, amount.each)
        return frame.with_columns(ONE.alias(VOTES)), chain
    frame, chain = chain.grouped(frame, window, [pl.col(POINTS).top_k(most)])
    return frame.explode(POINTS).with_columns(ONE.alias(VOTES)), replace(chain, alone=False)


def _all(value: Value, name: str, expr: pl.Expr) -> pl.Expr:
    """A sum that is open when one of its parts is."""
    summed = as_column(expr).sum()
    if value.nullable:
        summed = pl.when(expr.is_not_null().all()).then(summed).otherwise(None)
    return summed.alias(name)
