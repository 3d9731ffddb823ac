"""Items that read rows: one aggregation per fact for the simple ones, a pipeline for each staged
one, run together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.exact import EXACT, divide, lit, whole
from jiceng_sdk.engine.items import direct, staged
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import KEY, Table
from jiceng_sdk.engine.value import Value


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an item's total before its column exists."""

    plan: Plan
    places: int | None
    constant: Decimal | None


def gather(table: Table, work: Iterable[tuple[Source, list[Plan]]]) -> list[Found]:
    """Aggregate the rows of several facts at once and join the totals into the table."""
    lazy: list[pl.LazyFrame] = []
    found: list[Found] = []
    for source, plans in work:
        beside: list[pl.Expr] = []
        for plan in plans:
            planned = direct.aggregations(plan, source)
            beside += planned.exprs
            places = planned.places
            if plan.staged:
                pipeline, places = staged.total(plan, source)
                lazy.append(pipeline)
            found.append(Found(plan, places, planned.constant))
        if beside:
            lazy.append(source.frame.group_by(KEY).agg(beside))
    for frame in pl.collect_all(lazy, engine="streaming"):
        table.join(frame)
    return found


def combined(found: Found, table: Table, scope: Scope) -> Value:
    """An item's value before start, cap, floor, round: open where a row, the quorum or a mean of
    nothing leaves it.
    """
    plan, have = found.plan, table.frame.columns
    raw, places = pl.col(names.total(plan.name)), found.places
    if plan.item.combine == "mean":
        of = staged.divisor(plan) if staged.divisor(plan) in have else names.rows(plan.name)
        total = raw.cast(EXACT) if found.constant is None else whole(raw) * lit(found.constant)
        value, places = divide(total, whole(pl.col(of).fill_null(0))), None
    elif found.constant is not None:
        value = whole(raw.fill_null(0)) * lit(found.constant)
    else:
        value = raw.cast(EXACT).fill_null(lit(0))
    holes = _holes(plan, have, scope)
    if holes:
        value = pl.when(pl.any_horizontal(holes)).then(None).otherwise(value)
    return Value(value, "number", places, nullable=bool(holes) or plan.item.combine == "mean")


def _holes(plan: Plan, have: list[str], scope: Scope) -> list[pl.Expr]:
    """Where the item has no answer."""
    marks = (names.open_(plan.name), staged.merged_open(plan))
    holes = [pl.col(mark).fill_null(value=False) for mark in marks if mark in have]
    if plan.item.quorum is not None:
        cast = whole(pl.col(names.rows(plan.name)).fill_null(0))
        enough = cast >= condition(plan.item.quorum, scope).snapped()
        holes.append(enough.not_().fill_null(value=True))
    return holes
