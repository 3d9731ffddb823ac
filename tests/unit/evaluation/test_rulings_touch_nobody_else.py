"""A ruling answers its question and changes nobody it does not touch, whatever the scores."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.stars import BOOK

from jiceng_sdk.engine import Outcome, Period, aggregates, evaluate, what_if, with_rulings
from jiceng_sdk.rulebook import analyse, read_rulebook

YEAR = Period("year", date(2026, 1, 1), date(2026, 12, 31))
RULES = {rounding: analyse(read_rulebook(BOOK % rounding, "stars.toml")) for rounding in ("half_up", "ask")}
SCORES = st.lists(st.sampled_from([60, 70, 80, 90, 95]), min_size=2, max_size=9)


def evaluated(scores: dict[str, list[int]], rounding: str, ruled: list[dict[str, object]]) -> Outcome:
    rulings = pl.DataFrame(ruled, schema=SCHEMA) if ruled else ()
    return evaluate(RULES[rounding], subjects(scores), {}, period=YEAR, rulings=rulings)


SCHEMA = {
    "subject": pl.String,
    "where": pl.String,
    "grade": pl.String,
    "order": pl.Int64,
    "places": pl.Int64,
    "within": pl.String,
}


def subjects(scores: dict[str, list[int]]) -> pl.DataFrame:
    rows = [(f"{field}{n}", field, Decimal(x)) for field, some in scores.items() for n, x in enumerate(some)]
    schema: dict[str, Any] = {"subject": pl.String, "field": pl.String, "assessed": pl.Decimal(9, 1)}
    return pl.DataFrame(rows, schema=schema, orient="row")


def decided(outcome: Outcome) -> dict[str, tuple[str, str]]:
    return {
        subject: (status, grade)
        for subject, status, grade in outcome.results.select("subject", "status", "grade").iter_rows()
        if status == "rated"
    }


def waiting(outcome: Outcome, kind: str) -> list[str]:
    found: list[str] = (
        outcome.issues.filter(pl.col("kind") == kind)["subject"].unique(maintain_order=True).to_list()
    )
    return found


@settings(max_examples=60, deadline=None)
@given(SCORES, SCORES, st.data())
def test_a_ruled_order_among_the_tied_leaves_everybody_else_as_he_was(
    rural: list[int], urban: list[int], data: st.DataObject
) -> None:
    scores = {"农村": rural, "社区": urban}
    before = evaluated(scores, "half_up", [])
    tied = waiting(before, "tie")
    if not tied:
        return
    first = data.draw(st.sampled_from(tied))
    ruling = {"subject": first, "where": "decide[0]", "order": 1}
    after = evaluated(scores, "half_up", [ruling])
    assert decided(before).items() <= decided(after).items()
    assert decided(after)[first] == ("rated", "五星")
    other = "社区" if first.startswith("农村") else "农村"
    untouched = pl.col("subject").str.starts_with(other)
    assert after.results.filter(untouched).equals(before.results.filter(untouched))
    known = aggregates(RULES["half_up"], subjects(scores), {}, period=YEAR)
    shown = what_if(with_rulings(known, pl.DataFrame([ruling], schema=SCHEMA)), RULES["half_up"])
    assert shown.results.equals(after.results)


@settings(max_examples=40, deadline=None)
@given(SCORES, SCORES, st.data())
def test_places_ruled_for_one_field_leave_the_decided_and_the_other_field_as_they_were(
    rural: list[int], urban: list[int], data: st.DataObject
) -> None:
    scores = {"农村": rural, "社区": urban}
    before = evaluated(scores, "ask", [])
    open_ = before.cohort.filter((pl.col("low") != pl.col("high")) & (pl.col("open") > 0)).to_dicts()
    if not open_:
        return
    row = data.draw(st.sampled_from(open_))
    places = data.draw(st.integers(row["low"], row["high"]))
    ruling = {"where": "decide[0]", "grade": row["grade"], "places": places, "within": row["cohort"]}
    after = evaluated(scores, "ask", [ruling])
    assert decided(before).items() <= decided(after).items()
    untouched = ~pl.col("subject").str.starts_with(row["cohort"])
    assert after.results.filter(untouched).equals(before.results.filter(untouched))
