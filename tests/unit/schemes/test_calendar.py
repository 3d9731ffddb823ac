"""Working days: the official calendar of 2026, windows, and a year nobody entered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.kernel.errors import Refusal
from jiceng.schemes.periods.calendar import Calendar, UnknownYear, shipped

OFFICIAL = shipped(2026)
assert OFFICIAL is not None
YEAR_2026 = Calendar(frozenset({2026}), {day.day: day.working for day in OFFICIAL.days})
DAYS = st.dates(date(2026, 1, 1), date(2026, 9, 1))


def test_the_official_year_has_248_working_days() -> None:
    assert YEAR_2026.between(date(2026, 1, 1), date(2026, 12, 31)) == 248


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday made up for
        (date(2026, 2, 16), False),  # a Monday in Spring Festival
        (date(2026, 2, 24), True),
        (date(2026, 10, 10), True),
        (date(2026, 11, 21), False),
    ],
)
def test_a_day_is_what_the_notice_says(day: date, working: bool) -> None:
    assert YEAR_2026.is_working(day) is working


def test_five_working_days_from_wednesday_end_on_tuesday() -> None:
    assert YEAR_2026.last_of(date(2026, 11, 18), 5) == date(2026, 11, 24)


def test_a_window_opened_on_a_day_off_starts_on_the_next_working_day() -> None:
    assert YEAR_2026.last_of(date(2026, 10, 1), 1) == date(2026, 10, 8)


def test_a_window_into_a_year_nobody_entered_is_asked_for() -> None:
    with pytest.raises(UnknownYear, match="还没有 2027 年的工作日历"):
        YEAR_2026.last_of(date(2026, 12, 30), 5)


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_window_has_one_to_sixty_working_days(days: int) -> None:
    with pytest.raises(Refusal, match="1 到 60"):
        YEAR_2026.last_of(date(2026, 11, 18), days)


@given(DAYS, st.integers(1, 60))
def test_a_window_holds_exactly_as_many_working_days_and_ends_on_one(first: date, days: int) -> None:
    last = YEAR_2026.last_of(first, days)
    assert YEAR_2026.is_working(last)
    assert YEAR_2026.between(first, last) == days
    assert YEAR_2026.between(first, last - timedelta(days=1)) == days - 1
