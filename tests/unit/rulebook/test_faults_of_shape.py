"""What is wrong with the form of the text: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "a percentage where a decimal belongs": (
        book(groups='g = { of = { base = "50%" } }', of=', "g"'),
        [
            (
                "error 21 groups.g.of.base",
                "这里要数，写的是“50%”；百分数写成小数，如 0.5",
                "a number is needed here; write a percentage as a decimal, such as 0.5",
            ),
        ],
    ),
    "a bare truth where an expression belongs": (
        book(decide='[[decide]]\ndo = "override"\nwhen = true\ngrade = "优秀"\n'),
        [
            (
                "error 24 decide[0].when",
                "这里要数或表达式，写的是“true”；算式要加引号",
                "a number or an expression is needed here; an expression is quoted",
            ),
        ],
    ),
    "an unknown key names the nearest": (
        book(items="a = { point = 1 }", of=', "a"'),
        [
            (
                "error 18 items.a.point",
                "没有“point”这一项，是否指“points”？",
                "unknown key 'point', did you mean \"points\"?",
            ),
        ],
    ),
    "a list where an expression belongs": (
        book(items="a = { points = [1] }", of=', "a"'),
        [
            (
                "error 18 items.a.points",
                "这里要数或表达式，写的是列表",
                "a number or an expression is needed here",
            ),
        ],
    ),
    "a number where a name belongs": (
        book(items="a = { points = 1, from = 3 }", of=', "a"'),
        [
            ("error 18 items.a.from", "这里要文字，写的是“3”", "text is needed here"),
        ],
    ),
    "a word where a number of places belongs": (
        book(items='a = { points = 1, round = "two" }', of=', "a"'),
        [
            ("error 18 items.a.round.places", "这里要整数，写的是“two”", "a whole number is needed here"),
        ],
    ),
    "a word that is none of the allowed ones": (
        book(items='a = { from = "meeting", points = 1, combine = "summ" }', of=', "a"'),
        [
            (
                "error 18 items.a.combine",
                (
                    "“summ”不是 count（次数）、max（最高）、mean（平均）、median（中位数）、"
                    "min（最低）、sum（合计） 之一，是否指“sum”？"
                ),
                "'summ' is none of count, max, mean, median, min, sum, did you mean \"sum\"?",
            ),
        ],
    ),
    "a fact without its kind": (
        book(facts='a = { title = "无种类" }'),
        [
            ("error 15 facts.a", "缺少“kind”", "'kind' is missing"),
        ],
    ),
    "a kind that does not exist": (
        book(facts='a = { kind = "numbr" }'),
        [
            (
                "error 15 facts.a.kind",
                (
                    "“numbr”不是 ballot（评议票）、choice（选项）、date（日期）、event（事件）、"
                    "flag（是否）、number（数）、result（评定结果） 之一，是否指“number”？"
                ),
                (
                    "'numbr' is none of ballot, choice, date, event, flag, number, result, "
                    'did you mean "number"?'
                ),
            ),
        ],
    ),
    "a decision that does not exist": (
        book(decide='[[decide]]\ndo = "quotas"\n'),
        [
            (
                "error 23 decide[0].do",
                (
                    "“quotas”不是 bands（等次表）、override（特别规定）、quota（名额）、"
                    "step（逐级晋升） 之一，是否指“quota”？"
                ),
                "'quotas' is none of bands, override, quota, step, did you mean \"quota\"?",
            ),
        ],
    ),
    "a number too large to keep": (
        book(facts='a = { kind = "number", max = 1e400 }'),
        [
            (
                "error 15 facts.a.max",
                "数太大：小数点前最多 14 位（不能是 nan、inf）",
                "a number has at most 14 digits before the point, and is not nan or inf",
            ),
        ],
    ),
    "a number that is none": (
        book(facts='a = { kind = "number", max = nan }'),
        [
            (
                "error 15 facts.a.max",
                "数太大：小数点前最多 14 位（不能是 nan、inf）",
                "a number has at most 14 digits before the point, and is not nan or inf",
            ),
        ],
    ),
    "a number with too many decimals": (
        book(facts='a = { kind = "number", max = 0.1234567890123456789012345 }'),
        [
            ("error 15 facts.a.max", "小数太长：最多 24 位", "at most 24 decimals"),
        ],
    ),
    "a knot of three numbers": (
        book(items='a = { value = "mark", line = [[1, 2, 3], [4, 5]] }', of=', "a"'),
        [
            ("error 18 items.a.line[0]", "这里要 2 个值，写了 3 个", "2 values are needed here, 3 given"),
        ],
    ),
    "a member named twice": (
        book(of=', "base"'),
        [
            ("error 20 groups.score.of[1]", "“base”写了两次", "'base' is named twice"),
        ],
    ),
    "a word where a list belongs": (
        book(head='grades = "优秀"'),
        [
            (
                "error 3 grades",
                '这里要列表 [ … ]，写的是“优秀”；请写成 ["优秀"]',
                'a list is needed here; write ["优秀"]',
            ),
        ],
    ),
    "a number where a table belongs": (
        book(items="a = 3", of=', "a"'),
        [
            ("error 18 items.a", "这里要表 { … }，写的是“3”", "a table is needed here"),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
