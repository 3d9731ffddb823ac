"""The calendar of follow-up: due days on working days, closing, periods of every kind."""

from datetime import date

import pytest

from jiceng.schemes.periods.calendar import Calendar
from jiceng_project_ledger.followup.due import Kind, Rhythm, add_months, beginning, due, periods

DAYS = Calendar(
    frozenset({2026}),
    {date(2026, 4, 5): False, date(2026, 4, 6): False, date(2026, 10, 10): True},
)
RHYTHM = Rhythm()


@pytest.mark.parametrize(
    ("kind", "first", "day", "closes"),
    [
        (Kind.MONTH, date(2026, 1, 1), date(2026, 2, 5), date(2026, 2, 20)),
        (Kind.MONTH, date(2026, 3, 1), date(2026, 4, 7), date(2026, 4, 22)),
        (Kind.QUARTER, date(2026, 7, 1), date(2026, 10, 10), date(2026, 10, 25)),
        (Kind.HALF, date(2026, 1, 1), date(2026, 7, 15), date(2026, 7, 30)),
    ],
)
def test_papers_are_due_on_the_next_working_day(kind: Kind, first: date, day: date, closes: date) -> None:
    found = due(kind, first, RHYTHM, DAYS)
    assert (found.day, found.closes, found.known) == (day, closes, True)


def test_in_a_year_whose_holidays_nobody_entered_the_plain_day_is_marked() -> None:
    found = due(Kind.MONTH, date(2026, 12, 1), RHYTHM, DAYS)
    assert (found.day, found.known) == (date(2027, 1, 5), False)
    assert due(Kind.YEAR, date(2026, 1, 1), RHYTHM, DAYS).day == date(2027, 1, 20)


def test_periods_that_touch_a_span() -> None:
    months = list(periods(Kind.MONTH, date(2026, 11, 20), date(2027, 1, 3)))
    assert months == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    quarters = list(periods(Kind.QUARTER, date(2026, 2, 9), date(2026, 7, 1)))
    assert quarters == [date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)]
    assert list(periods(Kind.HALF, date(2026, 7, 1), date(2027, 8, 1))) == [date(2027, 1, 1)]
    assert list(periods(Kind.YEAR, date(2026, 7, 1), date(2027, 8, 1))) == [
        date(2026, 1, 1),
        date(2027, 1, 1),
    ]


def test_beginnings_and_months() -> None:
    assert beginning(Kind.QUARTER, date(2026, 12, 31)) == date(2026, 10, 1)
    assert beginning(Kind.MONTH, date(2026, 2, 28)) == date(2026, 2, 1)
    assert add_months(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert add_months(date(2026, 12, 1), 1) == date(2027, 1, 1)


def test_a_rhythm_that_cannot_be_is_told() -> None:
    assert RHYTHM.faults() == []
    assert Rhythm(month_day=29).faults() == ["月汇报的报送日应在 1 到 28 之间"]
    assert Rhythm(closes_after=91).faults() == ["关账天数应在 0 到 90 之间"]
    assert Rhythm(corrects_within=31).faults() == ["退回改正天数应在 0 到 30 之间"]
