"""The rubric of a rulebook: which facts are lines, what they say, what may be typed."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from jiceng.facts.campaigns.progress import apart, total
from jiceng.facts.campaigns.rubric import Line, lines_of, rateable, read
from jiceng.kernel.spreadsheets.values import UnreadableError
from jiceng_sdk.rulebook import Rulebook
from jiceng_sdk.rulebook.reading import read_rulebook

REGULATIONS = Path(__file__).parents[2] / "regulations"


def book(name: str) -> Rulebook:
    return read_rulebook((REGULATIONS / f"{name}.toml").read_text(encoding="utf-8"), name)


WUXING = book("11-wuxing-110")
LINES = {line.name: line for line in lines_of(WUXING, rateable(WUXING))}


def test_events_and_what_the_roster_knows_are_no_lines() -> None:
    assert rateable(book("19-shaanxi-two-year-veto")) == ("rated_on", "justified")
    assert rateable(book("17-shengzhou-step-promotion")) == ("justified", "veto_case", "honour")


def test_a_line_says_which_rules_read_it() -> None:
    assert [rule.title for rule in LINES["overdue"].rules] == ["领导班子"]
    assert [rule.title for rule in LINES["venue_state"].rules] == ["活动阵地"]
    assert [rule.title for rule in LINES["innovation"].rules] == ["按分定星"]
    assert [rule.clause for rule in LINES["rest"].rules] == ["指标四至八"]


def test_a_line_says_what_may_be_filled_in_and_what_holds_otherwise() -> None:
    assert (LINES["rest"].range_in_words, LINES["rest"].usual, LINES["rest"].must) == ("0–110", "0", False)
    assert (LINES["overdue"].range_in_words, LINES["overdue"].usual) == ("是／否", "否")
    assert LINES["venue_state"].range_in_words == "达标／无设备／无场所"
    needed = {line.name: line.must for line in lines_of(book("19-shaanxi-two-year-veto"), ["justified"])}
    assert needed == {"justified": True}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("rest", "60.5", Decimal("60.5")),
        ("rest", " ６０ ", Decimal(60)),
        ("rest", "60.50000", Decimal("60.5")),
        ("rest", "0.000", Decimal(0)),
        ("rest", "110", Decimal(110)),
        ("rest", "", None),
        ("overdue", "是", True),
        ("overdue", "否", False),
        ("venue_state", "无设备", "无设备"),
    ],
)
def test_what_is_typed_is_read(name: str, text: str, value: object) -> None:
    assert read(LINES[name], WUXING.facts[name], text) == value


def test_a_day_is_read() -> None:
    shaanxi = book("19-shaanxi-two-year-veto")
    (line,) = lines_of(shaanxi, ["rated_on"])
    assert read(line, shaanxi.facts["rated_on"], "2016-05-27") == date(2016, 5, 27)
    assert line.range_in_words == "日期"


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("rest", "110.01", "应在 0–110 之间"),
        ("rest", "-0.01", "应在 0–110 之间"),
        ("rest", "1.001", "最多 2 位小数"),
        ("rest", "5.00000000000000000000000000000000001", "最多 2 位小数"),
        ("rest", "1e-99999", "最多 2 位小数"),
        ("rest", "8_5", "不是数字"),
        ("rest", "九十", "不是数字"),
        ("rest", "nan", "不是数字"),
        ("overdue", "也许", "应填「是」或「否」"),
    ],
)
def test_what_cannot_stand_is_said_and_never_cut(name: str, text: str, what: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read(LINES[name], WUXING.facts[name], text)
    assert refused.value.what == what


def differs(line: Line, **values: str) -> tuple[bool, Decimal | None]:
    return apart(line, WUXING, values)


def test_stages_differ_by_what_they_mean_not_by_how_it_is_written() -> None:
    assert differs(LINES["rest"], self="60", superior="60.0") == (False, None)
    assert differs(LINES["rest"], self="65", superior="62", department="60") == (True, Decimal(5))
    assert differs(LINES["overdue"], self="", superior="否") == (False, None)
    assert differs(LINES["overdue"], self="是", superior="否") == (True, None)


def test_the_foot_of_a_sheet_adds_the_numbers_up() -> None:
    assert total(LINES.values(), WUXING, {"rest": "60.5", "overdue": "是"}) == Decimal("60.5")
