"""A scheme is a card, a rulebook and presets; all are checked together."""

import pytest
from tests.support.rulebook_texts import book

from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Card, scheme_of

CARD = """
[plugin]
id = "points"
title = "积分管理"
version = "1.0"
subject = "member"
sdk = ">=0.1"
[presets.strict]
title = "从严"
note = "起步分低"
[presets.strict.items.base]
cap = 80
[presets.strict.groups.score]
floor = 10
"""
BODY = book().replace('title = "示例"\nsubject = "member"\n', "")


def test_the_card_fills_the_head_of_the_rulebook() -> None:
    scheme = scheme_of(BODY + CARD)
    assert scheme.card == Card(id="points", title="积分管理", version="1.0", subject="member", sdk=">=0.1")
    assert (scheme.book.title, scheme.book.subject) == ("积分管理", "member")
    assert list(scheme.presets) == ["strict"]


def test_a_preset_lies_over_the_rulebook() -> None:
    scheme = scheme_of(BODY + CARD)
    strict = scheme.book_for("strict")
    assert scheme.book_for("") is scheme.book
    assert (strict.items["base"].cap, strict.items["base"].points) != (None, None)
    assert strict.items["base"].cap is not None
    assert strict.items["base"].cap.text == "80"
    assert strict.groups["score"].floor is not None
    assert strict.groups["score"].of == scheme.book.groups["score"].of
    with pytest.raises(KeyError):
        scheme.book_for("loose")


def test_faults_of_card_and_presets_are_told_with_those_of_the_rulebook() -> None:
    text = (
        (BODY + CARD).replace("cap = 80", "cap = true\npoint = 3").replace('version = "1.0"', "version = 1")
    )
    text = text.replace('base = { points = "mark" }', 'base = { points = "mrk" }')
    with pytest.raises(Faults) as caught:
        scheme_of(text, "scheme.toml")
    assert sorted(f"{fault.line} {fault.path} {fault.zh}" for fault in caught.value.faults) == [
        "15 items.base.points 没有叫“mrk”的名称，是否指“mark”？",
        "30 plugin.version 这里要文字，写的是“1”",
        "37 presets.strict.items.base.cap 这里要数或表达式，写的是“true”；算式要加引号",
        "38 presets.strict.items.base.point 没有“point”这一项，是否指“points”？",
    ]


def test_a_scheme_needs_a_card() -> None:
    with pytest.raises(Faults, match=r"缺少 \[plugin\]"):
        scheme_of(book())
