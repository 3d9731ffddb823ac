"""Arithmetic on ranges: a value that is still open lies between two columns; a condition may be undecided."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from jiceng_sdk.engine.numbers.exact import SNAP, divide, lit, rounded
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)
from jiceng_sdk.rulebook import Rounding


@dataclass(frozen=True, slots=True)
class Span:
    """A number between two columns; equal when nothing is open."""

    low: pl.Expr
    high: pl.Expr


def number(tree: Tree, names: Mapping[str, Span], calls: Mapping[Tree, Span]) -> Span:
    """The range of a number. `calls`: ranges of the aggregations in it. Raises ValueError for what
    area values lack.
    """
    if tree in calls:
        return calls[tree]
    match tree:
        case Number():
            return Span(lit(tree.value), lit(tree.value))
        case Name():
            return names[tree.name]
        case Unary():
            part = number(tree.arg, names, calls)
            return Span(-part.high, -part.low)
        case Arithmetic():
            return _arithmetic(tree, number(tree.left, names, calls), number(tree.right, names, calls))
        case Call():
            return _call(tree, names, calls)
    raise ValueError(f"no number: {tree!r}")


def _arithmetic(tree: Arithmetic, left: Span, right: Span) -> Span:
    match tree.op:
        case "+":
            return Span(left.low + right.low, left.high + right.high)
        case "-":
            return Span(left.low - right.high, left.high - right.low)
        case "*":
            return _hull([a * b for a in (left.low, left.high) for b in (right.low, right.high)])
    corners = [divide(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    straddles = (right.low <= lit(0)) & (right.high >= lit(0))
    found = _hull(corners)
    return Span(
        pl.when(straddles).then(None).otherwise(found.low),
        pl.when(straddles).then(None).otherwise(found.high),
    )


def _hull(corners: list[pl.Expr]) -> Span:
    holes = pl.any_horizontal([corner.is_null() for corner in corners])
    low, high = pl.min_horizontal(corners), pl.max_horizontal(corners)
    return Span(pl.when(holes).then(None).otherwise(low), pl.when(holes).then(None).otherwise(high))


def _call(tree: Call, names: Mapping[str, Span], calls: Mapping[Tree, Span]) -> Span:
    if tree.function == "if":
        asked = condition(tree.args[0], names, calls)
        yes, no = (number(arg, names, calls) for arg in tree.args[1:])
        both = _hull([yes.low, no.low, yes.high, no.high])
        return Span(
            *(
                _chosen(asked, y, n, b)
                for y, n, b in ((yes.low, no.low, both.low), (yes.high, no.high, both.high))
            )
        )
    parts = [number(arg, names, calls) for arg in tree.args]
    lows, highs = [part.low for part in parts], [part.high for part in parts]
    match tree.function:
        case "min" | "max":
            pick = pl.min_horizontal if tree.function == "min" else pl.max_horizontal
            return Span(_known(pick(lows), lows), _known(pick(highs), highs))
        case "round":
            to = Rounding(places=int(tree.args[1].value) if isinstance(tree.args[1], Number) else 0)
            return Span(rounded(lows[0], None, to), rounded(highs[0], None, to))
        case "floor":
            return Span(_snap(lows[0]).floor(), _snap(highs[0]).floor())
        case "abs":
            least = pl.when((lows[0] <= lit(0)) & (highs[0] >= lit(0))).then(lit(0))
            ends = _hull([lows[0].abs(), highs[0].abs()])
            return Span(least.otherwise(ends.low), ends.high)
        case "units":
            quotient = _arithmetic(Arithmetic(op="/", left=tree.args[0], right=tree.args[1]), *parts)
            return Span(_snap(quotient.low).floor(), _snap(quotient.high).floor())
    raise ValueError(f"no function {tree.function!r} over area values")


def _snap(expr: pl.Expr) -> pl.Expr:
    return expr.round(SNAP, mode="half_away_from_zero")


def _known(found: pl.Expr, parts: list[pl.Expr]) -> pl.Expr:
    return pl.when(pl.any_horizontal([part.is_null() for part in parts])).then(None).otherwise(found)


def _chosen(asked: pl.Expr, yes: pl.Expr, no: pl.Expr, both: pl.Expr) -> pl.Expr:
    return pl.when(asked).then(yes).when(asked.not_()).then(no).otherwise(both)


def condition(tree: Tree, names: Mapping[str, Span], calls: Mapping[Tree, Span]) -> pl.Expr:
    """Met, not met, or undecided (null) while the range straddles the aim."""
    match tree:
        case Flag():
            return pl.lit(tree.value)
        case Unary():
            return condition(tree.arg, names, calls).not_()
        case Logic():
            parts = [condition(arg, names, calls) for arg in tree.args]
            return pl.all_horizontal(parts) if tree.op == "and" else pl.any_horizontal(parts)
        case Compare():
            spans = [number(arg, names, calls) for arg in tree.args]
            return pl.all_horizontal([_link(op, spans[n], spans[n + 1]) for n, op in enumerate(tree.ops)])
        case Among():
            item = number(tree.item, names, calls)
            options = [option for option in tree.options if not isinstance(option, Text)]
            return pl.any_horizontal([_link("==", item, number(option, names, calls)) for option in options])
    raise ValueError(f"no condition: {tree!r}")


def _link(op: str, left: Span, right: Span) -> pl.Expr:
    a, b, c, d = (_snap(side) for side in (left.low, left.high, right.low, right.high))
    match op:
        case "<":
            return _decided(b < c, a >= d)
        case "<=":
            return _decided(b <= c, a > d)
        case ">":
            return _decided(a > d, b <= c)
        case ">=":
            return _decided(a >= d, b < c)
    same, apart = (a == b) & (c == d) & (a == c), (b < c) | (a > d)
    return _decided(same, apart) if op == "==" else _decided(apart, same)


def _decided(yes: pl.Expr, no: pl.Expr) -> pl.Expr:
    answer = pl.when(yes).then(pl.lit(value=True)).when(no).then(pl.lit(value=False))
    return answer.otherwise(pl.lit(None, dtype=pl.Boolean))
