"""What is wrong with the items: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "a source that does not exist": (
        book(items='a = { from = "meetng", points = 1 }', of=', "a"'),
        [
            (
                "error 18 items.a.from",
                "没有事实“meetng”，是否指“meeting”？",
                "there is no fact 'meetng', did you mean \"meeting\"?",
            ),
        ],
    ),
    "two scales": (
        book(items='a = { points = 1, choice = { x = 1 }, value = "town" }', of=', "a"'),
        [
            ("error 18 items.a.choice", "“x”不是选项", "'x' is not an option"),
            (
                "error 18 items.a",
                "计分方式要且只要一种（points、choice、steps、checks、line），现在是：points、choice",
                "exactly one scale is needed, has points, choice",
            ),
            (
                "error 18 items.a.choice",
                '有缺口，没有一行适用：town = “东镇”。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: town = “东镇”; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "no scale": (
        book(items='a = { from = "meeting" }', of=', "a"'),
        [
            (
                "error 18 items.a",
                (
                    "计分方式要且只要一种（points、choice、steps、checks、line），现在是：没有写；"
                    "固定的分写 points = 60，value 是几就得几分写 points = 'value'"
                ),
                (
                    "exactly one scale is needed, has none; "
                    "write points = 60 for a fixed score, points = 'value' for the value itself"
                ),
            ),
        ],
    ),
    "bands of a score that is wrong are not called idle": (
        book(items="a = { value = 60 }", of=', "a"'),
        [
            (
                "error 18 items.a",
                (
                    "计分方式要且只要一种（points、choice、steps、checks、line），现在是：没有写；"
                    "固定的分写 points = 60，value 是几就得几分写 points = 'value'"
                ),
                (
                    "exactly one scale is needed, has none; "
                    "write points = 60 for a fixed score, points = 'value' for the value itself"
                ),
            ),
            ("warning 18 items.a.value", "写了 value 却没有用到", "`value` is written but never read"),
        ],
    ),
    "a scale on a count": (
        book(items='a = { from = "meeting", points = 1, combine = "count" }', of=', "a"'),
        [
            (
                "error 18 items.a",
                "combine = 'count' 只数条数，不要再写 points",
                "combine = 'count' needs no scale, has points",
            ),
        ],
    ),
    "a month of results, which have no date": (
        book(
            facts='quarter = { kind = "result", scheme = "q" }',
            items='a = { from = "quarter", points = 1, keep = { month = 1 } }',
            of=', "a"',
        ),
        [
            (
                "error 18 items.a.keep.month",
                "“quarter”的每一条没有日期，不能按 month 分",
                "rows of 'quarter' have no date: 'month' cannot split them",
            ),
        ],
    ),
    "a first result, though results have no order": (
        book(
            facts='quarter = { kind = "result", scheme = "q" }',
            items='a = { from = "quarter", points = "if(nth == 1, 5, 1)" }',
            of=', "a"',
        ),
        [
            ("error 18 items.a.points 第 4 字", "没有叫“nth”的名称", "nothing is called 'nth'"),
        ],
    ),
    "a window without rows": (
        book(items="a = { points = 1, keep = { month = 1 } }", of=', "a"'),
        [
            (
                "error 18 items.a.keep",
                "keep 只用于逐条的事实（事件、评议票、评定结果），请写 from",
                "'keep' needs `from` with a fact that comes as rows",
            ),
        ],
    ),
    "a mean without rows": (
        book(items='a = { points = 1, combine = "mean" }', of=', "a"'),
        [
            (
                "error 18 items.a.combine",
                "combine 只用于逐条的事实（事件、评议票、评定结果），请写 from",
                "'combine' needs `from` with a fact that comes as rows",
            ),
        ],
    ),
    "a window that does not exist": (
        book(items='a = { from = "meeting", points = 1, keep = { moth = 1 } }', of=', "a"'),
        [
            (
                "error 18 items.a.keep.moth",
                "“moth”不是时间段，也不是字段，是否指“month”？",
                "'moth' is neither a window nor a field, did you mean \"month\"?",
            ),
        ],
    ),
    "merging without a value": (
        book(items='a = { from = "meeting", points = "value", merge = "day" }', of=', "a"'),
        [
            ("error 18 items.a.points 第 1 字", "没有叫“value”的名称", "nothing is called 'value'"),
            (
                "error 18 items.a.merge",
                "merge 要先写 value：合并哪个数",
                "`merge` needs `value`: the number to add up",
            ),
        ],
    ),
    "a limit on a mean": (
        book(
            items='a = { from = "meeting", points = 1, combine = "mean", limit = { day = 1 } }',
            of=', "a"',
            group=", round = 1",
        ),
        [
            ("error 18 items.a.limit", "limit 只用于 combine = 'sum'", "`limit` belongs to combine = 'sum'"),
        ],
    ),
    "dropping ballots from a sum": (
        book(items='a = { from = "meeting", points = 1, drop = [1, 1] }', of=', "a"'),
        [
            (
                "error 18 items.a.drop",
                "drop（去掉最低、最高）只用于 combine = 'mean'",
                "`drop` belongs to combine = 'mean'",
            ),
        ],
    ),
    "a weekly limit inside months": (
        book(items='a = { from = "meeting", points = 1, limit = { week = 1, month = 2 } }', of=', "a"'),
        [
            (
                "warning 18 items.a.limit",
                "周会跨月：每周上限按落在同一月（季、年）的部分分别计算",
                ("weeks cross months: the weekly limit counts per part of a week within the larger window"),
            ),
        ],
    ),
    "keeping none": (
        book(items='a = { from = "meeting", points = 1, keep = { month = 0 } }', of=', "a"'),
        [
            ("error 18 items.a.keep.month", "keep 至少为 1", "`keep` is at least 1"),
        ],
    ),
    "a limit upside down": (
        book(items='a = { from = "meeting", points = 1, limit = { month = [3, 1] } }', of=', "a"'),
        [
            ("error 18 items.a.limit.month", "下限大于上限", "the lower limit is above the upper"),
        ],
    ),
    "a limit with a least only": (
        book(
            items='a = { from = "meeting", points = 1, limit = { day = [-2], month = { min = -6 } } }',
            of=', "a"',
        ),
        [
            (
                f"error 18 items.a.limit.{per}",
                "limit 只写了最少，没有写最多；不封顶的，最多请写一个达不到的大数",
                (
                    "a limit needs the most as well, as in `month = [-6, 100]`; without a real one, write a"
                    " large number"
                ),
            )
            for per in ("day", "month")
        ],
    ),
    "knots in falling order": (
        book(items='a = { value = "mark", line = [[5, 1], [3, 2]], round = 1 }', of=', "a"'),
        [
            (
                "error 18 items.a.line",
                "line 至少两个折点，且左边的数要从小到大",
                "`line` needs two or more knots in rising order",
            ),
        ],
    ),
    "a value never read": (
        book(items='a = { from = "meeting", value = "hours", points = 1 }', of=', "a"'),
        [
            ("warning 18 items.a.value", "写了 value 却没有用到", "`value` is written but never read"),
        ],
    ),
    "a monthly fact read for the year": (
        book(items='a = { from = "monthly", line = [[0, 1], [3, 2]] }', of=', "a"'),
        [
            ("error 18 items.a.line", "请用 value 写明 line 读什么", "say by `value` what `line` reads"),
            (
                "error 18 items.a.from",
                "事实“monthly”按 month 填报，项目要写 each = 'month'",
                "the fact has a value per month: add each = 'month'",
            ),
            (
                "warning 20 groups.score",
                "总分是除法或平均的结果，可能除不尽；请写 round 说明保留几位",
                "the total is a quotient and is shown without `round`",
            ),
        ],
    ),
    "a monthly value in a yearly formula": (
        book(items='a = { points = "monthly" }', of=', "a"'),
        [
            (
                "error 18 items.a.points 第 1 字",
                "“monthly”按月计算，要在 each = 'month' 的项目里读，或先用 across 汇总",
                (
                    "'monthly' has one value per month: read it in an item with each = 'mon"
                    "th', or bring it up by `across`"
                ),
            ),
        ],
    ),
    "a monthly item in a yearly group": (
        book(items='a = { points = "monthly", each = "month" }', of=', "a"'),
        [
            (
                "error 20 groups.score.of",
                "成员的计算周期不同：a 是按月（季）计算的，请先用 across 汇总",
                "members have different sub-periods: bring a up by `across`",
            ),
            (
                "error 20 groups.score",
                "总分还是按月（季）计算的，请写 across 汇总到全期",
                "the total still has a value per sub-period: add `across`",
            ),
            (
                "error 25 decide[0].rows[0].when 第 1 字",
                "“score”按月计算，要在 each = 'month' 的项目里读，或先用 across 汇总",
                (
                    "'score' has one value per month: read it in an item with each = 'month"
                    "', or bring it up by `across`"
                ),
            ),
            (
                "error 25 decide[0].rows[1].when 第 1 字",
                "“score”按月计算，要在 each = 'month' 的项目里读，或先用 across 汇总",
                (
                    "'score' has one value per month: read it in an item with each = 'month"
                    "', or bring it up by `across`"
                ),
            ),
        ],
    ),
    "bringing up what has no months": (
        book(items='a = { points = "mark", across = "sum" }', of=', "a"'),
        [
            (
                "error 18 items.a.across",
                "写了 across，却不是按月（季、半年）计算的",
                "`across` needs a value per month, quarter or half year",
            ),
        ],
    ),
    "a field read without its event": (
        book(items='a = { points = "hours" }', of=', "a"'),
        [
            (
                "error 18 items.a.points 第 1 字",
                "“hours”是“meeting”的字段，项目写 from = 'meeting' 才能读",
                "'hours' is a field: read it with from = 'meeting'",
            ),
        ],
    ),
    "an option that does not exist": (
        book(items='a = { from = "meeting", choice = { "党课" = 1, "大课" = 2 } }', of=', "a"'),
        [
            ("error 18 items.a.choice", "“大课”不是选项，是否指“大会”？", "'大课' is not an option"),
            (
                "error 18 items.a.choice",
                '有缺口，没有一行适用：form = “大会”。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: form = “大会”; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "an option without points": (
        book(items='a = { from = "town", choice = { "东镇" = 1 } }', of=', "a"'),
        [
            (
                "error 18 items.a.choice",
                '有缺口，没有一行适用：town = “西镇”。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: town = “西镇”; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "a choice that reads nothing": (
        book(items='a = { choice = { "东镇" = 1 } }', of=', "a"'),
        [
            (
                "error 18 items.a.choice",
                "请用 value 写明 choice 读什么",
                "say by `value` what `choice` reads",
            ),
        ],
    ),
    "a field gone after merging": (
        book(
            items='a = { from = "meeting", value = "hours", merge = "day", points = "value", '
            "restored = \"form == '党课'\" }",
            of=', "a"',
        ),
        [
            (
                "error 18 items.a.restored 第 1 字",
                "“form”在 merge = 'day' 合并以后就没有了",
                "'form' is gone once rows are merged by 'day'",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
