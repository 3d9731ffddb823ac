"""Bounds and decimals of points: through start, cap, floor, limits, sums over rows and sub-periods."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from jiceng_sdk.expressions import ranges
from jiceng_sdk.expressions.symbols import Range
from jiceng_sdk.rulebook.parts import Limit
from jiceng_sdk.rulebook.sources import MOST_ROWS

ZERO = Range(Decimal(0), Decimal(0))
CELLS = {"month": 12, "quarter": 4, "half": 2}
_WINDOWS = {"day": 366, "week": 54, "month": 12, "quarter": 4, "half": 2, "year": 1, "period": 1}


class Size(Struct, frozen=True):
    """Decimals (None = a quotient) and bounds of a number on its way to points."""

    places: int | None
    range: Range


def most(places: Iterable[int | None]) -> int | None:
    """The most decimals; None when one is a quotient."""
    found = list(places)
    return None if None in found else max((p for p in found if p is not None), default=0)


def decimals(value: Decimal) -> int:
    """Decimals of a literal."""
    return max(0, -int(value.as_tuple().exponent))


def of_numbers(values: Sequence[Decimal]) -> Size:
    """One of several literals."""
    return Size(most(map(decimals, values)), Range(min(values), max(values)))


def or_nothing(size: Size) -> Size:
    """The number, or 0."""
    return Size(size.places, ranges.either([size.range, ZERO]))


def summed(size: Size, count: Decimal, *, assumed: bool) -> Size:
    """The sum of none to `count` such numbers."""
    many = ranges.times(size.range, Range(Decimal(0), count))
    return Size(size.places, ranges.either([Range(many.low, many.high, many.assumed or assumed), ZERO]))


def sum_of_rows(size: Size, limits: tuple[Limit, ...]) -> Size:
    """The sum over rows; the coarsest limit with a number of windows bounds it."""
    total = summed(size, MOST_ROWS, assumed=True)
    for limit in limits:
        windows = _WINDOWS.get(limit.per)
        places = most([total.places, decimals(limit.high), decimals(limit.low or Decimal(0))])
        total = Size(places, total.range)
        if windows is None:
            continue
        high = min(total.range.high, max(limit.high, Decimal(0)) * windows)
        low = (
            total.range.low
            if limit.low is None
            else max(total.range.low, min(limit.low, Decimal(0)) * windows)
        )
        sure = limit.low is not None or low == 0
        total = Size(places, Range(low, high, total.range.assumed and not sure))
    return total
