"""The facts behind an item: what each row was worth is what the run made of it, compared or not."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from tests.unit.engine.books import HEAD, MARK, day, marked, ran, understood

from jiceng_sdk.engine import facts_behind, pack, unpack

MEET = """
[facts.meet]
kind = "event"
fields = { hours = { kind = "number", min = 0, max = 24, places = 1 }, late = "flag" }
"""
COMPARED = (
    HEAD.replace("grades", 'cohort = ["town"]\ngrades')
    + MARK
    + MEET
    + """
[facts.town]
kind = "choice"
options = ["甲", "乙"]
[facts.each]
kind = "number"
min = 0
max = 9
each = "month"
[classes]
top = "cohort_rank(x) == 1"
second = "not top"
[items.gap]
points = "cohort_max(x) - x"
[items.place]
for = "x > 60"
points = "cohort_rank(x, [])"
[items.by_gap]
from = "meet"
points = "hours * gap"
[items.by_place]
from = "meet"
when = "place <= 2"
points = 3
[items.by_class]
from = "meet"
points = "if(second, 1, 5)"
[items.monthly]
each = "month"
points = "cohort_sum(each)"
across = "sum"
[items.by_month]
each = "month"
from = "meet"
when = "not late"
points = "hours * monthly"
across = "sum"
[items.half]
each = "month"
points = "monthly"
across = "mean"
[items.by_history]
from = "meet"
when = "previous.score > 50"
points = 2
[groups.score]
of = ["by_gap", "by_place", "by_class", "by_month", "by_history", "half"]
"""
)
ITEMS = ("by_gap", "by_place", "by_class", "by_month", "by_history")
ROWS = pl.DataFrame(
    {
        "subject": ["s0", "s1", "s0", "s2", "s0"],
        "date": [day(1), day(1, 2), day(3), day(4), day(3, 2)],
        "hours": [Decimal(1), Decimal(2), Decimal(3), Decimal(23), Decimal(5)],
        "late": [False, False, False, False, True],
    }
)
EACH = pl.DataFrame(
    [(f"s{n}", k, Decimal(1 + (n == 1))) for n in range(3) for k in range(12)],
    schema={"subject": pl.String, "k": pl.Int32, "value": pl.Decimal(38, 2)},
    orient="row",
)
BEFORE = pl.DataFrame(
    {"subject": ["s0", "s1"], "back": [1, 1], "score": [Decimal(60), Decimal(40)], "grade": ["一", "一"]}
)


@pytest.fixture(scope="module")
def outcome() -> Any:
    subjects = marked(70, 90, 60, town=["甲", "甲", "乙"])
    return unpack(pack(ran(COMPARED, subjects, {"meet": ROWS, "each": EACH}, BEFORE)))


def behind(outcome: Any, subject: str, x: int, town: str) -> dict[str, pl.DataFrame]:
    one = marked(x, town=[town]).with_columns(pl.lit(subject).alias("subject"))
    mine = {"meet": ROWS.filter(subject=subject), "each": EACH.filter(subject=subject)}
    return facts_behind(
        understood(COMPARED), one, mine, outcome=outcome, previous=BEFORE.filter(subject=subject)
    )


@pytest.mark.parametrize(("subject", "x", "town"), [("s0", 70, "甲"), ("s1", 90, "甲"), ("s2", 60, "乙")])
def test_what_rows_were_worth_adds_up_to_what_the_run_made_of_them(
    outcome: Any, subject: str, x: int, town: str
) -> None:
    found, nodes = behind(outcome, subject, x, town), outcome.of(subject).nodes
    assert {name: found[name]["points"].sum() for name in ITEMS} == {name: nodes[name][0] for name in ITEMS}


def test_rows_are_worth_what_the_comparison_with_others_makes_of_them(outcome: Any) -> None:
    found = behind(outcome, "s0", 70, "甲")
    worth = {name: found[name].rows() for name in ITEMS}
    assert worth["by_gap"] == [(True, Decimal(20)), (True, Decimal(60)), (True, Decimal(100))]
    assert worth["by_place"] == [(True, Decimal(3))] * 3
    assert worth["by_class"] == [(True, Decimal(1))] * 3
    assert worth["by_history"] == [(True, Decimal(2))] * 3


def test_rows_of_sub_periods_read_what_the_period_made_of_others(outcome: Any) -> None:
    found = behind(outcome, "s0", 70, "甲")["by_month"]
    assert found.rows() == [(True, Decimal(36)), (True, Decimal(108)), (False, None)]


def test_what_does_not_apply_meets_no_condition(outcome: Any) -> None:
    assert behind(outcome, "s2", 60, "乙")["by_place"].rows() == [(False, None)]


PLAIN = (
    HEAD
    + MARK
    + MEET
    + """
[items.meets]
from = "meet"
points = 3
limit = { month = 4 }
cap = 5
[items.tardy]
from = "meet"
when = "late"
points = -2
restored = "hours > 20"
[groups.score]
of = ["meets", "tardy"]
"""
)


def plainly(facts: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    outcome = ran(PLAIN, marked(60, 8, 90), {"meet": ROWS})
    return facts_behind(understood(PLAIN), marked(60), facts, outcome=outcome)


def test_the_facts_behind_an_item_say_what_each_was_worth_before_limits_and_what_was_restored() -> None:
    found = plainly({"meet": ROWS.filter(subject="s0")})
    assert found["meets"].rows() == [(True, Decimal(3))] * 3
    assert found["tardy"].rows() == [(False, None), (False, None), (True, Decimal(-2))]


def test_facts_behind_are_of_every_item_over_the_rows_given() -> None:
    assert set(plainly({"meet": ROWS.filter(subject="s0")})) == {"meets", "tardy"}
    assert plainly({}) == {}


def test_a_start_read_from_everybody_is_kept_for_everybody() -> None:
    text = PLAIN.replace("cap = 5", 'start = "cohort_max(x)"')
    outcome = unpack(pack(ran(text, marked(60, 8, 90), {"meet": ROWS})))
    assert outcome.details["meets:start"].to_list() == [Decimal(90)] * 3
