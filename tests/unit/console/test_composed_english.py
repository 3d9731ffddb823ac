"""Sentences put together from parts are said in English, with what was put in; other Chinese stays."""

import time

import pytest

from jiceng.console.frame.composed import in_english, shapes
from jiceng.console.frame.wording import say

WORDS = {"日期": "date", "核对日期": "check the date", "没有保存": "Not saved"}
SHAPES = shapes(
    {
        "%(a)s“%(b)s”不是日期": "%(a)s: “%(b)s” is no date",
        "有 %(n)s 处": "%(n)s places",
        "有 %(n)s 处错误，%(n)s 处都要改": "%(n)s errors, all %(n)s to mend",
        "%(a)s%(b)s": "anything at all",
    }
)


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        ("没有保存", "Not saved"),
        ("日期“昨天”不是日期", "date: “昨天” is no date"),
        ("生日“昨天”不是日期；核对日期", "生日: “昨天” is no date; check the date"),
        ("有 3 处错误，3 处都要改", "3 errors, all 3 to mend"),
        ("有 3 处错误，4 处都要改", ""),
        ("表一：有 3 处", "表一: 3 places"),
        ("表一：谁也没写过", ""),
        ("M1（A5）", "M1(A5)"),
        ("", ""),
    ],
)
def test_a_sentence_is_said_whole_by_its_shape_or_clause_by_clause(chinese: str, english: str) -> None:
    assert in_english(chinese, WORDS, SHAPES) == english


def test_a_long_text_that_is_put_in_takes_no_time() -> None:
    say("没有 13 月", "en")  # the catalogs are read once
    began = time.process_time()
    for text in ("“甲”不是" * 20_000, "，" * 100_000, "：甲" * 50_000):
        assert say(text, "en") == text
    assert time.process_time() - began < 0.2


def test_screens_say_put_together_sentences_and_leave_data_alone() -> None:
    assert say("转入日期“去年”不是日期，应写成 2026-03-31", "en").isascii() is False
    assert say("没有 13 月", "en") == "there is no month 13"
    assert say("东街党支部", "en") == "东街党支部"
    assert say("没有 13 月", "zh") == "没有 13 月"


@pytest.mark.parametrize(
    ("title", "english"),
    [
        ("2026 年度", "2026"),
        ("2026 年上半年", "first half of 2026"),
        ("2026 年第三季度", "third quarter of 2026"),
        ("2026 年 3 月", "month 3 of 2026"),
    ],
)
def test_a_period_is_called_in_english_too(title: str, english: str) -> None:
    assert say(title, "en") == english
