"""Quotas by brute force over every rounding and every order of the tied: certain is what all agree on."""

import random
from decimal import Decimal as D  # noqa: N817 - tables of numbers
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from msgspec import Struct
from tests.support.profiles import LONG, QUICK
from tests.support.random_items import Draw
from tests.support.reference.quotas import every_outcome
from tests.support.rulebooks import END, SEEDS, START

from jiceng_sdk.engine import Period, evaluate
from jiceng_sdk.faults import errors
from jiceng_sdk.rulebook import Analysis, Quota
from jiceng_sdk.rulebook.reading import examine_raw
from jiceng_sdk.rulebook.writing import to_toml

GRADES = ["一", "二", "三"]
PERIOD = Period("year", START, END)


class Ranking(Struct, frozen=True):
    """A rulebook that ends in one quota, and subjects with a mark and a flag in two towns."""

    seed: int
    analysis: Analysis
    rows: tuple[dict[str, Any], ...]


def a_ranking(seed: int) -> Ranking:
    draw = Draw(random.Random(seed))  # noqa: S311 - tests
    kind: dict[str, Any] = draw.pick([
        {"ratio": {"一": draw.whole(1, 4), "二": draw.whole(1, 5), "三": draw.whole(1, 3)}},
        {"share": {"一": draw.pick([D("0.1"), D("0.3"), D("0.25")]), "二": draw.pick([D("0.4"), D("0.33")])}},
        {"places": {"一": draw.whole(0, 3), "二": draw.whole(0, 3)}},
        {"share": {"三": draw.pick([D("0.1"), D("0.3"), D("0.5")])}, "bottom": True},
        {"places": {"三": draw.whole(0, 3)}, "bottom": True},
    ])  # fmt: skip
    rule = {"do": "quota", "within": ["town"], "ties": draw.pick(["ask", "ask", "in", "out"]), **kind}
    if "places" not in kind:
        roundings = ["ask", "ask", "down", "up", "half_up", "half_even"]
        rule["rounding"] = draw.pick([*roundings, "largest_remainder"] if "ratio" in kind else roundings)
    if "share" in kind and draw.some(0.4):
        rule["least"] = draw.whole(1, 2)
    if not kind.get("bottom") and draw.some(0.3):
        rule["carry_down"] = "ratio" not in kind
    bands = [
        {"when": "b >= 8 and f", "grade": "一"},
        {"when": "b >= 4 and not (b >= 8 and f)", "grade": "二"},
        {"when": "b < 4", "grade": "三"},
    ]
    raw = {
        "title": "名额", "subject": "member", "grades": GRADES,
        "facts": {
            "b": {"kind": "number", "min": 0, "max": 10, "places": 0}, "f": {"kind": "flag"},
            "town": {"kind": "choice", "options": ["A", "B"], "source": "roster"},
        },
        "items": {"i": {"points": "b"}}, "groups": {"score": {"of": ["i"]}},
        "decide": [{"do": "bands", "rows": bands}, rule],
    }  # fmt: skip
    reading = examine_raw(raw, {})
    assert reading.analysis is not None, [str(fault) for fault in reading.faults]
    assert not errors(reading.faults), [str(fault) for fault in reading.faults]
    rows = tuple(
        {"subject": f"{town}{n}", "town": town, "b": D(draw.whole(1, 9)), "f": draw.some(0.7)}
        for town in "AB"
        for n in range(draw.whole(0 if town == "B" else 1, 6))
    )
    return Ranking(seed, reading.analysis, rows)


def agrees(ranking: Ranking) -> None:
    """Certain subjects get their grade, contested ones are asked, nobody else is."""
    book = ranking.analysis.book
    rule = book.decide[1]
    assert isinstance(rule, Quota)
    outcome = evaluate(ranking.analysis, pl.DataFrame(list(ranking.rows)), {}, period=PERIOD)
    results = {row["subject"]: row for row in outcome.results.iter_rows(named=True)}
    wrong = []
    for town in "AB":
        mine = [row for row in ranking.rows if row["town"] == town]
        members = {row["subject"]: ((Fraction(row["b"]),), _level(row)) for row in mine}
        for name, levels in every_outcome(rule, GRADES, members, len(mine), {}).items():
            want = GRADES[len(GRADES) - next(iter(levels))] if len(levels) == 1 else None
            got = results[name]
            if got["grade"] != want or (got["status"] == "rated") != (want is not None):
                wrong.append(
                    f"{name} ({members[name]}): engine {got['status']} {got['grade']}, all readings {levels}"
                )
    assert not wrong, f"seed {ranking.seed}\n" + "\n".join([*wrong, to_toml(book)])


def _level(row: dict[str, Any]) -> int:
    if row["b"] >= 8 and row["f"]:
        return 3
    return 2 if row["b"] >= 4 else 1


@settings(max_examples=120, **QUICK)
@given(SEEDS)
def test_a_quota_asks_exactly_those_whose_grade_is_open(seed: int) -> None:
    agrees(a_ranking(seed))


@pytest.mark.soak
@settings(max_examples=5_000, **LONG)
@given(SEEDS)
def test_thousands_of_quotas_ask_exactly_those(seed: int) -> None:
    agrees(a_ranking(seed))
