"""No float anywhere, no silent rounding: every number of an outcome is exact."""

import ast
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from tests.unit.engine.books import BANDS, HEAD, MARK, TOTAL, column, day, marked, ran

import jiceng_sdk.engine
from jiceng_sdk.engine import Outcome, pack, unpack
from jiceng_sdk.engine.outcome.outcome import Outcome as Frames

BASE = HEAD + MARK + TOTAL
SOURCES = sorted(Path(jiceng_sdk.engine.__file__).parent.rglob("*.py"))
FLOATS = {"mean", "quantile", "median", "std", "var", "corr", "truediv", "pow", "sqrt", "log", "exp"}


def frames(outcome: Outcome) -> list[pl.DataFrame]:
    """Every frame of an outcome."""
    fields = (getattr(outcome, name) for name in Frames.__struct_fields__)
    return [field for field in fields if isinstance(field, pl.DataFrame)] + [
        outcome.nodes,
        outcome.details,
        outcome.trail,
        *outcome.cells.values(),
    ]


def test_no_frame_has_a_float() -> None:
    more = """
[facts.m]
kind = "number"
min = 0
max = 9
each = "month"
default = 0
[items.ms]
each = "month"
points = "m / 7"
across = "mean"
[[decide]]
do = "quota"
share = { "五" = 0.3 }
rounding = "half_even"
rank = ["score", "ms"]
[outputs.pay]
value = "score / 3 + cohort_mean(x)"
[area.all]
value = "mean(score) + share(ms > 1)"
"""
    outcome = ran(BASE + BANDS + more, marked(95, 80, 60))
    found = [*frames(outcome), outcome.kept_nodes.frame, outcome.kept_details.frame]
    assert len(found) >= 8
    assert [dtype for frame in found for dtype in frame.dtypes if dtype.is_float()] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_engine_calls_nothing_that_gives_floats_or_rounds_without_a_mode(path: Path) -> None:
    wrong = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name, modes = node.func.attr, [keyword.arg for keyword in node.keywords]
            if name in FLOATS or (name == "round" and "mode" not in modes):
                wrong.append((node.lineno, name))
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            wrong.append((node.lineno, "float"))
        if isinstance(node, ast.Attribute) and node.attr in ("Float64", "Float32"):
            wrong.append((node.lineno, node.attr))
    assert wrong == []


def test_products_are_not_rounded_to_the_scale_of_their_factors() -> None:
    book = HEAD + MARK + '[items.i]\npoints = "x * 0.3 * 0.35"\n[groups.score]\nof = ["i"]\n'
    assert column(ran(book, marked("85.55")), "score") == [Decimal("8.98275")]


def test_a_third_and_two_thirds_reach_the_line() -> None:
    book = HEAD + MARK + '[items.i]\npoints = "x / 3 + 2 * (x / 3)"\n[groups.score]\nof = ["i"]\nround = 0\n'
    reach = '[outputs.reached]\nvalue = "i >= 1"\n'
    assert column(ran(book + reach, marked(1)), "reached") == [True]


def test_half_a_cent_of_a_large_sum_is_rounded_up() -> None:
    book = HEAD + (
        '[facts.base]\nkind = "number"\nmin = 0\nmax = 10000000000\n'
        '[items.i]\npoints = "base * (1 / 3) * 3"\nround = 2\n[groups.score]\nof = ["i"]\n'
    )
    subjects = pl.DataFrame({"subject": ["a"], "base": [Decimal("1234567890.13")]})
    assert column(ran(book, subjects), "score") == [Decimal("1234567890.13")]


@pytest.mark.parametrize(
    ("mode", "want"),
    [
        ("half_up", ["2.5", "-2.5", "2.4"]),
        ("half_even", ["2.4", "-2.4", "2.4"]),
        ("down", ["2.4", "-2.4", "2.3"]),
        ("up", ["2.5", "-2.5", "2.4"]),
    ],
)
def test_each_rounding_does_what_its_name_says(mode: str, want: list[str]) -> None:
    book = HEAD + (
        '[facts.y]\nkind = "number"\nmin = -9\nmax = 9\n[items.i]\npoints = "y"\n'
        f'round = {{ places = 1, mode = "{mode}" }}\n[groups.score]\nof = ["i"]\n'
    )
    ys = [Decimal("2.45"), Decimal("-2.45"), Decimal("2.36")]
    outcome = ran(book, pl.DataFrame({"subject": ["a", "b", "c"], "y": ys}))
    assert column(outcome, "score") == [Decimal(text) for text in want]


def test_division_by_zero_has_no_answer_and_is_asked() -> None:
    book = HEAD + MARK + '[items.i]\npoints = "10 / x"\n[groups.score]\nof = ["i"]\nround = 2\n'
    outcome = ran(book, marked(0, 4))
    assert column(outcome, "score") == [None, Decimal("2.5")]
    assert outcome.issues.select("subject", "where").rows() == [("s0", "i")]


def test_a_packed_outcome_comes_back_equal() -> None:
    meet = '[facts.meet]\nkind = "event"\nfields = { hours = { kind = "number", min = 0, max = 24 } }\n'
    item = (
        '[items.meets]\nfrom = "meet"\npoints = "hours / 7"\ncap = 5\n[groups.score]\nof = ["i", "meets"]\n'
    )
    book = (
        HEAD
        + MARK
        + meet
        + '[items.i]\npoints = "x"\n'
        + item
        + BANDS
        + "[outputs.word]\nvalue = \"if(flag, '是', '')\"\n"
    )
    rows = pl.DataFrame(
        {"subject": ["s0", "s1"], "date": [day(1), day(2)], "hours": [Decimal("1.25"), Decimal(24)]}
    )
    outcome = ran(book, marked("80.5", 70, None), {"meet": rows})
    again = unpack(pack(outcome))
    for one, other in zip(frames(outcome), frames(again), strict=True):
        assert one.equals(other)
    assert (again.period, again.places, again.grades) == (outcome.period, outcome.places, outcome.grades)
    assert again.of("s1").results.equals(outcome.results.slice(1, 1))


def test_an_expression_of_the_period_alone_counts_for_every_subject() -> None:
    upto = "days(period.start, months_before(period.end, 2))"
    points = f"if({upto} > if(x > 100, 7, days(period.start, period.end)), 1, 2)"
    item = f'[items.i]\npoints = "{points}"\n[groups.score]\nof = ["i"]\n'
    assert column(ran(HEAD + MARK + item, marked(95, 80, 60)), "score") == [2, 2, 2]
    assert column(ran(HEAD + MARK + item, marked(195, 180, 160)), "score") == [1, 1, 1]


def test_points_of_many_digits_are_paid_once_or_not_at_all() -> None:
    """14 digits and 6 decimals for each row, 20 in all: beyond 64 bits, and still exact."""
    item = '[items.i]\nfrom = "e"\npoints = 12345678901234.123456\n[groups.score]\nof = ["i"]\n'
    text = f'{HEAD}{MARK}[facts.e]\nkind = "event"\n{item}'
    rows = pl.DataFrame({"subject": ["s0"] * 2, "date": [day(1)] * 2})
    outcome = ran(text, marked(1, 2), {"e": rows})
    assert outcome.results["score"].to_list() == [Decimal("24691357802468.246912"), 0]
    assert unpack(pack(outcome)).nodes["i"].to_list() == [Decimal("24691357802468.246912"), 0]
