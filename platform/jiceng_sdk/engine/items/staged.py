"""Items that look at rows together: merge, n-th, keep, limit, drop. Windows are grouped, not
sorted, where that is exact.

The result has `@` and the item's total; openness of single rows is found by `direct`, of merged rows here.
"""

from decimal import Decimal

import polars as pl

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.door import VOTES
from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.compile import compiled, condition
from jiceng_sdk.engine.formulas.scope import VALUE, Scope
from jiceng_sdk.engine.formulas.table import KEY, as_column
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.amount import Amount
from jiceng_sdk.engine.items.chain import packs
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.items.packed import bounded, limits, packed
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers.exact import decimals, lit, whole
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook.parts import WINDOWS


def total(plan: Plan, source: Source) -> tuple[pl.LazyFrame, Amount]:
    """`@`, the item's total (and whether merged rows leave it open), and how the total is kept."""
    if packs_alone(plan, source.form):
        frame, amount = packed(plan, source)
        return _combined(plan, frame, amount, source.scope), amount
    frame, worth = scored(plan, source)
    frame = names.whole_subject(plan, frame)
    frame = _kept(plan, source, frame, worth)
    frame = _limited(plan, source, frame)
    bounds = [end for limit in plan.item.limit for end in (limit.low, limit.high) if end is not None]
    wide = [decimals(end) for end in bounds]
    amount = Amount(None if worth.places is None else max([worth.places, *wide]))
    return _combined(plan, frame, amount, source.scope), amount


def packs_alone(plan: Plan, form: Form) -> bool:
    """Whether the item's windows lie one inside the other and no row's place among the others is asked."""
    return names.NTH not in plan.names and packs(plan, form)


def scored(plan: Plan, source: Source) -> tuple[pl.LazyFrame, Value]:
    """Rows that count, merged when asked, each with its `points` and `votes`."""
    asked = names.when(plan, source.scope)
    frame = source.frame if asked.expr.meta.is_literal() else source.frame.filter(asked.expr)
    frame = frame.with_columns(source.form.votes.alias(VOTES))
    if source.form.tallied:
        frame = frame.filter(pl.col(VOTES) > 0)
    scope = source.scope
    if plan.item.merge:
        frame, merged = _merged(plan, source, frame)
        scope = scope.over(merged)
    if names.NTH in plan.names:
        frame = _nth(frame, source)
        counted = Value(pl.col(names.NTH), "number", nullable=False)
        scope = scope.over({names.NTH: counted}, {names.NTH: _nth_of})
    worth = Value(lit(0), "number", constant=Decimal(0), nullable=False)
    if plan.item.combine != "count":
        worth = names.points(plan, scope)
    mended = names.restored(plan, scope)
    columns = [names.given_back(worth, mended).alias(POINTS)]
    if mended is not None:
        columns.append(pl.when(mended.expr).then(worth.expr).otherwise(lit(0)).alias(names.back(plan.name)))
    return frame.with_columns(columns), worth


def _merged(plan: Plan, source: Source, frame: pl.LazyFrame) -> tuple[pl.LazyFrame, dict[str, Value]]:
    """`value` added up per window or per value of a field, before the scale."""
    window = plan.item.merge or "period"
    value = condition(plan.item.value, source.scope)
    key = _window(window, source).alias(window if window not in WINDOWS else "~merge")
    amount = value.expr * whole(pl.col(VOTES)) if source.form.tallied else value.expr
    summed = as_column(amount).sum()
    if value.nullable:
        summed = pl.when(value.expr.null_count() == 0).then(summed).otherwise(None)
    carried = [pl.col("date").min()] if source.form.dated else []
    carried += [pl.col(column).first() for column in source.form.beside]
    merged = frame.group_by(KEY, key).agg(
        summed.alias(VALUE), *carried, pl.lit(1, dtype=pl.Int64).alias(VOTES)
    )
    return merged, {VALUE: Value(pl.col(VALUE), "number", value.places, nullable=value.nullable)}


def _nth(frame: pl.LazyFrame, source: Source) -> pl.LazyFrame:
    """The place of a row among those that count, by date, then by content (equal rows are alike)."""
    have = frame.collect_schema().names()
    order = [KEY, *(c for c in ("date", *source.form.fields) if c in have)]
    nth = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(KEY)
    return frame.sort(order, nulls_last=True).with_columns(whole(nth).alias(names.NTH))


def _nth_of(call: Call, scope: Scope) -> Value:
    """The place of a row among those of its subject with the same value; without a value there is none."""
    part = compiled(call.args[0], scope)
    alike = as_column(part.snapped() if part.kind == "number" else part.expr)
    nth = whole(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(KEY, alike))
    return v.number(pl.when(alike.is_null()).then(None).otherwise(nth) if part.nullable else nth, 0, part)


def _window(window: str, source: Source) -> pl.Expr:
    return windows.number(window, source.form.period) if window in WINDOWS else pl.col(window)


def _kept(plan: Plan, source: Source, frame: pl.LazyFrame, worth: Value) -> pl.LazyFrame:
    """At most n rows per window or field value, highest points first."""
    keep = plan.item.keep
    if not keep:
        return frame
    if _nested(plan) and plan.item.restored is None:
        window, most = next(iter(keep.items()))
        return _kept_by_group(source, frame, window, most, worth)
    have = frame.collect_schema().names()
    for window, most in keep.items():
        content = [c for c in ("date", *source.form.fields) if c in have]
        order = [POINTS, *content]
        frame = (
            frame.with_columns(_window(window, source).alias("~keep"))
            .sort(order, descending=[True, *(False for _ in content)], nulls_last=True)
            .with_columns(_taken(most, [KEY, "~keep"]).alias(VOTES))
            .filter(pl.col(VOTES) > 0)
        )
    return frame


def _taken(most: int, over: list[str]) -> pl.Expr:
    """How many of a row's votes are among the first `most` of its window."""
    before = pl.col(VOTES).cum_sum().over(over) - pl.col(VOTES)
    return pl.min_horizontal(pl.col(VOTES), pl.max_horizontal(pl.lit(most, dtype=pl.Int64) - before, 0))


def _nested(plan: Plan) -> bool:
    """Whether it does not matter which of equal rows is kept: one `keep`, and every later window
    contains it.
    """
    if len(plan.item.keep) != 1 or plan.item.drop or plan.item.combine == "median":
        return False
    window = next(iter(plan.item.keep))
    return all(windows.inside(window, limit.per) for limit in plan.item.limit)


def _kept_by_group(source: Source, frame: pl.LazyFrame, window: str, most: int, worth: Value) -> pl.LazyFrame:
    key = _window(window, source).alias("~keep")
    carried = [pl.col("date").min()] if source.form.dated else []
    many = pl.len().cast(pl.Int64) if not source.form.tallied else pl.col(VOTES).sum()
    if worth.constant is not None:
        taken = pl.min_horizontal(many, pl.lit(most, dtype=pl.Int64))
        return frame.group_by(KEY, key).agg(pl.col(POINTS).first(), taken.alias(VOTES), *carried)
    if most == 1:
        one = pl.lit(1, dtype=pl.Int64).alias(VOTES)
        return frame.group_by(KEY, key).agg(pl.col(POINTS).max(), one, *carried)
    alike = frame.group_by(KEY, key, POINTS).agg(many.alias(VOTES), *carried)
    return (
        alike.sort(POINTS, descending=True, nulls_last=True)
        .with_columns(_taken(most, [KEY, "~keep"]).alias(VOTES))
        .filter(pl.col(VOTES) > 0)
    )


def _limited(plan: Plan, source: Source, frame: pl.LazyFrame) -> pl.LazyFrame:
    """Points per window, small windows first; open points leave their window open."""
    bounds = limits(plan.item)
    if not bounds:
        return frame
    keys = [_window(limit.per, source).alias(f"~{n}") for n, limit in enumerate(bounds)]
    worth = pl.col(POINTS) * whole(pl.col(VOTES))
    back = [names.back(plan.name)] if plan.item.restored is not None else []
    for n, limit in enumerate(bounds):
        added = pl.when(worth.null_count() == 0).then(worth.sum()).otherwise(None)
        summed = frame.group_by(KEY, *keys).agg(added.alias(POINTS), *(pl.col(b).sum() for b in back))
        frame = summed.with_columns(bounded(limit).alias(POINTS))
        keys, worth = [pl.col(f"~{m}") for m in range(n + 1, len(bounds))], pl.col(POINTS)
    return frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(VOTES))


def _whole_number(part: Value) -> pl.Expr:
    """How many; one nobody knows leaves the item open, wherever it is brought together."""
    if part.constant is not None:
        return pl.lit(max(int(part.constant), 0), dtype=pl.Int64)
    return pl.max_horizontal(part.snapped().cast(pl.Int64).fill_null(0), 0)


def _combined(plan: Plan, frame: pl.LazyFrame, amount: Amount, scope: Scope) -> pl.LazyFrame:
    """Rows to one number per key."""
    item = plan.item
    if item.drop:
        frame = _dropped(frame, *(_whole_number(condition(one, scope)) for one in item.drop))
    if item.combine == "median":  # all but the one or two in the middle
        beside = (pl.col(VOTES).sum().over(KEY) - 1) // 2
        frame = _dropped(frame, beside, beside)
    votes = pl.col(VOTES).sum()
    weighed = (pl.col(POINTS) * amount.whole(pl.col(VOTES))).sum()
    match item.combine:
        case "sum" | "mean" | "median":
            combined = weighed
        case "count":
            combined = votes
        case "max":
            combined = pl.col(POINTS).max()
        case "min":
            combined = pl.col(POINTS).min()
    out = [combined.alias(names.total(plan.name))]
    if amount.nullable:
        out.append((pl.col(POINTS).null_count() > 0).alias(merged_open(plan)))
    if item.averages:
        out.append(votes.alias(divisor(plan)))
    if item.restored is not None:
        out.append(pl.col(names.back(plan.name)).sum())
    return frame.group_by(KEY).agg(out)


def merged_open(plan: Plan) -> str:
    """Column that is true where a row, merged or not, has no points."""
    return f"{plan.name}:holes"


def divisor(plan: Plan) -> str:
    """Column with the votes a mean divides by, after keep and drop."""
    return f"{plan.name}:of"


def _dropped(frame: pl.LazyFrame, low: pl.Expr, high: pl.Expr) -> pl.LazyFrame:
    """Lowest and highest ballots left out; tallies lose single votes. Less than none are none."""
    upto = pl.col(VOTES).cum_sum().over(KEY)
    last = pl.col(VOTES).sum().over(KEY) - high
    left = pl.min_horizontal(upto, last) - pl.max_horizontal(upto - pl.col(VOTES), low)
    return (
        frame.sort(POINTS, nulls_last=True)
        .with_columns(pl.max_horizontal(left, 0).cast(pl.Int64).alias(VOTES))
        .filter(pl.col(VOTES) > 0)
    )
