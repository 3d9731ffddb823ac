"""Rows worth the same points, in windows one inside the other: sorted once, then counted and added by runs.

A run of equal keys is a window's count; its total is the difference of running sums at the ends of the run;
every larger window, at last the subject, is a run of the same order. Nothing is grouped.
"""

from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.amount import Amount, amount_of
from jiceng_sdk.engine.items.chain import CODE, Chain
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook.parts import Limit


def counted(plan: Plan, source: Source, limits: list[Limit]) -> tuple[pl.LazyFrame, Amount] | None:
    """`@` and the item's total, and how it is kept; None where rows differ in worth or are not added."""
    item = plan.item
    if item.combine != "sum" or item.merge:
        return None
    worth = names.points(plan, source.scope)
    amount = amount_of(worth, item, source.rows)
    if worth.constant is None or amount.each is None:
        return None
    asked = names.when(plan, source)
    frame = source.frame if asked.expr.meta.is_literal() else source.frame.filter(asked.expr)
    return _total(plan, Chain(source), frame, amount, worth.constant, limits), amount


def _total(
    plan: Plan, chain: Chain, frame: pl.LazyFrame, amount: Amount, worth: Decimal, limits: list[Limit]
) -> pl.LazyFrame:
    steps: list[tuple[str, int | Limit]] = [*plan.item.keep.items(), *((one.per, one) for one in limits)]
    first, rule = steps[0]
    rows, chain = chain.sorted(frame, first)
    if rule == 1:
        rows = rows.filter(pl.col(CODE).ne_missing(pl.col(CODE).shift(1)))
        if len(steps) == 1:
            return _limited(plan, rows.select(CODE, amount.lit(worth).alias(POINTS)), chain, amount, [])
        rows, chain = chain.moved(rows, steps[1][0])
        rule = limits[0]
    runs = rows.select(pl.col(CODE).rle().alias("~run")).unnest("~run")
    many = pl.col("len").cast(pl.Int64)
    if isinstance(rule, int):
        points = pl.min_horizontal(many, pl.lit(rule, dtype=pl.Int64)) * amount.lit(worth)
    else:
        points, limits = _between(many * amount.lit(worth), rule, amount), limits[1:]
    frame = runs.select(pl.col("value").alias(CODE), points.alias(POINTS))
    return _limited(plan, frame, chain, amount, limits)


def _ended(frame: pl.LazyFrame) -> pl.LazyFrame:
    """One row per run of equal keys, with its sum."""
    total = pl.col(POINTS)
    frame = frame.with_columns(total.cum_sum())
    frame = frame.filter(pl.col(CODE).ne_missing(pl.col(CODE).shift(-1)))
    return frame.with_columns(total - total.shift(1, fill_value=0))


def _limited(
    plan: Plan, frame: pl.LazyFrame, chain: Chain, amount: Amount, limits: list[Limit]
) -> pl.LazyFrame:
    """Window by window, then the subject's total."""
    for limit in limits:
        if chain.at != limit.per:
            code, chain = chain.larger(limit.per)
            frame = frame.with_columns(code.alias(CODE))
        frame = _ended(frame).with_columns(_between(pl.col(POINTS), limit, amount).alias(POINTS))
    code, _ = chain.larger("period")
    frame = _ended(frame.with_columns(code.alias(CODE)))
    return frame.select(pl.col(CODE).cast(pl.UInt32).alias(KEY), pl.col(POINTS).alias(names.total(plan.name)))


def _between(points: pl.Expr, limit: Limit, amount: Amount) -> pl.Expr:
    """Points of a window between the limit's bounds."""
    low = None if limit.low is None else amount.lit(limit.low)
    return points.clip(low, amount.lit(limit.high))
