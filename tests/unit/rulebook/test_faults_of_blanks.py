"""Formulas without an answer where something may be blank are told while the rulebook is written."""

import pytest
from tests.support.rulebook_texts import book, found

FAULT = """
fault = { kind = "event", fields = { mended_on = "date", told_on = { kind = "date", required = true } } }
"""
DATE = (
    "“mended_on”可以不填，没填的那一条在这里没有答案，整项会转为待裁定；"
    "没填不算就写 not missing(mended_on) and …，必须填就在字段里写 required = true"
)
FIRST = "第一期没有 previous.score，这里就没有答案，会转为待裁定；可用 if(missing(previous.score), …, …) 说明"
UNRECORDED = "“previous.base”没有记录：上期只记录得分、等次、状态和产出，请把要读的值写成一个产出"


def said(items: str) -> list[str]:
    """The Chinese words of all faults of a rulebook with these items in its total."""
    members = "".join(f', "{line.split(" = ")[0]}"' for line in items.splitlines())
    return [zh for _, zh, _ in found(book(facts=FAULT, items=items, of=members))]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("days(date, mended_on) <= 10", [DATE]),
        ("not missing(mended_on) and days(date, mended_on) <= 10", []),
        ("days(date, told_on) <= 10", []),
    ],
)
def test_a_date_that_may_be_blank_is_read_only_with_a_word_on_blanks(
    condition: str, expected: list[str]
) -> None:
    assert said(f'a = {{ from = "fault", points = -1, restored = "{condition}" }}') == expected


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ("max(0, previous.score - 100)", [FIRST]),
        ("if(previous.score > 100, previous.score - 100, 0)", []),
        ("if(missing(previous.score), 0, previous.score * 10%)", []),
        ("if(previous.score > 100, 1, 0)", []),
        ("if(late, previous.score, 0)", [FIRST]),
    ],
)
def test_an_earlier_score_is_read_only_with_a_word_on_first_periods(points: str, expected: list[str]) -> None:
    assert said(f'a = {{ points = "{points}", cap = 5 }}') == expected


def test_an_earlier_item_is_not_recorded_and_the_message_says_what_is() -> None:
    assert said('a = { points = "previous.base" }') == [UNRECORDED]


def test_a_difference_of_unequal_values_is_no_zero() -> None:
    assert said('a = { points = "if(mark > target, 10 / (mark - target), 0)", cap = 5, round = 2 }') == []
    assert said('a = { points = "if(mark > target, 10 / (target - mark), 0)", cap = 5, round = 2 }') == []
    assert (
        len(said('a = { points = "if(mark >= target, 10 / (mark - target), 0)", cap = 5, round = 2 }')) == 1
    )


def test_the_number_of_a_row_counts_from_one() -> None:
    steps = '[{ when = "nth == 1", points = -1 }, { when = "nth >= 2", points = -2 }]'
    assert said(f'a = {{ from = "fault", steps = {steps} }}') == []


def test_an_earlier_flag_is_told_how_it_counts_as_no() -> None:
    a, b = (f'"if({asked}, 0, 5)"' for asked in ("previous.removed", "previous.removed == true"))
    text = book(items=f"a = {{ points = {a} }}\nb = {{ points = {b} }}", of=', "a", "b"')
    faults = found(text + '\n[outputs]\nremoved = { value = "score < 60" }\n')
    assert [zh for _, zh, _ in faults] == [
        "第一期没有 previous.removed，这里就没有答案，会转为待裁定；没有就算“否”写 previous.removed == true"
    ]
