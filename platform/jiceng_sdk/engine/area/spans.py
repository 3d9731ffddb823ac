"""Arithmetic on ranges, on arrays: a value that is still open lies between two; a condition may be undecided.

`ranges` says the same in Polars for what leaves 64 bits: that raises Unfit here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from msgspec.structs import replace

from jiceng_sdk.engine.formulas.computing import written
from jiceng_sdk.engine.numbers import columns, quotients
from jiceng_sdk.engine.numbers.columns import Column, Flags, Unfit, flag
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

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Span:
    """A number between two, one of each per cohort; equal when nothing is open."""

    low: Column
    high: Column

    def straddles(self) -> Flags:
        """Whether zero lies between them."""
        return np.asarray((self.low.data <= 0) & (self.high.data >= 0), np.bool_)


def number(tree: Tree, names: Mapping[str, Span], calls: Mapping[Tree, Span]) -> Span:
    """The range of a number. `calls`: ranges of the aggregations in it. Raises Unfit."""
    if tree in calls:
        return calls[tree]
    match tree:
        case Number():
            return Span(written(tree.value), written(tree.value))
        case Name():
            return names[tree.name]
        case Unary():
            part = number(tree.arg, names, calls)
            return Span(_negative(part.high), _negative(part.low))
        case Arithmetic():
            return _arithmetic(tree.op, number(tree.left, names, calls), number(tree.right, names, calls))
        case Call():
            return _call(tree, names, calls)
    raise Unfit(tree)


def _negative(part: Column) -> Column:
    return replace(part, data=-part.data)


def _arithmetic(op: str, left: Span, right: Span) -> Span:
    match op:
        case "+":
            return Span(quotients.added(left.low, right.low), quotients.added(left.high, right.high))
        case "-":
            return Span(
                quotients.added(left.low, right.high, less=True),
                quotients.added(left.high, right.low, less=True),
            )
    make = quotients.times if op == "*" else quotients.divided
    found = _hull([make(a, b) for a in (left.low, left.high) for b in (right.low, right.high)])
    if op == "*" or not right.straddles().any():
        return found
    if not right.straddles().ndim:
        raise Unfit
    return Span(found.low.without(right.straddles()), found.high.without(right.straddles()))


def _hull(corners: list[Column]) -> Span:
    return Span(quotients.picked(corners, largest=False), quotients.picked(corners, largest=True))


def _call(tree: Call, names: Mapping[str, Span], calls: Mapping[Tree, Span]) -> Span:
    if tree.function == "if":
        asked = condition(tree.args[0], names, calls)
        yes, no = (number(arg, names, calls) for arg in tree.args[1:])
        both = _hull([yes.low, no.low, yes.high, no.high])
        return Span(_chosen(asked, yes.low, no.low, both.low), _chosen(asked, yes.high, no.high, both.high))
    parts = [number(arg, names, calls) for arg in tree.args]
    first = parts[0]
    match tree.function:
        case "min" | "max":
            largest = tree.function == "max"
            lows, highs = [part.low for part in parts], [part.high for part in parts]
            return Span(quotients.picked(lows, largest=largest), quotients.picked(highs, largest=largest))
        case "round":
            to = Rounding(places=int(tree.args[1].value) if isinstance(tree.args[1], Number) else 0)
            return Span(columns.rounded(first.low, to), columns.rounded(first.high, to))
        case "abs":
            sizes = [replace(end, data=np.abs(end.data)) for end in (first.low, first.high)]
            ends, around = _hull(sizes), flag(first.straddles())
            return Span(quotients.chosen(around, written(_NOTHING), ends.low), ends.high)
    raise Unfit(tree)


def _chosen(asked: Column, yes: Column, no: Column, both: Column) -> Column:
    """Yes where the condition is met, no where it is not, anything of both where it is undecided."""
    if asked.null is None:
        return quotients.chosen(asked, yes, no)
    return quotients.chosen(flag(asked.null), both, quotients.chosen(flag(asked.data), yes, no))


def condition(tree: Tree, names: Mapping[str, Span], calls: Mapping[Tree, Span]) -> Column:
    """Met, not met, or undecided while the range straddles the aim."""
    match tree:
        case Flag():
            return flag(np.asarray(tree.value, np.bool_))
        case Unary():
            return columns.negated(condition(tree.arg, names, calls))
        case Logic():
            parts = [condition(arg, names, calls) for arg in tree.args]
            return columns.all_met(parts) if tree.op == "and" else columns.one_met(parts)
        case Compare():
            spans = [number(arg, names, calls) for arg in tree.args]
            return columns.all_met([_link(op, spans[n], spans[n + 1]) for n, op in enumerate(tree.ops)])
        case Among():
            item = number(tree.item, names, calls)
            options = [option for option in tree.options if not isinstance(option, Text)]
            return columns.one_met([_link("==", item, number(option, names, calls)) for option in options])
    raise Unfit(tree)


def _link(op: str, left: Span, right: Span) -> Column:
    a, b, c, d = (side.snapped for side in (left.low, left.high, right.low, right.high))

    def holds(how: str, one: Column, two: Column) -> Flags:
        return columns.compared(how, one, two).data

    match op:
        case "<":
            return _decided(holds("<", b, c), holds(">=", a, d))
        case "<=":
            return _decided(holds("<=", b, c), holds(">", a, d))
        case ">":
            return _decided(holds(">", a, d), holds("<=", b, c))
        case ">=":
            return _decided(holds(">=", a, d), holds("<", b, c))
    same = holds("==", a, b) & holds("==", c, d) & holds("==", a, c)
    apart = holds("<", b, c) | holds(">", a, d)
    return _decided(same, apart) if op == "==" else _decided(apart, same)


def _decided(yes: Flags, no: Flags) -> Column:
    return flag(np.asarray(yes), np.asarray(~(yes | no)))
