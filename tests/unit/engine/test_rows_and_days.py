"""Rows counted by what they are of, marks left out by a formula, days in whole months, days of results."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, YEAR, understood

from jiceng_sdk.engine import evaluate
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.computing import Reading, computed
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import columns
from jiceng_sdk.engine.outcome.outcome import Outcome
from jiceng_sdk.expressions import parse
from jiceng_sdk.faults import Faults

DAY = date(2024, 3, 1)
LETTERS = """[facts.letter]
kind = "event"
fields = { matter = "text", weight = { kind = "number", min = 0, max = 9, places = 0 } }
[facts.two]
kind = "flag"
"""
MARKS = """[facts.vote]
kind = "ballot"
fields = { mark = { kind = "number", min = 0, max = 100, required = true } }
[facts.n]
kind = "number"
min = -5
max = 9
places = 0
default = 0
[facts.m]
kind = "number"
min = 0
max = 9
places = 0
"""


def outcome(facts: str, item: str, subjects: dict[str, Any], rows: dict[str, pl.DataFrame]) -> Outcome:
    text = f"{HEAD}{facts}[items.i]\n{item}\n[groups.score]\nof = ['i']\n"
    return evaluate(understood(text), pl.DataFrame(subjects), rows, period=YEAR)


def letters(*rows: tuple[str, int, str | None]) -> pl.DataFrame:
    """Rows as (subject, day of March, matter), each of weight 2."""
    found = [
        {"subject": who, "date": date(2024, 3, day), "matter": matter, "weight": Decimal(2)}
        for who, day, matter in rows
    ]
    return pl.DataFrame(found, schema_overrides={"matter": pl.String})


def points(item: str, rows: pl.DataFrame) -> list[Decimal | None]:
    found = outcome(LETTERS, item, {"subject": ["a", "b"], "two": [True, False]}, {"letter": rows})
    return list(found.nodes["i"])


def test_the_second_letter_of_a_matter_is_not_the_second_letter() -> None:
    rows = letters(
        ("a", 9, "路"), ("a", 1, "路"), ("a", 2, "水"), ("a", 5, "路"), ("b", 1, "路"), ("b", 2, "水")
    )
    # a: 路 1, 水 1, 路 2, 路 3 → 0 + 0 - 1 - 2; b: 路 1, 水 1
    item = 'from = "letter"\npoints = "if(nth(matter) == 1, 0, if(nth(matter) == 2, -1, -2))"'
    assert points(item, rows) == [-3, 0]
    assert points('from = "letter"\npoints = "nth"', rows) == [10, 3]


def test_what_is_counted_is_only_what_counts() -> None:
    rows = letters(("a", 1, "路"), ("a", 2, "路"), ("a", 3, "路"))
    item = 'from = "letter"\nwhen = "date >= \'2024-03-02\'"\npoints = "nth(matter)"'
    assert points(item, rows) == [3, 0]  # the first one is left out: 1 + 2


def test_a_number_or_a_formula_can_be_what_is_alike() -> None:
    rows = letters(("a", 1, "路"), ("a", 2, "水"))
    assert points('from = "letter"\npoints = "nth(weight / 3)"', rows) == [3, 0]
    assert points('from = "letter"\npoints = "nth(weight > 1) * 10 + nth(two)"', rows) == [33, 0]


def test_a_row_that_does_not_say_leaves_the_item_open() -> None:
    assert points('from = "letter"\npoints = "nth(matter)"', letters(("a", 1, None), ("b", 1, "路"))) == [
        None,
        1,
    ]


def test_a_row_without_an_answer_is_not_left_out_as_the_highest() -> None:
    rows = letters(("a", 1, None), ("a", 2, "路"), ("a", 3, "水"), ("b", 1, "路"))
    assert points('from = "letter"\npoints = "nth(matter)"\ncombine = "mean"\ndrop = [0, 1]', rows)[0] is None
    assert points('from = "letter"\npoints = "nth(matter)"\nkeep = { period = 1 }', rows) == [None, 1]


def test_given_back_or_not_what_nobody_knows_stays_open() -> None:
    """Rows looked at one by one say the same."""
    item = 'from = "letter"\npoints = "{}"\nrestored = "two"'
    rows = letters(("a", 1, None), ("b", 1, "路"))
    assert points(item.format("nth(matter)"), rows) == [None, 1]
    assert points(item.format("if(matter == '路', 1, 2)"), rows) == [None, 1]


def mean(drop: str, n: object = 0, m: object = 1) -> Decimal | None:
    votes = pl.DataFrame(
        {
            "subject": ["a"] * 4,
            "date": [DAY] * 4,
            "mark": [Decimal(x) for x in (10, 20, 40, 90)],
            "votes": [1, 1, 2, 1],
        }
    )
    item = f'from = "vote"\npoints = "mark"\ncombine = "mean"\ndrop = {drop}'
    subjects = {"subject": ["a"], "n": [n], "m": [m]}
    found: Decimal | None = outcome(MARKS, item, subjects, {"vote": votes}).nodes["i"][0]
    return found


def test_how_many_marks_are_left_out_may_be_a_formula() -> None:
    assert mean("[0, 0]") == 40
    assert mean('["n", 1]', n=1) == Decimal(100) / 3 - (Decimal(100) / 3 - Decimal("33.333333333333"))
    assert mean('["floor(m / 2)", "if(m > 3, 2, 0)"]', m=4) == 40  # two and two of five: the middle one
    assert mean('["n", "n"]', n=-2) == 40  # fewer than none are none
    assert mean('["m", 0]', m=9) is None  # none is left
    assert mean('["m", 0]', m=None) is None


def test_how_many_is_a_whole_number() -> None:
    with pytest.raises(Faults, match="整数"):
        mean('["m * 10%", 0]')
    with pytest.raises(Faults, match="不能为负"):
        mean("[0, -1]")
    with pytest.raises(Faults, match="两个数"):
        mean("[1]")


MONTHS = [
    (date(2024, 1, 15), date(2024, 7, 15), 6),
    (date(2024, 1, 15), date(2024, 7, 14), 5),
    (date(2024, 1, 31), date(2024, 2, 29), 1),  # February has no 31st: its last day completes the month
    (date(2024, 1, 31), date(2024, 2, 28), 0),
    (date(2024, 2, 29), date(2025, 2, 28), 12),
    (date(2024, 2, 28), date(2025, 2, 27), 11),
    (date(2023, 11, 30), date(2024, 11, 30), 12),
    (date(2024, 5, 31), date(2024, 5, 31), 0),
    (date(2024, 7, 15), date(2024, 1, 15), -6),
    (date(2024, 7, 14), date(2024, 1, 15), -5),
]


@pytest.mark.parametrize(("first", "last", "want"), MONTHS)
def test_months_are_counted_when_they_are_full(first: date, last: date, want: int) -> None:
    tree = parse("months(a, b)")
    frame = pl.DataFrame({"a": [first], "b": [last]})
    scope = Scope({name: Value(pl.col(name), "date") for name in "ab"})
    assert frame.select(compiled(tree, scope).expr).item() == want

    def named(name: str) -> columns.Column:
        data, null = columns.arrays(frame[name])
        return columns.Column("date", data, null)

    def nothing(_: object) -> columns.Column:
        raise columns.Unfit

    assert computed(tree, Reading(named, nothing)).data.tolist() == [want]


def test_the_day_of_a_result_tells_its_quarter() -> None:
    facts = '[facts.q]\nkind = "result"\nscheme = "s"\nmin = 0\nmax = 100\n'
    item = 'from = "q"\npoints = "result.score * if(month_of(date) == 12, 40%, 20%)"'
    rows = pl.DataFrame(
        {
            "subject": ["a"] * 2,
            "date": [date(2024, 3, 31), date(2024, 12, 31)],
            "score": [Decimal(100), Decimal(90)],
        }
    )
    assert outcome(facts, item, {"subject": ["a"]}, {"q": rows}).nodes["i"][0] == 56
    with pytest.raises(Faults, match="缺少日期列"):
        outcome(facts, item, {"subject": ["a"]}, {"q": rows.drop("date")})


def test_a_day_of_the_calendar_can_be_compared_with() -> None:
    rows = letters(("a", 1, "路"), ("a", 2, "路"), ("b", 3, "路"))
    item = 'from = "letter"\nwhen = "{}"\npoints = 1'
    assert points(item.format("date >= '2024-03-02'"), rows) == [1, 1]
    assert points(item.format("'2024-03-01' < date < '2024-03-03'"), rows) == [1, 0]
    assert points(item.format("date not in ['2024-03-02', '2024-03-03']"), rows) == [1, 0]
    assert points('from = "letter"\npoints = "if(period.end == \'2024-12-31\', 3, 4)"', rows) == [6, 3]
    with pytest.raises(Faults, match=r"“2024年3月2日”不是日期，请写成 '2024-07-01' 这样"):
        points(item.format("date >= '2024年3月2日'"), rows)
    with pytest.raises(Faults, match=r"请写成 '2024-03-02'"):
        points(item.format("date >= '20240302'"), rows)
    with pytest.raises(Faults, match="写死的日期只能用来比较"):
        points(item.format("days(date, '2024-03-02') > 1"), rows)


def test_gaps_between_days_of_the_calendar_are_found() -> None:
    rows = letters(("a", 1, "路"))
    steps = 'from = "letter"\nsteps = [{{ when = "{}", points = 1 }}, {{ when = "{}", points = 2 }}]'
    with pytest.raises(Faults, match="有缺口，没有一行适用：date = 2024-07-01"):
        points(steps.format("date < '2024-07-01'", "date > '2024-07-01'"), rows)
    assert points(steps.format("date < '2024-07-01'", "date >= '2024-07-01'"), rows) == [1, 0]
    # which day comes first is another every year: nothing is said of rows that mix both
    assert points(steps.format("date < '2024-07-01'", "date > period.end"), rows) == [1, 0]
