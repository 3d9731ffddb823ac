"""Windows as fields of bits: two days share a window exactly when their shifted numbers are alike."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, day, ran

from jiceng_sdk.engine import Period
from jiceng_sdk.engine.items.layout import of_days
from jiceng_sdk.engine.period import mapping

YEAR = Period("year", date(2024, 1, 1), date(2024, 12, 31))
ODD = Period("year", date(2023, 11, 15), date(2024, 11, 14))
CHAINS = [
    ("day", "month", "year"),
    ("day",),
    ("month", "quarter", "half"),
    ("quarter", "month"),
    ("week",),
    ("day", "quarter"),
]


@pytest.mark.parametrize("chain", CHAINS)
@pytest.mark.parametrize("period", [YEAR, ODD, Period("day", date(2024, 2, 29), date(2024, 2, 29))])
def test_a_larger_window_is_the_number_shifted(chain: tuple[str, ...], period: Period) -> None:
    found = of_days(chain, period)
    for window in chain:
        numbers = (found.days >> found.below[window]).tolist()
        wanted = mapping("day", window, period).to_list()
        assert [a == b for a, b in pairwise(numbers)] == [a == b for a, b in pairwise(wanted)]
        assert numbers == sorted(numbers)
        assert len(set(numbers)) == len(set(wanted))
    assert set((found.days >> found.below["period"]).tolist()) == {0}


def test_the_smallest_of_options_counts_only_rows_that_have_points() -> None:
    book = f"""{HEAD}
[facts.e]
kind = "event"
fields = {{ form = ["a", "b", "c"] }}
[items.least]
from = "e"
when = "form != 'c'"
choice = {{ a = -1.5, b = 2, c = -9 }}
value = "form"
combine = "min"
[items.most]
from = "e"
choice = {{ a = -1.5, b = -2, c = -9 }}
value = "form"
combine = "max"
[groups.score]
of = ["least", "most"]
"""
    events = {"subject": ["x", "x", "x", "y", "z"], "date": [day(3)] * 5, "form": ["a", "b", "c", "b", "c"]}
    nodes = ran(book, pl.DataFrame({"subject": ["x", "y", "z", "w"]}), {"e": pl.DataFrame(events)}).nodes
    assert nodes["least"].to_list() == [Decimal("-1.5"), 2, 0, 0]
    assert nodes["most"].to_list() == [Decimal("-1.5"), -2, -9, 0]
