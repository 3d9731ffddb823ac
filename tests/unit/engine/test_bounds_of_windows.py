"""How large totals of items with windows can be is known from the rulebook alone: windows bound them."""

from decimal import Decimal

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, day, ran

from jiceng_sdk.engine.numbers.columns import Column

BOOK = f"""{HEAD}
[facts.e]
kind = "event"
fields = {{ minutes = "number", topic = "text" }}
[items.merged]
from = "e"
value = "minutes"
merge = "day"
points = "0.5 * units(value, 30)"
limit = {{ day = [0, 1], month = [0, 3] }}
[items.open]
from = "e"
points = "-minutes"
limit = {{ day = 1, year = 6 }}
[items.kept]
from = "e"
points = -4
keep = {{ quarter = 2 }}
[items.both]
from = "e"
points = "if(minutes > 30, 2, -1)"
limit = {{ month = [-5, 3], year = 20 }}
[items.lifted]
from = "e"
points = "if(minutes > 30, 2, 0)"
limit = {{ month = [2, 3] }}
[items.topics]
from = "e"
points = 1
limit = {{ topic = 2 }}
[groups.score]
of = ["merged", "kept", "both", "lifted", "topics", "open"]
"""
ROWS = {
    "subject": ["a"] * 6 + ["b"],
    "date": [day(1), day(1), day(2), day(2), day(3), day(12), day(5)],
    "minutes": [Decimal(n) for n in (60, 45, 600, 20, 40, 100_000_000, 10)],
    "topic": ["t", "t", "t", "u", None, "t", "t"],
}


def _columns() -> tuple[dict[str, list[Decimal]], dict[str, int]]:
    """The numbers of both subjects, and the bound of every item."""
    events = pl.DataFrame(ROWS, schema_overrides={"minutes": pl.Decimal(38, 0)})
    outcome = ran(BOOK, pl.DataFrame({"subject": ["a", "b"]}), {"e": events})
    made = outcome.kept_nodes.made
    assert not isinstance(made, pl.DataFrame)
    bounds = {name: one.most for name, one in made.items() if isinstance(one, Column)}
    return {name: outcome.nodes[name].to_list() for name in bounds}, bounds


@pytest.mark.parametrize(
    ("name", "points", "bound"),
    [
        ("merged", [Decimal("3.5"), Decimal(0)], 360),  # tenths: 3 a month
        ("kept", [Decimal(-12), Decimal(-4)], 32),
        ("both", [Decimal(8), Decimal(-1)], 60),  # 20 a year bounds nothing below 0
        ("topics", [Decimal(4), Decimal(1)], 16),  # any number of topics: as many as rows
    ],
)
def test_a_total_is_bounded_by_its_windows(name: str, points: list[Decimal], bound: int) -> None:
    numbers, bounds = _columns()
    assert numbers[name] == points
    assert bounds[name] == bound


def test_windows_that_are_lifted_are_bounded_by_their_rows() -> None:
    numbers, bounds = _columns()
    assert numbers["lifted"] == [Decimal(9), Decimal(2)]
    assert bounds["lifted"] == 24


def test_a_limit_without_a_lower_end_bounds_nothing_below_zero() -> None:
    numbers, bounds = _columns()
    assert numbers["open"] == [Decimal(-100_000_765), Decimal(-10)]
    assert bounds["open"] >= 100_000_765
