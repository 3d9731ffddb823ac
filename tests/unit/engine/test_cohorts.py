"""Functions that compare with others: among whom the call says, whatever stands around it; deviations."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.profiles import QUICK
from tests.unit.engine.books import HEAD, MARK, TOTAL, YEAR, marked, ran, understood

from jiceng_sdk.engine import evaluate
from jiceng_sdk.engine.numbers.deviation import deviation
from jiceng_sdk.engine.whatif import aggregates, what_if

TOWNS = """cohort = ["town"]
[facts]
x = { kind = "number", min = 0, max = 200 }
flag = { kind = "flag" }
town = { kind = "choice", options = ["东", "西"], source = "roster" }
"""
SUBJECTS = marked(
    90, 80, 70, 85, 60, town=["东", "东", "东", "西", "西"], flag=[True, True, False, False, True]
)


def nodes(formula: str, subjects: pl.DataFrame = SUBJECTS) -> list[Any]:
    """What an item of this formula is worth to every subject; an output of it must say the same."""
    item = f'[items.i]\npoints = "{formula}"\n[groups.score]\nof = ["i"]\n'
    outcome = ran(f'{HEAD}{TOWNS}{item}[outputs.o]\nvalue = "{formula}"\n', subjects)
    found = [None if value is None else value.normalize() for value in outcome.nodes["i"]]
    assert [None if value is None else value.normalize() for value in outcome.results["o"]] == found
    return found


def test_a_call_says_among_whom_it_compares() -> None:
    assert nodes("cohort_rank(x)") == [1, 2, 3, 1, 2]
    assert nodes("cohort_rank(x, [])") == [1, 3, 4, 2, 5]
    assert nodes("cohort_rank(x, ['flag'])") == [1, 2, 2, 1, 3]
    assert nodes("cohort_max(x, ['town', 'flag']) - cohort_min(x, [])") == [30, 30, 10, 25, 0]
    assert nodes("cohort_sum(x, ['flag'])") == [230, 230, 155, 155, 230]
    assert nodes("cohort_count(x >= 80, [])") == [3, 3, 3, 3, 3]
    assert nodes("cohort_median(x, [])") == [80, 80, 80, 80, 80]
    assert nodes("cohort_mean(x, [])") == [77, 77, 77, 77, 77]


def test_places_are_counted_with_gaps_behind_a_tie_or_without() -> None:
    tied = marked(90, 80, 80, 70, None, town=["东"] * 5, flag=[True] * 5)
    assert nodes("cohort_rank(x)", tied) == [1, 2, 2, 4, None]
    assert nodes("cohort_dense(x)", tied) == [1, 2, 2, 3, None]
    assert nodes("cohort_dense(-x / 3, [])", tied) == [3, 2, 2, 1, None]
    assert nodes("cohort_dense(x, ['flag'])") == [1, 2, 2, 1, 3]


def test_the_best_of_the_towns_means_is_that_of_all() -> None:
    """80 in the east, 72.5 in the west: a comparison inside another one is made before it, not of a part."""
    assert nodes("cohort_max(cohort_mean(x), [])") == [80, 80, 80, 80, 80]
    assert nodes("cohort_rank(cohort_median(x), [])") == [1, 1, 1, 4, 4]
    assert nodes("cohort_max(cohort_rank(x, []))") == [4, 4, 4, 5, 5]


def test_a_month_beside_another_compares_with_everybody_of_that_month() -> None:
    text = (
        HEAD
        + """[facts]
plan = { kind = "number", each = "month", default = 0, min = 0, max = 20 }
town = { kind = "choice", options = ["东", "西"], source = "roster" }
[items]
first = { each = "month", points = "streak(cohort_rank(plan) == 1)", across = "max" }
before = { each = "month", points = "if(prior(cohort_max(plan, [])) > plan, 1, 0)", across = "sum" }
alone = { each = "month", points = "cohort_rank(plan, ['town'])", across = "sum" }
[groups.score]
of = ["first", "before", "alone"]
"""
    )
    subjects = pl.DataFrame({"subject": ["a", "b"], "town": ["东", "西"]})
    plan = pl.DataFrame({"subject": ["a", "a", "b", "b"], "k": [0, 1, 0, 1], "value": [5, 1, 3, 4]})
    outcome = ran(text, subjects, {"plan": plan})
    # a leads in January, b in February; from March on both are first with 0
    assert outcome.nodes["first"].to_list() == [10, 11]
    # after January's 5: 1 and 4 are below; after February's 4: both 0 are below
    assert outcome.nodes["before"].to_list() == [2, 2]
    assert outcome.nodes["alone"].to_list() == [12, 12]


DEVIATIONS = {
    ("2, 4, 4, 4, 5, 5, 7, 9", 3): "2",
    ("60, 61", 0): "1",
    ("60, 61", 1): "0.5",
    ("80, 90, 100", 2): "8.16",
    ("80, 90, 100", 12): "8.164965809277",
    ("7", 4): "0",
}


@pytest.mark.parametrize(("marks", "places"), DEVIATIONS)
def test_a_deviation_is_the_exact_root_rounded_half_up(marks: str, places: int) -> None:
    given = [Decimal(mark) for mark in marks.split(", ")]
    subjects = marked(*given, town=["东"] * len(given))
    found = nodes(f"cohort_deviation(x, {places})", subjects)
    assert found == [Decimal(DEVIATIONS[marks, places])] * len(given)


def test_who_has_no_number_is_left_out_of_a_deviation_and_an_empty_cohort_has_none() -> None:
    subjects = marked(80, 90, None, None, town=["东", "东", "东", "西"])
    assert nodes("cohort_deviation(x, 1)", subjects) == [5, 5, 5, None]


def test_a_quotient_is_read_at_its_twelve_places() -> None:
    """The thirds of 80, 90 and 100 lie 10/3 apart: 8.16496…/3."""
    subjects = marked(80, 90, 100, town=["东"] * 3)
    assert nodes("cohort_deviation(x / 3, 6)", subjects) == [Decimal("2.721655")] * 3


def test_a_standard_score_in_the_town_and_in_the_district() -> None:
    """Z = 50 + 10 × (x − mean) / deviation; the deviations are 8.16 and 12.5 in the towns."""
    formula = "round(50 + 10 * (x - cohort_mean(x)) / cohort_deviation(x, 2), 1)"
    assert nodes(formula) == [Decimal("62.3"), 50, Decimal("37.7"), 60, 40]


@settings(max_examples=200, **QUICK)
@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6), st.integers(0, 4), st.integers(0, 6))
def test_half_up_means_between_two_neighbours(numbers: list[int], scale: int, places: int) -> None:
    many, total = len(numbers), sum(numbers)
    found = deviation(many, total, sum(x * x for x in numbers), scale, places)
    square = Fraction(many * sum(x * x for x in numbers) - total * total, many * many * 100**scale)
    below, above = (Fraction(2 * found + side, 2 * 10**places) for side in (-1, 1))
    assert found == 0 or below**2 <= square
    assert square < above**2


def test_what_if_another_cohort_gives_what_a_whole_evaluation_gives() -> None:
    text = f'{HEAD}{TOWNS}[items.i]\npoints = "cohort_rank(x)"\n[groups.score]\nof = ["i"]\n'
    changed = understood(text.replace("cohort_rank(x)", "cohort_rank(x, ['flag'])"))
    known = aggregates(understood(text), SUBJECTS, {}, period=YEAR)
    whole = evaluate(changed, SUBJECTS, {}, period=YEAR)
    assert what_if(known, changed).results.equals(whole.results)
    assert whole.results["score"].to_list() == [1, 2, 2, 1, 3]


def test_a_decision_reads_the_rank_in_two_cohorts() -> None:
    text = f"""{HEAD}{TOWNS}[items.i]
points = "x"
[groups.score]
of = ["i"]
[[decide]]
do = "bands"
rows = [{{ when = "x >= 0", grade = "三" }}]
[[decide]]
do = "override"
when = "cohort_rank(score) == 1 and cohort_rank(score, []) <= 2"
grade = "五"
[area.best]
value = "count(cohort_rank(score, []) == 1)"
"""
    outcome = ran(text, SUBJECTS)
    assert outcome.results["grade"].to_list() == ["五", "三", "三", "五", "三"]
    assert outcome.area["value"].to_list() == [1]


def test_a_rank_after_a_tie_is_that_of_the_whole_cohort() -> None:
    """Two who tie for one place may each have it or not; the rank that a later decision reads is theirs."""
    text = f"""{HEAD}{TOWNS}[items.i]
points = "x"
[groups.score]
of = ["i"]
[[decide]]
do = "bands"
rows = [{{ when = "x >= 0", grade = "五" }}]
[[decide]]
do = "quota"
share = {{ "五" = 0.2 }}
rounding = "down"
[[decide]]
do = "override"
when = "cohort_rank(-score) == 1"
grade = "一"
"""
    outcome = ran(text, marked(90, 90, 80, 70, 60, town=["东"] * 5, flag=[False] * 5))
    assert outcome.results["grade"].to_list() == [None, None, "四", "四", "一"]


def test_one_for_all_is_compared_with_a_number_of_many_places() -> None:
    """385 beside at most 90 × 0.12…: integers beyond 64 bits."""
    assert nodes("if(cohort_sum(x, []) > x * 0.12345678901234567891, 1, 0)") == [1, 1, 1, 1, 1]


def test_who_waits_is_counted_among_others_only_for_what_is_sure() -> None:
    """s1 stands in a gap between 四 and 二: that it is 二 or better is sure, that it is 四 is not."""
    text = """
[[decide]]
do = "bands"
gaps = "ask"
rows = [{ when = "score >= 80", grade = "四" }, { when = "score < 70", grade = "二" }]
[outputs.four]
value = "cohort_count(grade == '四')"
[outputs.two]
value = "cohort_count(grade >= '二')"
"""
    outcome = ran(HEAD + MARK + TOTAL + text, marked(90, 75, 60))
    assert outcome.results["status"].to_list() == ["rated", "needs_ruling", "rated"]
    assert outcome.results["four"].to_list() == [1, 1, 1]
    assert outcome.results["two"].to_list() == [3, 3, 3]
