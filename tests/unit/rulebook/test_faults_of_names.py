"""What is wrong with the names: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "a reserved word as a name": (
        book(facts='date = { kind = "flag" }'),
        [
            ("error 15 facts.date", "“date”是保留的词，请换一个名称", "'date' is a reserved word"),
        ],
    ),
    "a name with a blank": (
        book(facts='"a b" = { kind = "flag" }'),
        [
            (
                "error 15 facts.a b",
                "名称“a b”只能由文字、数字和下划线组成，不能以数字开头",
                "the name 'a b' may only have letters, digits and _, and not begin with a digit",
            ),
        ],
    ),
    "one name in two sections": (
        book(items="late = { points = 1 }", of=', "late"'),
        [
            (
                "error 18 items.late",
                "名称“late”已在 facts 用过，所有名称不能重复",
                "'late' is already in facts",
            ),
        ],
    ),
    "a field called like an item": (
        book(facts='e = { kind = "event", fields = { base = "number" } }'),
        [
            (
                "error 15 facts.e.fields.base",
                "字段“base”与 items.base 同名，算式里分不清，请改名",
                "the field is called like items.base",
            ),
        ],
    ),
    "a field called like a reserved word": (
        book(facts='e = { kind = "event", fields = { votes = "number" } }'),
        [
            (
                "error 15 facts.e.fields.votes",
                "“votes”是保留的词，请换一个名称",
                "'votes' is a reserved word",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
