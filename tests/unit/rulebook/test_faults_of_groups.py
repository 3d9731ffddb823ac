"""What is wrong with the groups and the total: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "a member that does not exist": (
        book(of=', "bse"'),
        [
            (
                "error 20 groups.score.of.bse",
                "没有项目或分组“bse”，是否指“base”？",
                "there is no item or group 'bse', did you mean \"base\"?",
            ),
        ],
    ),
    "an item counted nowhere": (
        book(items="a = { points = 1 }"),
        [
            (
                "error 18 items.a",
                "“a”没有计入任何地方：请放进分组，或在算式里用到",
                "'a' is counted nowhere: put it in a group or read it",
            ),
        ],
    ),
    "items that read each other": (
        book(items='a = { points = "b" }\nb = { points = "a + 1" }', of=', "a"'),
        [
            ("error 18 items.a", "互相引用成了圈：a → b → a", "these read each other in a circle: a → b → a"),
            (
                "warning 21 groups.score",
                "总分是除法或平均的结果，可能除不尽；请写 round 说明保留几位",
                "the total is a quotient and is shown without `round`",
            ),
        ],
    ),
    "a gate with a start": (
        book(group=', gate = "late", start = 3'),
        [
            (
                "error 20 groups.score.gate",
                ("gate 不能与 start 同写：不过门槛得 0 分，起步分算不算就不清楚了；请把起步分放到上一层分组"),
                "`gate` and `start` together are unclear: put the start on a group above",
            ),
        ],
    ),
    "a total that does not exist": (
        book(head='score = "scor"\n'),
        [
            (
                "error 4 score",
                "没有总分“scor”这个项目或分组，是否指“score”？",
                "there is no item or group 'scor' for the total, did you mean \"score\"?",
            ),
        ],
    ),
    "a weight of nought": (
        book(groups="g = { of = { base = 0 } }", of=', "g"'),
        [
            ("error 21 groups.g.of.base", "“base”的权重 0 不合适", "the weight 0 of 'base' makes no sense"),
        ],
    ),
    "a group of nobody": (
        book(groups="g = { of = [] }", of=', "g"'),
        [
            ("error 21 groups.g.of", "of 没有成员", "`of` has no members"),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
