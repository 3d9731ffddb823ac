"""Small rulebooks and frames for the engine's tests."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from jiceng_sdk.engine import Outcome, Period, evaluate
from jiceng_sdk.rulebook import Analysis, analyse, read_rulebook

YEAR = Period("year", date(2024, 1, 1), date(2024, 12, 31))
HEAD = 'title = "试验"\nsubject = "member"\nperiod = "year"\ngrades = ["五", "四", "三", "二", "一"]\n'
MARK = '[facts.x]\nkind = "number"\nmin = 0\nmax = 200\n[facts.flag]\nkind = "flag"\n'
TOTAL = '[items.i]\npoints = "x"\n[groups.score]\nof = ["i"]\n'
BANDS = """
[[decide]]
do = "bands"
rows = [
  { when = "score >= 90", grade = "五" },
  { when = "80 <= score < 90", grade = "四" },
  { when = "70 <= score < 80", grade = "三" },
  { when = "60 <= score < 70", grade = "二" },
  { when = "score < 60", grade = "一" },
]
"""


def understood(text: str) -> Analysis:
    """The analysis of a rulebook that must be usable."""
    return analyse(read_rulebook(text)).usable()


def marked(*marks: object, **columns: Sequence[object]) -> pl.DataFrame:
    """Subjects s0, s1, … with the number `x`."""
    exact = [None if mark is None else Decimal(str(mark)) for mark in marks]
    x = pl.Series("x", exact, dtype=pl.Decimal(38, 2))
    return pl.DataFrame(
        [pl.Series("subject", [f"s{n}" for n in range(len(marks))], dtype=pl.String), x]
    ).with_columns(pl.Series(name, values) for name, values in columns.items())


def ran(
    text: str,
    subjects: pl.DataFrame,
    facts: Mapping[str, pl.DataFrame] | None = None,
    previous: pl.DataFrame | None = None,
    rulings: Any = (),
) -> Outcome:
    """Evaluated for 2024."""
    return evaluate(understood(text), subjects, facts or {}, period=YEAR, previous=previous, rulings=rulings)


def column(outcome: Outcome, name: str) -> list[Any]:
    """A column of the results."""
    return outcome.results[name].to_list()


def grades(outcome: Outcome) -> list[Any]:
    """Grades in the order of subjects."""
    return column(outcome, "grade")


def day(month: int, number: int = 1) -> date:
    """A day of 2024."""
    return date(2024, month, number)
