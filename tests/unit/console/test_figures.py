"""Numbers and times as the ledger writes them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from jiceng.console.frame.figures import amount, day, figure, moment, percent


def test_numbers_have_a_true_minus_and_a_dash_for_none() -> None:
    assert figure(12345) == "12,345"
    assert figure(Decimal(-2), 2) == "−2.00"
    assert figure(Decimal("88.0")) == "88.0"
    assert figure(0, 1) == "0.0"
    assert figure(None, 2) == "—"


def test_a_value_over_many_has_its_unit_and_no_idle_zeros() -> None:
    assert amount(Decimal("0.7013"), True) == "70.13 %"
    assert amount(Decimal(1), True) == "100.00 %"
    assert amount(Decimal("3.0000"), False) == "3"
    assert amount(Decimal("1200.5000"), False) == "1,200.5"
    assert amount(Decimal("-0.33333"), False) == "−0.3333"
    assert amount(None, True) == "—"


def test_a_half_is_rounded_up() -> None:
    assert figure(Decimal("0.125"), 2) == "0.13"
    assert figure(Decimal("-2.5"), 0) == "−3"
    assert amount(Decimal("0.70125"), True) == "70.13 %"
    assert amount(Decimal("1.00005"), False) == "1.0001"


def test_times_are_shown_in_chinas_time() -> None:
    assert moment(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)) == "2026-11-23 00:30"
    assert day(date(2026, 1, 2)) == "2026-01-02"
    assert moment(None) == day(None) == "—"


def test_percent_rounds_down_so_that_unfinished_never_reads_100() -> None:
    assert percent(999, 1000) == 99
    assert percent(0, 0) == 0
