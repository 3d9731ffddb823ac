"""Bounds of numbers through arithmetic: for overflow and for division by zero. Never rounded inwards."""

from collections.abc import Callable, Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from jiceng_sdk.expressions.symbols import Range

_END = Decimal(10) ** 40
_DOWN = Context(prec=60, rounding=ROUND_FLOOR)
_UP = Context(prec=60, rounding=ROUND_CEILING)
QUOTIENT_STEP = Decimal(10) ** -12
"""Quotients are snapped to 12 places before anything is decided: the smallest value that is not 0."""


def exactly(value: Decimal) -> Range:
    """A literal."""
    return Range(value, value)


def _bounded(low: Decimal, high: Decimal, *, assumed: bool) -> Range:
    return Range(max(low, _END.copy_negate()), min(high, _END), assumed)


def _corners(a: Range, b: Range, down: Callable[..., Decimal], up: Callable[..., Decimal]) -> Range:
    pairs = [(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    low = min(down(x, y) for x, y in pairs)
    high = max(up(x, y) for x, y in pairs)
    return _bounded(low, high, assumed=a.assumed or b.assumed)


def plus(a: Range, b: Range) -> Range:
    """a + b."""
    return _corners(a, b, _DOWN.add, _UP.add)


def minus(a: Range, b: Range) -> Range:
    """a - b."""
    return _corners(a, b, _DOWN.subtract, _UP.subtract)


def times(a: Range, b: Range) -> Range:
    """a * b."""
    return _corners(a, b, _DOWN.multiply, _UP.multiply)


def negated(a: Range) -> Range:
    """-a."""
    return Range(a.high.copy_negate(), a.low.copy_negate(), a.assumed)


def over(a: Range, b: Range, places: int | None) -> Range:
    """a / b; a divisor that can be 0 is taken as at least its smallest step away from it."""
    step = QUOTIENT_STEP if places is None else Decimal(10) ** -places
    parts = []
    if b.high > 0:
        parts.append(Range(max(b.low, min(step, b.high)), b.high, b.assumed))
    if b.low < 0:
        parts.append(Range(b.low, min(b.high, max(step.copy_negate(), b.low)), b.assumed))
    if not parts:
        return Range(Decimal(0), Decimal(0), a.assumed or b.assumed)
    small = b.low <= 0 <= b.high and places is None
    found = either(_corners(a, part, _DOWN.divide, _UP.divide) for part in parts)
    return Range(found.low, found.high, found.assumed or small)


def either(ranges: Iterable[Range]) -> Range:
    """Any of them."""
    found = list(ranges)
    return Range(min(r.low for r in found), max(r.high for r in found), any(r.assumed for r in found))


def smallest(ranges: Iterable[Range]) -> Range:
    """min(...) of them."""
    found = list(ranges)
    low, high = min(r.low for r in found), min(r.high for r in found)
    return Range(low, high, _decides(found, low, high))


def largest(ranges: Iterable[Range]) -> Range:
    """max(...) of them."""
    found = list(ranges)
    low, high = max(r.low for r in found), max(r.high for r in found)
    return Range(low, high, _decides(found, low, high))


def _decides(ranges: list[Range], low: Decimal, high: Decimal) -> bool:
    return any(r.assumed for r in ranges if r.low == low or r.high == high)


def magnitude(a: Range) -> Range:
    """abs(a)."""
    sizes = (a.low.copy_abs(), a.high.copy_abs())
    return Range(Decimal(0) if a.low <= 0 <= a.high else min(sizes), max(sizes), a.assumed)


def rounded(a: Range) -> Range:
    """a after any rounding to some number of places."""
    return Range(_DOWN.to_integral_value(a.low), _UP.to_integral_value(a.high), a.assumed)


def deviation(a: Range) -> Range:
    """A standard deviation after any rounding: at most half the width (Popoviciu)."""
    half = _UP.divide(_UP.subtract(a.high, a.low), Decimal(2))
    return rounded(Range(Decimal(0), half, a.assumed))


def highest(ranges: list[Range], many: int) -> Range:
    """The sum of the so many highest."""
    lows = sorted((r.low for r in ranges), reverse=True)[:many]
    highs = sorted((r.high for r in ranges), reverse=True)[:many]
    total = Range(Decimal(0), Decimal(0), any(r.assumed for r in ranges))
    for low, high in zip(lows, highs, strict=True):
        total = plus(total, Range(low, high))
    return total
