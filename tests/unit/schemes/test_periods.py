"""Periods as calendar spans."""

from datetime import date

import pytest

from jiceng.schemes.periods import span_around


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "title"),
    [
        ("year", date(2026, 11, 22), date(2026, 1, 1), date(2026, 12, 31), "2026 年度"),
        ("half", date(2026, 6, 30), date(2026, 1, 1), date(2026, 6, 30), "2026 年上半年"),
        ("half", date(2026, 7, 1), date(2026, 7, 1), date(2026, 12, 31), "2026 年下半年"),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026 年第四季度"),
        ("month", date(2028, 2, 5), date(2028, 2, 1), date(2028, 2, 29), "2028 年 2 月"),
    ],
)
def test_a_day_lies_in_one_period_of_each_kind(
    kind: str, day: date, first: date, last: date, title: str
) -> None:
    assert span_around(kind, day) == (kind, first, last, title)


def test_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no such kind of period: 'decade'"):
        span_around("decade", date(2026, 1, 1))
