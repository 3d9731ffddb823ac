"""Periods as a case file writes them."""

from datetime import date
from typing import Any

import pytest

from jiceng_sdk.cases.periods import read_span


@pytest.mark.parametrize(
    ("written", "kind", "start", "end"),
    [
        ("2024", "year", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H2", "half", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", "quarter", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
        (
            {"start": date(2023, 12, 1), "end": date(2024, 11, 30)},
            "year",
            date(2023, 12, 1),
            date(2024, 11, 30),
        ),
    ],
)
def test_a_period_is_its_first_and_last_day(written: Any, kind: str, start: date, end: date) -> None:
    span = read_span(written, "year")
    assert (span.kind, span.start, span.end) == (kind, start, end)


@pytest.mark.parametrize(
    "written",
    ["二〇二四", "2024-00", "2024-Q5", {"start": date(2024, 2, 1), "end": date(2024, 1, 1)}, {"start": 1}],
)
def test_what_is_no_period_is_refused_in_words(written: Any) -> None:
    with pytest.raises(ValueError, match=r"期间|没有第"):
        read_span(written, "year")
