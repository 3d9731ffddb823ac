"""What people type into forms is read as they mean it; what cannot be read is told with its title."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from jiceng.kernel import typed
from jiceng.kernel.clock import today
from jiceng.kernel.errors import Invalid, NotFound

CHOSEN = "0197a3c2-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("read", "text", "meant"),
    [
        (typed.read_day, "2026-03-31", date(2026, 3, 31)),
        (typed.read_day, " 2026/3/31 ", date(2026, 3, 31)),
        (typed.read_day, "２０２６年３月３１日", date(2026, 3, 31)),
        (typed.read_day, "2026.03.31", date(2026, 3, 31)),
        (typed.read_day, "20260331", date(2026, 3, 31)),
        (typed.read_day, "  ", None),
        (typed.read_month, "2026-03", date(2026, 3, 1)),
        (typed.read_year, "２０２６", 2026),
        (typed.read_figure, "1，234.50", Decimal("1234.50")),
        (typed.read_figure, "－3", Decimal(-3)),
        (typed.read_figure, "85%", Decimal(85)),
        (typed.read_figure, "", None),
        (typed.read_count, "１２", 12),
        (typed.read_count, "", 0),
        (typed.read_choice, CHOSEN, UUID(CHOSEN)),
        (typed.read_choice, "", None),
    ],
)
def test_it_is_read_as_it_is_meant(read: Any, text: str, meant: object) -> None:
    faults: list[str] = []
    assert read(text, "栏目", faults) == meant
    assert faults == []


def test_numbers_are_parted_by_whatever_people_put_between_and_stand_once() -> None:
    assert typed.read_numbers("ＱＳ０００２、QS0003，QS0004； D-1\n\tD-1 ") == [
        "QS0002",
        "QS0003",
        "QS0004",
        "D-1",
    ]
    assert typed.read_numbers("　 、") == []


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (typed.read_day, "明天", "期限“明天”不是日期，应写成 2026-03-31"),
        (typed.read_day, "2026-03", "期限“2026-03”不是日期，应写成 2026-03-31"),
        (typed.read_day, "2026-02-30", "期限“2026-02-30”不是日期：2026 年 2 月没有 30 日"),
        (typed.read_day, "2026-13-01", "期限“2026-13-01”不是日期：没有 13 月"),
        (typed.read_day, "1" * 90, f"期限“{'1' * 20}”不是日期，应写成 2026-03-31"),
        (typed.needed_day, " ", "请填期限"),
        (typed.read_month, "2026-13", "期限“2026-13”不是月份，应写成 2026-03"),
        (typed.read_month, "", "请填期限"),
        (typed.read_year, "1999", "期限“1999”不是年度，应写成 2026"),
        (typed.read_year, "", "请填期限"),
        (typed.read_figure, "很多", "期限“很多”不是数字（最多两位小数）"),
        (typed.read_figure, "1.234", "期限“1.234”不是数字（最多两位小数）"),
        (typed.read_figure, "nan", "期限“nan”不是数字（最多两位小数）"),
        (typed.read_count, "-1", "期限“-1”不是整数"),
        (typed.read_count, "1000000", "期限“1000000”不是整数"),
        (typed.read_count, "٣", "期限“٣”不是整数"),
        (typed.needed_count, "", "请填期限"),
        (typed.read_choice, "1", "请从列表里选择期限"),
        (typed.needed_choice, "", "请从列表里选择期限"),
        (typed.needed_choice, "1", "请从列表里选择期限"),
    ],
)
def test_what_cannot_be_read_is_told_once_with_its_title(read: Any, text: str, told: str) -> None:
    faults: list[str] = []
    read(text, "期限", faults)
    assert faults == [told]


def test_one_field_alone_is_refused_at_once() -> None:
    assert typed.single(typed.read_day, "2026-03-31", "期限") == date(2026, 3, 31)
    with pytest.raises(Invalid) as refused:
        typed.single(typed.needed_day, "", "期限", "没有办理")
    assert refused.value.faults == ("请填期限",)
    assert (refused.value.what_zh, refused.value.where) == ("没有办理", "期限")


def test_an_id_that_is_none_is_absent() -> None:
    assert typed.id_of(CHOSEN, "没有这份报价") == UUID(CHOSEN)
    with pytest.raises(NotFound, match="没有这份报价"):
        typed.id_of("1", "没有这份报价")


def test_columns_become_rows_and_empty_rows_are_left_out() -> None:
    assert typed.rows(["a", " ", "c"], ["1", "", "3 "], None) == [("a", "1", ""), ("c", "3", "")]
    assert typed.rows("a", "1") == [("a", "1")]


def test_after_a_fault_a_value_stands_that_is_never_kept() -> None:
    faults: list[str] = []
    assert typed.needed_day("x", "期限", faults) == today()
    with pytest.raises(Invalid):
        typed.refuse(faults, "表单")
