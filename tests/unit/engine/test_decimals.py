"""Integers at their places as exact decimals: multiplied at once or in two parts, or refused."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.exceptions import InvalidOperationError
from tests.support.profiles import QUICK

from jiceng_sdk.engine.numbers.decimals import decimals

ENDS = [0, 1, 7, 2**31 - 1, 2**31, 2**31 + 1, 10**14 - 1, 2**62 - 1]


@settings(**QUICK)
@given(st.data(), st.sampled_from(ENDS), st.integers(0, 24))
def test_every_integer_is_itself_at_its_places(data: st.DataObject, most: int, places: int) -> None:
    if most * 10 ** (24 - places) >= 10**38:
        most = 9_999
    values = data.draw(st.lists(st.integers(-most, most), max_size=12))
    gone = np.array(data.draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values))), np.bool_)
    found = decimals("x", np.array(values, np.int64), gone, places, most).to_list()
    told = [None if lost else Decimal(one).scaleb(-places) for one, lost in zip(values, gone, strict=True)]
    assert found == told


def test_what_is_not_there_is_nothing_whatever_stands_in_its_place() -> None:
    found = decimals("x", np.array([5, -5, 2**60]), np.array([False, True, True]), 1, 2**61)
    assert found.to_list() == [Decimal("0.5"), None, None]


def test_what_has_more_digits_than_decimals_is_refused() -> None:
    with pytest.raises(InvalidOperationError):
        decimals("x", np.array([2**61]), None, 0, 2**62)
