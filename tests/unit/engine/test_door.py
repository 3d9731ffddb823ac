"""Facts are checked at the door: refused with subject and field, never clipped or ignored."""

from decimal import Decimal

import polars as pl
import pytest
from tests.unit.engine.books import BANDS, HEAD, MARK, TOTAL, YEAR, day, marked, ran, understood

from jiceng_sdk.engine import check_facts
from jiceng_sdk.faults import Faults

EVENT = """
[facts.meet]
kind = "event"
fields = { form = ["党课", "大会"], hours = { kind = "number", min = 0, max = 24, places = 1 } }
[items.meets]
from = "meet"
points = 1
"""
VOTE = """
[facts.vote]
kind = "ballot"
voters = 3
fields = { option = ["好", "差"] }
[items.v]
from = "vote"
combine = "count"
"""
MONTH = """
[facts.m]
kind = "number"
min = 0
max = 9
each = "month"
default = 0
[items.ms]
each = "month"
points = "m"
across = "sum"
"""
BOOK = HEAD + MARK + EVENT + VOTE + MONTH + TOTAL.replace('["i"]', '["i", "meets", "v", "ms"]') + BANDS
MEET = {"subject": ["s0"], "date": [day(5)], "form": ["党课"], "hours": [Decimal("1.5")]}


def refused(subjects: pl.DataFrame, **facts: pl.DataFrame) -> str:
    """All faults as one text; the same without evaluating."""
    with pytest.raises(Faults) as raised:
        ran(BOOK, subjects, facts)
    assert check_facts(understood(BOOK), subjects, facts, YEAR) == raised.value.faults
    return str(raised.value)


def meet(**changed: object) -> pl.DataFrame:
    """One meeting, changed."""
    return pl.DataFrame({**MEET, **{name: [value] for name, value in changed.items()}})


def test_all_faults_are_told_at_once_with_subject_field_and_value() -> None:
    said = refused(marked(-1, 201), meet=meet(form="党可", hours=Decimal("-2.0")))
    assert "facts.x：错误：对象 s0：“-1”小于“x”的下限 0" in said
    assert "对象 s1：“201”大于“x”的上限 200" in said
    assert "facts.meet.form：错误：对象 s0：“党可”不是“form”的选项，可选：党课、大会" in said
    assert "对象 s0：“-2”小于“hours”的下限 0" in said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"meet": meet(date=day(1).replace(year=2025))}, "晚于期末 2024-12-31"),
        ({"meet": meet(date=day(1).replace(year=2023))}, "早于期初 2024-01-01"),
        ({"meet": meet(hours=Decimal("1.55"))}, "的小数超过“hours”允许的 1 位"),
        ({"meet": meet(hour=Decimal(1))}, "没有声明字段“hour”，是否指“hours”？"),
        ({"meet": meet(hours=1.5)}, "“hours”应为数"),
        ({"meet": meet(subject="s9")}, "对象 s9：不在对象表中"),
        ({"meet": meet(date=None)}, "有一行没有日期"),
        ({"meat": meet()}, "规则没有声明事实“meat”，是否指“meet”？"),
        (
            {"vote": pl.DataFrame({"subject": ["s0"], "option": ["好"], "votes": [-1]})},
            "票数应为 0 到 1 亿的整数",
        ),
        ({"vote": pl.DataFrame({"subject": ["s0"], "option": ["好"], "votes": [4]})}, "多于应投的 3 票"),
        ({"m": pl.DataFrame({"subject": ["s0"], "k": [12], "value": [1]})}, "不在本期内（0–11）"),
        ({"m": pl.DataFrame({"subject": ["s0"] * 2, "k": [1, 1], "value": [1, 2]})}, "同一分期交了两个值"),
    ],
)
def test_facts_that_cannot_be_are_refused(facts: dict[str, pl.DataFrame], said: str) -> None:
    assert said in refused(marked(1), **facts)


def test_subjects_are_unique_have_an_id_and_only_declared_columns() -> None:
    assert "在对象表中出现两次" in refused(pl.concat([marked(1), marked(2)]))
    assert "对象表缺少 subject 列" in refused(marked(1).drop("subject"))
    assert "规则没有声明“flga”，是否指“flag”？" in refused(marked(1, flga=[True]))
    assert "应为数（整数或定点小数），收到的列是 Float64" in refused(marked(1).with_columns(x=pl.lit(1.0)))


def test_a_number_too_large_for_the_engine_is_a_clear_error() -> None:
    book = HEAD + (
        '[facts.big]\nkind = "number"\nmin = 0\nmax = 10000000000000\nplaces = 0\n'
        '[items.i]\npoints = "big * big"\n[groups.score]\nof = ["i"]\n'
    )
    with pytest.raises(Faults, match=r"14 位|太大|超过"):
        ran(book, pl.DataFrame({"subject": ["a"], "big": [9_999_999_999_999]}))
