"""What is wrong with the division, overflow, rounding: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "a division by what may be nought": (
        book(items='a = { points = "mark / target" }', of=', "a"', group=", round = 1"),
        [
            (
                "warning 18 items.a.points 第 8 字",
                "“target”可能为 0，除以 0 没有结果，会转为待裁定；可用 if(target > 0, …, …) 说明",
                "'target' may be 0; a division by 0 has no answer and is asked",
            ),
        ],
    ),
    "a division guarded by if": (
        book(items='a = { points = "if(target > 0, mark / target, 0)" }', of=', "a"', group=", round = 1"),
        [],
    ),
    "a division guarded by for": (
        book(items='a = { points = "mark / target", for = "target > 0" }', of=', "a"', group=", round = 1"),
        [],
    ),
    "units of what may be nought": (
        book(items='a = { points = "units(mark, target)" }', of=', "a"'),
        [
            (
                "warning 18 items.a.points 第 13 字",
                "“target”可能为 0，除以 0 没有结果，会转为待裁定；可用 if(target > 0, …, …) 说明",
                "'target' may be 0; a division by 0 has no answer and is asked",
            ),
        ],
    ),
    "a total that is a quotient": (
        book(items='a = { points = "mark / 3" }', of=', "a"'),
        [
            (
                "warning 20 groups.score",
                "总分是除法或平均的结果，可能除不尽；请写 round 说明保留几位",
                "the total is a quotient and is shown without `round`",
            ),
        ],
    ),
    "an output that is a quotient": (
        book(rest='[outputs]\no = { value = "score / 3" }'),
        [
            (
                "warning 28 outputs.o",
                "产出是除法或平均的结果，可能除不尽；请写 round 说明保留几位",
                "the output is a quotient and is shown without `round`",
            ),
        ],
    ),
    "more digits than are exact": (
        book(
            facts='big = { kind = "number", min = 0, max = 99999999999999 }',
            items='a = { points = "big * 2" }',
            of=', "a"',
        ),
        [
            (
                "error 18 items.a.points",
                "结果可能有 15 位整数，超过 14 位就算不准；请缩小 max 或权重",
                "the value may have 15 digits before the point, 14 are exact",
            ),
        ],
    ),
    "more digits than are exact without bounds": (
        book(facts='big = { kind = "number" }', items='a = { points = "big * big" }', of=', "a"'),
        [
            (
                "warning 18 items.a.points",
                "结果可能有 17 位整数，超过 14 位就算不准；请给所读的事实写上 min、max",
                "the value may have 17 digits before the point, 14 are exact",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
