"""What is wrong with the facts: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "bounds on a flag": (
        book(facts='a = { kind = "flag", max = 3 }'),
        [
            (
                "error 15 facts.a.max",
                "max 只用于数、评定结果，这里是是否",
                "'max' belongs to number, result, this is a flag",
            ),
        ],
    ),
    "a missing word on a number": (
        book(facts='a = { kind = "number", absent = "无" }'),
        [
            (
                "error 15 facts.a.absent",
                "absent 只用于选项，这里是数",
                "'absent' belongs to choice, this is a number",
            ),
        ],
    ),
    "bounds in the wrong order": (
        book(facts='a = { kind = "number", min = 3, max = 1 }'),
        [
            ("error 15 facts.a.min", "min 3 大于 max 1", "min 3 is above max 1"),
        ],
    ),
    "too many places": (
        book(facts='a = { kind = "number", places = 13 }'),
        [
            ("error 15 facts.a.places", "places 要在 0 到 12 之间", "places must be from 0 to 12"),
        ],
    ),
    "a default of another kind": (
        book(facts='a = { kind = "number", default = true }'),
        [
            ("error 15 facts.a.default", "default 与种类不符", "the default is of another kind"),
        ],
    ),
    "a default outside its bounds": (
        book(facts='a = { kind = "number", default = 9, max = 5, min = 0 }'),
        [
            (
                "error 15 facts.a.default",
                "default 不在 min 到 max 之间",
                "the default is not between min and max",
            ),
        ],
    ),
    "a default that is required": (
        book(facts='a = { kind = "number", default = 1, required = true }'),
        [
            (
                "error 15 facts.a.required",
                "required 与 default、absent 矛盾：有默认值就不必填报",
                "`required` contradicts a default",
            ),
        ],
    ),
    "several values per month": (
        book(facts='a = { kind = "choice", many = true, each = "month" }'),
        [
            (
                "error 15 facts.a.many",
                "many 不能与 each、absent 同用",
                "`many` cannot be used with `each` or `absent`",
            ),
        ],
    ),
    "a sub-period longer than the period": (
        book(head='period = "month"\n', facts='a = { kind = "number", each = "quarter" }'),
        [
            (
                "error 16 facts.a.each",
                "each = 'quarter' 比考核周期（month）还长",
                "each = 'quarter' is longer than the period (month)",
            ),
        ],
    ),
    "an option field without options": (
        book(facts='a = { kind = "event", fields = { f = "choice" } }'),
        [
            (
                "error 15 facts.a.fields.f.options",
                "选项字段要写 options，别的字段不能写",
                "options belong to a choice field, and to no other",
            ),
        ],
    ),
    "bounds on a date field": (
        book(facts='a = { kind = "event", fields = { f = { kind = "date", max = 3 } } }'),
        [
            ("error 15 facts.a.fields.f", "min、max 只用于数", "min and max belong to a number"),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
