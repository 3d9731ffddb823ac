"""Quotients as one integer over another: exact, no answer by zero, 12 places when they are read."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng_sdk.engine.formulas.computing import written
from jiceng_sdk.engine.lines.line import nearest
from jiceng_sdk.engine.numbers import quotients
from jiceng_sdk.engine.numbers.columns import Column, Unfit, flag
from jiceng_sdk.engine.numbers.exact import EXACT

NUMBERS = st.lists(st.integers(-9999, 9999), min_size=3, max_size=3)
PLACES = st.integers(0, 3)


def a_column(numbers: list[int], places: int = 0) -> Column:
    """Three subjects."""
    return Column("number", np.array(numbers, np.int64), None, places, max(map(abs, numbers)))


def meant(part: Column) -> list[Fraction | None]:
    """The exact values."""
    below = np.broadcast_to(1 if part.below is None else part.below, (3,))
    gone = part.holes(3)
    return [
        None if lost else Fraction(int(above), int(under) * 10**part.places)
        for above, under, lost in zip(part.spread(3), below, gone, strict=True)
    ]


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, PLACES, PLACES)
def test_sums_products_and_choices_of_quotients_are_those_of_fractions(
    a: list[int], b: list[int], c: list[int], d: list[int], some: int, more: int
) -> None:
    left = quotients.divided(a_column(a, some), a_column(b, more))
    right = quotients.divided(a_column(c), a_column(d, some))
    ones, twos = meant(left), meant(right)
    assert ones == [
        None if not under else Fraction(above, under) * Fraction(10) ** (more - some)
        for above, under in zip(a, b, strict=True)
    ]
    third, pairs = (
        a_column(c, 2),
        [
            (one, two) if one is not None and two is not None else None
            for one, two in zip(ones, twos, strict=True)
        ],
    )
    assert meant(quotients.added(left, right)) == [pair and pair[0] + pair[1] for pair in pairs]
    assert meant(quotients.added(left, right, less=True)) == [pair and pair[0] - pair[1] for pair in pairs]
    assert meant(quotients.times(left, right)) == [pair and pair[0] * pair[1] for pair in pairs]
    assert meant(quotients.picked([left, right], largest=True)) == [pair and max(pair) for pair in pairs]
    assert meant(quotients.picked([left, right], largest=False)) == [pair and min(pair) for pair in pairs]
    assert meant(quotients.summed([left, third, right])) == [
        pair and pair[0] + pair[1] + Fraction(more, 100) for pair, more in zip(pairs, c, strict=True)
    ]
    asked = flag(np.array([True, False, True]))
    assert meant(quotients.chosen(asked, left, right)) == [ones[0], twos[1], ones[2]]


@given(NUMBERS, NUMBERS, PLACES)
def test_what_is_read_of_a_quotient_are_its_twelve_places_half_away_from_zero(
    a: list[int], b: list[int], places: int
) -> None:
    found = quotients.divided(a_column(a, places), a_column(b))
    expected = [None if one is None else Fraction(nearest(one)) for one in meant(found)]
    assert meant(found.snapped) == expected


def test_a_divisor_too_long_for_one_division_is_divided_digit_by_digit() -> None:
    found = quotients.divided(a_column([7, -7, 10**11]), a_column([3 * 10**12 + 1, 3 * 10**12 + 1, 3]))
    assert [nearest(one) for one in meant(found) if one is not None] == [
        nearest(Fraction(7, 3 * 10**12 + 1)),
        nearest(Fraction(-7, 3 * 10**12 + 1)),
        nearest(Fraction(10**11, 3)),
    ]
    with pytest.raises(Unfit):
        _ = found.snapped  # 10^11 at 12 places leaves 64 bits


def test_a_quotient_that_polars_reads_is_the_same_number() -> None:
    found = quotients.divided(a_column([1, 22, -5], 1), a_column([3, 7, 0]))
    series = quotients.exact("q", found, 3)
    assert series.dtype == EXACT
    assert [None if one is None else Fraction(one) for one in series.round(12).to_list()] == meant(
        found.snapped
    )


def test_what_leaves_64_bits_is_left_to_polars() -> None:
    large = Column("number", np.array([2**61, 1, 1]), None, 0, 2**61)
    with pytest.raises(Unfit):
        quotients.times(quotients.divided(large, a_column([3, 1, 1])), a_column([9, 1, 1]))
    assert quotients.added(written(Decimal("0.5")), a_column([1, 2, 3])).data.tolist() == [15, 25, 35]
