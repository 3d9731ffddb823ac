"""The five scales: what one row of a fact, or one subject, is worth. Null = the rules give no answer."""

from decimal import Decimal
from itertools import pairwise

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import PLACES, UNKNOWN, decimals, lit
from jiceng_sdk.engine.numbers.integers import Scaled
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook.parts import Item, Row

SAFE = 10**12
"""Whole numbers up to this are exact at 24 places too."""


def worth(item: Item, scope: Scope, reads: Tree | None) -> Value:
    """Points by the item's scale. `reads`: the value that `choice` or `line` looks at."""
    if item.points is not None:
        return compiled(item.points, scope)
    if item.steps:
        return _steps(item.steps, scope)
    if item.checks:
        return _checks(item.checks, scope)
    if reads is None:
        return v.constant(Decimal(0))
    return (
        _choice(item, compiled(reads, scope), scope) if item.choice else _line(item, compiled(reads, scope))
    )


def _choice(item: Item, source: Value, scope: Scope) -> Value:
    places = max(decimals(points) for points in item.choice.values())
    whole = {option: int(points.scaleb(places)) for option, points in item.choice.items()}
    most = max(abs(points) for points in whole.values())
    covered = bool(source.options) and set(source.options) <= set(item.choice)
    lacking = source.nullable or not covered
    if source.enum and source.options:
        codes = [whole.get(option) for option in dict.fromkeys(source.options)]
        small = pl.lit(pl.Series(codes, dtype=pl.Int64)).gather(source.expr.to_physical())
        if (fits := integers.fitting(small, most)) is not None:
            exact = integers.exact(fits, places)
            return v.number(exact, places, source, nullable=lacking, scaled=fits)
    chain, small = UNKNOWN, pl.lit(None, dtype=pl.Int64)
    for option, points in item.choice.items():
        word = scope.level(option) if source.kind == "grade" else option
        hit = pl.when(source.expr == word)
        chain = hit.then(lit(points)).otherwise(chain)
        small = hit.then(integers.small(whole[option])).otherwise(small)
    return v.number(chain, places, source, nullable=lacking, scaled=integers.fitting(small, most))


def _steps(rows: tuple[Row, ...], scope: Scope) -> Value:
    """Exactly one row must match; an unknown row leaves it open."""
    found = [(compiled(row.when, scope), compiled(row.points, scope)) for row in rows]
    hits = pl.sum_horizontal([when.expr.cast(pl.Int32) for when, _ in found], ignore_nulls=False)
    chain: pl.Expr = UNKNOWN
    for when, points in found:
        chain = pl.when(when.expr).then(points.expr).otherwise(chain)
    out = pl.when(hits == 1).then(chain).otherwise(None)
    small = integers.aligned(*(points for _, points in found))
    places = v.widest(*(points for _, points in found))
    return v.number(out, places, nullable=True, scaled=_step(hits, found, small) if small else None)


def _step(hits: pl.Expr, found: list[tuple[Value, Value]], small: list[Scaled]) -> Scaled:
    chain = pl.lit(None, dtype=pl.Int64)
    for (when, _), (points, _) in zip(found, small, strict=True):
        chain = pl.when(when.expr).then(points).otherwise(chain)
    return pl.when(hits == 1).then(chain).otherwise(None), max(most for _, most in small)


def _checks(rows: tuple[Row, ...], scope: Scope) -> Value:
    """Every matching row counts; an unknown row leaves the sum open."""
    found = [(compiled(row.when, scope), compiled(row.points, scope)) for row in rows]
    terms = []
    for when, points in found:
        term = pl.when(when.expr).then(points.expr).otherwise(lit(0))
        terms.append(pl.when(when.expr.is_null()).then(None).otherwise(term) if when.nullable else term)
    total = pl.sum_horizontal(terms, ignore_nulls=False)
    lacking = any(part.nullable for pair in found for part in pair)
    return v.number(total, v.widest(*(points for _, points in found)), nullable=lacking)


def _line(item: Item, source: Value) -> Value:
    """Flat outside the knots, straight between them: one quotient, of the piece a value lies in.

    The piece is found by the snapped value; what lies on it is computed from the value itself: a slope would
    make its rounding larger.
    """
    fine = max([source.places or 0, *(decimals(x) for x, _ in item.line)])
    steps = max(decimals(y) for _, y in item.line)
    wide = integers.widened(source, fine)
    highest = max(abs(part) for knot in item.line for part in knot) + 1
    whole = wide is not None and fine + steps <= PLACES and wide[1] * int(highest * 10**steps) < SAFE
    x = wide[0] if whole and wide else source.snapped()
    own = x if whole else source.expr

    def at(value: Decimal, places: int) -> pl.Expr:
        return pl.lit(int(value.scaleb(places)), dtype=pl.Int64) if whole else lit(value)

    def chosen(before: pl.Expr, pieces: list[pl.Expr], after: pl.Expr) -> pl.Expr:
        for (end, _), piece in reversed(list(zip(item.line, [before, *pieces], strict=True))):
            after = pl.when(x <= at(end, fine)).then(piece).otherwise(after)
        return after

    knots, zero = list(pairwise(item.line)), at(Decimal(0), 0)
    rise = chosen(zero, [(own - at(x0, fine)) * at(y1 - y0, steps) for (x0, y0), (_, y1) in knots], zero)
    run = chosen(lit(1), [lit(x1 - x0) for (x0, _), (x1, _) in knots], lit(1))
    base = chosen(lit(item.line[0][1]), [lit(y0) for (_, y0), _ in knots], lit(item.line[-1][1]))
    rise = integers.exact((rise, SAFE), fine + steps) if whole else rise
    out = base + rise / run
    return v.number(pl.when(x.is_null()).then(None).otherwise(out) if source.nullable else out, None, source)
