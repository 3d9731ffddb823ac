"""The middle of rows: votes of a tally each count, an even number has two, of nothing there is none."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, YEAR, understood

from jiceng_sdk.engine import Outcome, evaluate
from jiceng_sdk.rulebook import examine

VOTE = """[facts.vote]
kind = "ballot"
fields = { mark = { kind = "number", min = 0, max = 100, required = true } }
[facts.n]
kind = "number"
min = -100000000
max = 100000000
default = 0
"""


def text(item: str) -> str:
    return f"{HEAD}{VOTE}[items.i]\n{item}\n[groups.score]\nof = ['i']\n"


def ran(item: str, *marks: tuple[int, int], n: int = 0) -> Outcome:
    """Marks as (mark, votes)."""
    rows = pl.DataFrame(
        [
            {"subject": "a", "date": date(2024, 3, 1), "mark": Decimal(mark), "votes": many}
            for mark, many in marks
        ],
        schema={"subject": pl.String, "date": pl.Date, "mark": pl.Decimal(38, 2), "votes": pl.Int64},
    )
    people = pl.DataFrame({"subject": ["a"], "n": [Decimal(n)]})
    return evaluate(understood(text(item)), people, {"vote": rows}, period=YEAR)


@pytest.mark.parametrize(
    ("marks", "middle"),
    [
        ([(90, 1), (10, 1), (80, 1)], "80"),
        ([(90, 1), (10, 1), (80, 1), (85, 1)], "82.5"),
        ([(60, 5), (90, 2), (100, 2)], "60"),
        ([(60, 2), (91, 2)], "75.5"),
        ([(70, 1)], "70"),
    ],
)
def test_the_middle_of_ballots(marks: list[tuple[int, int]], middle: str) -> None:
    item = 'from = "vote"\npoints = "mark"\ncombine = "median"'
    assert ran(item, *marks).nodes["i"].to_list() == [Decimal(middle)]


def test_the_middle_of_nothing_is_asked() -> None:
    found = ran('from = "vote"\npoints = "mark"\ncombine = "median"')
    assert found.nodes["i"].to_list() == [None]
    assert found.issues["reason"].to_list() == ["票数（份数）不足：有 0"]


def test_too_few_ballots_have_no_middle() -> None:
    item = 'from = "vote"\npoints = "mark"\ncombine = "median"\nquorum = 3'
    assert ran(item, (90, 2)).nodes["i"].to_list() == [None]
    assert ran(item, (90, 3)).nodes["i"].to_list() == [90]


def test_the_middle_of_the_best_of_each_month() -> None:
    item = 'from = "vote"\npoints = "mark"\nkeep = { month = 3 }\ncombine = "median"'
    assert ran(item, (90, 1), (80, 1), (70, 1), (60, 1), (50, 1)).nodes["i"].to_list() == [80]


def test_extremes_need_not_be_dropped_from_a_median() -> None:
    found = examine(text('from = "vote"\npoints = "mark"\ncombine = "median"\ndrop = [1, 1]'))
    assert "drop（去掉最低、最高）只用于 combine = 'mean'；中位数本来就不受最高最低影响" in [
        fault.zh for fault in found.faults
    ]


@pytest.mark.parametrize(("n", "days"), [(2, 61), (-1, -31), (6001, None), (100_000_000, None)])
def test_months_before_that_no_calendar_has_are_no_answer(n: int, days: int | None) -> None:
    found = ran('points = "days(months_before(period.end, n), period.end)"', n=n)
    assert found.nodes["i"].to_list() == [days]


@pytest.mark.parametrize(("n", "days"), [(30, 30), (0, 0), (-7, -7), (-100_000_000, None)])
def test_days_before(n: int, days: int | None) -> None:
    found = ran('points = "days(days_before(period.end, n), period.end)"', n=n)
    assert found.nodes["i"].to_list() == [days]
