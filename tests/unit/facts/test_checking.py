"""Facts at the door: every fault of every row is named at once, and nothing is clipped."""

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from jiceng.facts.rows.checking import faults_in, registered
from jiceng.facts.rows.layout import extended, packed
from jiceng.facts.schemas import Layout
from jiceng_sdk.rulebook import Fact, Field

TODAY = date(2026, 11, 22)
A, B = "0192a000-0000-7000-8000-00000000000a", "0192a000-0000-7000-8000-00000000000b"
CLAIM = Fact(
    kind="event",
    title="认领",
    fields={
        "item": Field(kind="text", title="项目", required=True),
        "kind": Field(kind="choice", title="类别", options=("必选", "自选"), required=True),
        "worth": Field(kind="number", title="分值", min=Decimal(0), max=Decimal(20), places=1),
    },
)
GOOD: dict[str, Any] = {
    "subject": A,
    "date": date(2026, 3, 1),
    "item": "BX01",
    "kind": "必选",
    "worth": Decimal(10),
}


def told(*rows: dict[str, Any], fact: Fact = CLAIM) -> list[tuple[int, str, str]]:
    frame = pl.DataFrame(
        [GOOD | row for row in rows] if fact is CLAIM else list(rows), infer_schema_length=None
    )
    return [
        (f.row, f.field, f.what) for f in faults_in(fact, frame, period="year", subjects={A, B}, today=TODAY)
    ]


def test_good_rows_have_no_faults_and_may_be_alike() -> None:
    assert told(GOOD, GOOD, {"subject": B}) == []


def test_every_fault_of_every_row_is_told_at_once() -> None:
    assert told(
        {"subject": "0192a000-0000-7000-8000-0000000000ff", "date": date(2026, 11, 23)},
        {},
        {"kind": "推荐", "worth": Decimal("20.5")},
        {"item": None, "worth": Decimal("3.25")},
    ) == [
        (0, "subject", "名册中没有这个编号"),
        (0, "date", "日期晚于今天（2026-11-22）"),
        (2, "kind", "「类别」不在选项内"),
        (2, "worth", "「分值」应在 0 到 20 之间"),
        (3, "item", "「项目」没有填"),
        (3, "worth", "「分值」最多 1 位小数"),
    ]


def test_a_subject_or_a_date_left_empty_is_a_fault() -> None:
    assert told({"subject": None}, {"date": None}) == [
        (0, "subject", "名册中没有这个编号"),
        (1, "date", "没有日期"),
    ]


def test_the_bounds_themselves_and_today_are_accepted() -> None:
    assert told({"worth": Decimal(0)}, {"worth": Decimal(20)}, {"date": TODAY}, {"worth": None}) == []


def test_who_enters_may_not_accept() -> None:
    assert told({"entered_by": A, "accepted_by": A}, {"entered_by": A, "accepted_by": B}) == [
        (0, "accepted_by", "录入人和核验人是同一人")
    ]


def test_a_single_value_is_given_once_per_subject() -> None:
    exempted = Fact(kind="flag", title="一事一议")
    rows = [{"subject": s, "date": date(2026, m, 1), "value": True} for s, m in ((A, 1), (B, 1), (A, 2))]
    assert told(*rows, fact=exempted) == [
        (0, "subject", "同一对象填了两次"),
        (2, "subject", "同一对象填了两次"),
    ]


def test_a_monthly_value_is_given_once_per_month() -> None:
    done = Fact(kind="number", title="完成数", each="month")
    rows = [
        {"subject": A, "date": day, "value": Decimal(1)}
        for day in (date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    ]
    assert told(*rows, fact=done) == [(0, "subject", "同一对象填了两次"), (1, "subject", "同一对象填了两次")]


def test_a_number_without_declared_bounds_is_kept_below_a_hundred_million() -> None:
    plain = Fact(kind="number", title="收入")
    rows = [{"subject": A, "date": TODAY, "value": Decimal("100000000.01")}]
    assert told(*rows, fact=plain) == [(0, "value", "「收入」应在 -100000000 到 100000000 之间")]


def test_a_number_too_large_to_be_kept_is_told_whatever_the_rules_allow() -> None:
    output = Fact(kind="number", title="产值", min=Decimal(0), max=Decimal(10**13), places=2)
    rows = [{"subject": A, "date": TODAY, "value": Decimal(n)} for n in (9223372036854, 9223372036855)]
    assert told(rows[0], fact=output) == []
    assert told(rows[1], fact=output) == [(0, "value", "「产值」应在 0 到 9223372036854 之间")]
    layout = extended(Layout(), registered(output))
    (column,) = layout.columns
    frame = pl.DataFrame(rows[:1], schema_overrides={"value": pl.Decimal(38, 12)})
    assert packed(frame, layout)[column.key].to_list() == [9223372036854000000]


def test_required_columns_that_are_missing_are_named() -> None:
    frame = pl.DataFrame({"subject": [A], "date": [TODAY], "kind": ["必选"]})
    assert [f.what for f in faults_in(CLAIM, frame, period="year", subjects={A}, today=TODAY)] == [
        "缺少「项目」"
    ]
