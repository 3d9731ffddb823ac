"""Integers inside aggregations give what decimals would: bounds, finer limits, highest of a window."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, day, ran

from jiceng_sdk.engine import Outcome, pack, unpack

EVENT = '[facts.e]\nkind = "event"\nfields = { n = { kind = "number", min = -90000000000000, places = 1 } }\n'
GROUP = '[groups.score]\nof = ["i"]\n'


def scored(item: str, *rows: tuple[date, str]) -> Outcome:
    """One subject with rows of (day, n), scored by one item."""
    amounts = pl.Series("n", [Decimal(n) for _, n in rows], dtype=pl.Decimal(38, 1))
    days = pl.Series("date", [when for when, _ in rows], dtype=pl.Date)
    events = pl.DataFrame([pl.Series("subject", ["s0"] * len(rows), dtype=pl.String), days, amounts])
    book = f'{HEAD}{EVENT}[items.i]\nfrom = "e"\n{item}\n{GROUP}'
    return ran(book, pl.DataFrame({"subject": ["s0"]}), {"e": events})


def score(outcome: Outcome) -> Decimal:
    """The only subject's total."""
    return outcome.results["score"].item()  # type: ignore[no-any-return] # a decimal column


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ('points = "n * 0.25"', "3.125"),
        ('points = "n * 0.25"\ncombine = "max"', "1.875"),
        ('points = "n * 0.25"\ncombine = "mean"', "1.041666666667"),
        ('points = "n"\nlimit = { month = 6.25 }', "11.25"),
        ('points = "n"\nkeep = { year = 2 }', "12.5"),
        ('points = "-n"\nkeep = { year = 2 }', "-5"),
        ("points = 1\nkeep = { month = 1 }", "2"),
        ('when = "n >= 5"\npoints = 1\nkeep = { week = 1 }', "2"),
        ('when = "n >= 5"\npoints = 3\nkeep = { month = 1 }\nlimit = { year = 4 }', "4"),
        ("points = 1\nlimit = { month = 0.5 }", "1"),
        ("points = 1\nlimit = { month = 1.5 }", "2.5"),
        ("points = -2\nlimit = { month = [-1, 0] }", "-2"),
        ('value = "n"\nmerge = "month"\npoints = "units(value, 2.5)"\nlimit = { month = 2 }', "4"),
        ('points = "if(n >= 5, floor(n), 0)"', "12"),
    ],
)
def test_three_rows_in_two_months_give_the_written_points(item: str, expected: str) -> None:
    rows = ((day(3, 2), "0.0"), (day(3, 9), "7.5"), (day(4, 1), "5.0"))
    assert score(scored(item, *rows)) == Decimal(expected)


def test_numbers_too_large_for_integers_are_added_as_decimals() -> None:
    rows = ((day(1, 1), "-40000000000000.1"), (day(1, 2), "-40000000000000.2"))
    assert score(scored('points = "n * 1.000001"', *rows)) == Decimal("-80000080000000.300000300000")


def test_a_limit_finer_than_the_points_survives_packing() -> None:
    outcome = scored("points = 1\nlimit = { month = 0.5 }", (day(1, 1), "0.0"), (day(1, 2), "0.0"))
    assert unpack(pack(outcome)).nodes["i"].to_list() == [Decimal("0.5")]
