"""Items that need no window: one aggregation over all rows of a fact, shared by all such items.

Rows worth a written-out number are counted, not added: a count times a constant is exact and cheap.
"""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine import integers
from jiceng_sdk.engine.exact import EXACT, decimals, lit, whole
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.once import MOST_BITS, bit, bits, seen_once
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.table import as_column
from jiceng_sdk.engine.value import Value


@dataclass(frozen=True, slots=True)
class Direct:
    """Aggregations per `@` for one item.

    `constant`: the total is a whole number, each one worth so much; `largest`: its greatest magnitude.
    `before`: columns every row must carry first. `whole`: nothing staged is left to do.
    """

    exprs: list[pl.Expr]
    places: int | None = 0
    constant: Decimal | None = None
    largest: int = 0
    before: tuple[pl.Expr, ...] = ()
    whole: bool = False


def aggregations(plan: Plan, source: Source) -> Direct:
    """What the rows of a fact are aggregated to for one item; for a staged one only what stands beside."""
    asked = names.when(plan, source)
    if (once := seen_once(plan, source)) is not None:
        return _windows(plan, source, asked, *once)
    if plan.item.combine == "count" or plan.staged:
        worth = names.points(plan, source.scope) if plan.staged and _per_row(plan) else None
        mended = names.restored(plan, source.scope) if worth is not None else None
        out = _beside(plan, source, asked, worth, mended)
        if not plan.staged:
            out.append(_hits(source, asked).alias(names.total(plan.name)))
        return Direct(out)
    worth = names.points(plan, source.scope)
    mended = names.restored(plan, source.scope)
    out = _beside(plan, source, asked, worth, mended)
    if mended is not None:
        undone = pl.when(mended.expr).then(worth.expr * whole(source.votes)).otherwise(lit(0))
        out.append(_among(asked, undone).sum().alias(names.back(plan.name)))
    if plan.item.combine == "sum" and mended is None and worth.constant is not None:
        out.append(_hits(source, asked).alias(names.total(plan.name)))
        return Direct(out, worth.places, worth.constant, source.most)
    if (small := _small(plan, source, worth, mended)) is not None:
        before, expr, largest = small
        out.append(expr.alias(names.total(plan.name)))
        return Direct(out, worth.places, Decimal(1).scaleb(-(worth.places or 0)), largest, (before,))
    out.append(_combined(plan, source, asked, worth, mended).alias(names.total(plan.name)))
    return Direct(out, worth.places)


def _windows(plan: Plan, source: Source, asked: Value, window: str, each: Decimal) -> Direct:
    """The windows with a row, as bits of one number: how many there are, each worth the same."""
    seen = _among(asked, pl.col(bit(window))).bitwise_or().bitwise_count_ones().cast(pl.Int64)
    out = [*_beside(plan, source, asked), seen.alias(names.total(plan.name))]
    return Direct(out, decimals(each), each, MOST_BITS, (bits(window, source),), whole=True)


def _small(
    plan: Plan, source: Source, worth: Value, mended: Value | None
) -> tuple[pl.Expr, pl.Expr, int] | None:
    """A row's points in 64-bit integers, their total and its bound, when all rows together certainly fit."""
    if worth.scaled is None or mended is not None or source.tallied:
        return None
    small, largest = worth.scaled
    row = f"{plan.name}:whole"
    each = _among(names.when(plan, source), pl.col(row))
    match plan.item.combine:
        case "max":
            return as_column(small).alias(row), each.max(), largest
        case "min":
            return as_column(small).alias(row), each.min(), largest
    if largest * max(source.rows, 1) >= integers.LARGEST:
        return None
    return as_column(small).alias(row), each.sum(), largest * max(source.rows, 1)


def _per_row(plan: Plan) -> bool:
    """Whether a staged item's points can be read off single rows."""
    return plan.item.combine != "count" and not plan.item.merge and names.NTH not in plan.names


def _beside(
    plan: Plan, source: Source, asked: Value, worth: Value | None = None, mended: Value | None = None
) -> list[pl.Expr]:
    """Number of rows when it matters; whether a row leaves the item open, when one can."""
    out = []
    if plan.counted:
        out.append(_hits(source, asked).alias(names.rows(plan.name)))
    holes = [asked.expr.is_null()] if asked.nullable else []
    if worth is not None and worth.nullable:
        holes.append(_chosen(asked) & worth.expr.is_null())
    if mended is not None and mended.nullable:
        holes.append(_chosen(asked) & mended.expr.is_null())
    if holes:
        out.append(pl.any_horizontal(holes).any().alias(names.open_(plan.name)))
    return out


def _always(asked: Value) -> bool:
    return asked.expr.meta.is_literal()


def _chosen(asked: Value) -> pl.Expr:
    return asked.expr.fill_null(value=False) if asked.nullable else asked.expr


def _among(asked: Value, expr: pl.Expr) -> pl.Expr:
    """Only rows that count; what reads no column stands in every row all the same."""
    if _always(asked):
        return as_column(expr)
    return pl.when(asked.expr).then(expr).otherwise(None)


def _hits(source: Source, asked: Value) -> pl.Expr:
    """How many rows count, tallies by their votes."""
    if source.tallied:
        return _among(asked, source.votes).sum().cast(pl.Int64)
    return pl.len().cast(pl.Int64) if _always(asked) else asked.expr.sum().cast(pl.Int64)


def _combined(plan: Plan, source: Source, asked: Value, worth: Value, mended: Value | None) -> pl.Expr:
    item = plan.item
    each = names.given_back(worth, mended)
    if item.combine in ("max", "min"):
        cast = _present(source, _among(asked, each))
        return cast.max() if item.combine == "max" else cast.min()
    return _among(asked, each * whole(source.votes) if source.tallied else each).sum().cast(EXACT)


def _present(source: Source, expr: pl.Expr) -> pl.Expr:
    """A tally of no votes is no ballot."""
    return pl.when(source.votes > 0).then(expr).otherwise(None) if source.tallied else expr
