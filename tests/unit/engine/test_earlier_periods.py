"""Results of several periods ago, read by name and counted, whatever the total is called."""

from decimal import Decimal
from typing import Any

import polars as pl
from tests.unit.engine.books import HEAD, MARK, marked, ran

BOOK = (
    'score = "total"\n'
    + HEAD
    + MARK
    + """
[items.total]
points = "x"
[outputs.rolling]
value = "if(missing(previous.previous.score), total, previous.previous.score)"
[outputs.rises]
value = "times(total > previous.score)"
[outputs.high]
value = "streak(total >= 60)"
"""
)


def results(*scores: int) -> dict[str, Any]:
    """The outputs of one subject with 70 now and these scores before, the latest first."""
    rows = [{"subject": "s0", "back": n, "score": Decimal(one)} for n, one in enumerate(scores, 1)]
    previous = pl.DataFrame(
        rows, schema={"subject": pl.String(), "back": pl.Int64(), "score": pl.Decimal(38, 12)}
    )
    return ran(BOOK, marked(70), previous=previous).results.row(0, named=True)


def test_the_score_of_the_period_before_last_is_read_by_its_name() -> None:
    assert results(60, 50, 80)["rolling"] == 50
    assert results(60)["rolling"] == 70


def test_a_condition_on_the_period_before_is_counted_in_every_period() -> None:
    assert results(60, 50, 80)["rises"] == 2
    assert results(80, 50, 40)["rises"] == 2
    assert results()["rises"] == 0


def test_a_total_of_another_name_is_found_in_earlier_periods() -> None:
    assert results(60, 50, 80)["high"] == 2
