"""What an inexperienced author writes: each is told with its line, and with what to write instead."""

import pytest

from jiceng_sdk.rulebook.reading import examine

BOOK = """title   = "星级评定"
subject = "organization"
period  = "year"
grades  = ["五星", "四星", "三星"]

[classes]
rural = "type == '村'"

[facts]
town    = { kind = "choice", title = "镇街", source = "roster" }
type    = { kind = "choice", title = "类别", options = ["村", "社区"] }
meeting = { kind = "event", fields = { form = ["党课", "大会"], hours = "number" } }
vote    = { kind = "ballot", fields = { option = ["优秀", "合格"] } }
income  = { kind = "number", title = "收入", min = 0, max = 10000 }
overdue = { kind = "flag", title = "逾期" }
founded = { kind = "date", title = "成立日期" }

[items]
lessons = { from = "meeting", when = "form == '党课'", points = 2, keep = { month = 1 }, cap = 10 }
team    = { start = 20, floor = 0, checks = [{ when = "overdue", points = -5, title = "逾期" }] }
economy = { title = "经济", value = "income", line = [[0, 0], [10000, 20]], round = 1 }
masses  = { from = "vote", choice = { "优秀" = 100, "合格" = 60 }, combine = "mean", quorum = 5 }

[groups]
work  = { title = "工作", of = ["lessons", "team", "economy"], cap = 60 }
score = { title = "总分", of = { work = 1, masses = 0.4 }, round = 2 }

[[decide]]
do   = "bands"
rows = [
  { when = "score >= 80", grade = "五星" },
  { when = "60 <= score < 80", grade = "四星" },
  { when = "score < 60", grade = "三星" },
]

[[decide]]
do       = "quota"
share    = { "五星" = 0.1 }
within   = ["town"]
rounding = "down"

[outputs]
pay = { title = "奖金", value = "if(grade == '五星', 12000, 0)", unit = "元" }
"""
WRITTEN = {
    ('title = "经济"', '名称 = "经济"'): (
        21,
        '中文的键要加引号，如 "优秀" = 20',
        'a Chinese key is quoted, such as "优秀" = 20',
    ),
    ('overdue", points', 'overdue 且 income > 3", points'): (20, "请写 and", "write and"),
    ("masses = 0.4", "masses = 40%"): (
        26,
        '在算式里要加引号，如 "40%"',
        'a percentage is a decimal, such as 0.4, or "40%" in an expression',
    ),
    ("points = 2,", "points = ２,"): (19, "数字和符号请用半角", "digits and signs are half-width"),
    ("score >= 80", "score >= ８０"): (31, "请写成半角的“8”", 'write "8"'),
    ('grade = "五星" }', "grade = 五星 }"): (
        31,
        "等号后面的值写得不对（文字要加引号）",
        "words are quoted",
    ),
    ('[[decide]]\ndo   = "bands"', '[decide]\ndo   = "bands"'): (
        36,
        "每条决定都写成 [[decide]]，两层方括号",
        "every decision is [[decide]], in two brackets",
    ),
    ("lessons = { from", "lessons = {\n from"): (
        19,
        "花括号 { } 里的内容要写在一行",
        "what stands in { } is written in one line",
    ),
    ("if(grade", "if(founded > 2024-01-01, 1, 0) + if(grade"): (
        43,
        "写死的日期要加引号，如 '2024-07-01'",
        "a day is quoted: '2024-07-01'",
    ),
    ("if(grade", "if(founded > '2024/1/1', 1, 0) + if(grade"): (
        43,
        "请写成 '2024-07-01' 这样",
        "'2024/1/1' is no date: write it like '2024-07-01'",
    ),
    ('kind = "flag", title = "逾期"', 'kind = "flag", default = "是"'): (
        15,
        "这里要数，或 true 或 false，写的是“是”",
        "a number or true or false is needed here",
    ),
    ('kind = "number", title = "收入"', 'kind = "数", title = "收入"'): (
        14,
        "是否指“number”？",
        'did you mean "number"?',
    ),
    ("if(grade", "if(founded + 5 > period.end, 1, 0) + if(grade"): (
        43,
        "日期加减天数写 days_before(d, 30)（往后写负数），相隔几天写 days(a, b)",
        "move a day with days_before(d, 30), count days with days(a, b)",
    ),
    ("if(grade", "if(founded > today, 1, 0) + if(grade"): (
        43,
        "是否指“period.end”？",
        'did you mean "period.end"?',
    ),
    ("if(grade", "workdays(founded, period.end) + if(grade"): (
        43,
        "是否指“workdays_late”？",
        'did you mean "workdays_late"?',
    ),
    ("if(grade", "income % 2 + if(grade"): (43, "没有取余", "stands right behind digits: 20%"),
    ("score < 60", "else"): (33, "是否指“not (…)”？", 'did you mean "not (…)"?'),
    ('combine = "mean"', 'combine = "average"'): (22, "是否指“mean”？", 'did you mean "mean"?'),
    ("keep = { month = 1 }", "keep = 1"): (19, "如 keep = { month = 1 }", "as in keep = { month = 1 }"),
    ("keep = { month = 1 }", 'keep = { "每月" = 1 }'): (19, "是否指“month”？", 'did you mean "month"?'),
    ("keep = { month = 1 }", "limit = 5"): (
        19,
        "limit 要写成表，如 limit = { month = 5 }",
        "`limit` is a table, as in limit = { month = 5 }",
    ),
    ("cap = 10", 'cap = "10分"'): (
        19,
        "数的后面不写单位，大小写成 x >= 80",
        "no unit stands behind a number",
    ),
    ("points = 2,", 'points = "2分",'): (
        19,
        "数的后面不写单位，大小写成 x >= 80",
        "no unit stands behind a number",
    ),
    ('subject = "organization"', 'subject = "党支部"'): (
        2,
        "“党支部”不是 enterprise（企业）、member（党员）、organization（组织）、project（项目） 之一",
        "'党支部' is none of enterprise, member, organization, project",
    ),
    ('period  = "year"', 'period  = "年度"'): (3, "是否指“year”？", 'did you mean "year"?'),
    ('share    = { "五星" = 0.1 }', 'share    = { "五星" = 10 }'): (
        38,
        "10% 写成 0.1",
        "the shares add up to 10, more than 1: 10% is 0.1",
    ),
    ('within   = ["town"]', 'within   = "town"'): (39, '请写成 ["town"]', 'write ["town"]'),
    ('rounding = "down"', 'rounding = "四舍五入"'): (40, "是否指“half_up”？", 'did you mean "half_up"?'),
    ("form == '党课'", "form == '党课' && hours > 1"): (19, "请写成“and”", 'write "and"'),
    ('value = "income"', 'value = "sum(income, 3)"'): (21, "几个数相加写 a + b", "add numbers with +"),
    ('value = "income"', 'value = "MAX(income, 3)"'): (21, "是否指“max”？", 'did you mean "max"?'),
    ('value = "income"', 'value = "income ^ 2"'): (21, "乘方写成相乘，如 x * x", "cannot read '^'"),
    ('title = "镇街", source = "roster"', 'source = "roster", many = "true"'): (
        10,
        "不要加引号",
        "without quotes",
    ),
    ('title = "经济", value', 'title = "经济" value'): (
        21,
        "两项之间要用半角逗号隔开",
        "a comma stands between two of them",
    ),
    ("[groups]", "// 分组\n[groups]"): (24, "说明文字前面写 #", "a remark begins with #"),
    ("points = -5", "points = －5"): (20, "数字和符号请用半角", "digits and signs are half-width"),
    ("masses = 0.4", "masses = 40"): (26, "40% 的权重写成 0.4", "40% is 0.4"),
    ("quorum = 5", "quorum = 2/3"): (
        22,
        '算式要加引号，如 "2 / 3"',
        'an expression is quoted, such as "2 / 3"',
    ),
    ("if(grade", "如果(grade"): (43, "是否指“if”？", 'did you mean "if"?'),
    ("score >= 80", "80分以上"): (31, "数的后面不写单位，大小写成 x >= 80", "no unit stands behind a number"),
    ("form == '党课'", "form in ('党课', '大会')"): (19, "却是“(”", "found '('"),
}
"""What is written, and what in place of it → line, end of what is told in Chinese, in English."""


@pytest.mark.parametrize("changed", WRITTEN)
def test_the_first_fault_says_where_and_what_to_write(changed: tuple[str, str]) -> None:
    assert changed[0] in BOOK
    first = examine(BOOK.replace(*changed, 1)).faults[0]
    line, zh, en = WRITTEN[changed]
    assert (first.line, first.zh[-len(zh) :], first.en[-len(en) :]) == (line, zh, en)


def test_a_title_in_place_of_a_name_is_recognized() -> None:
    first = examine(BOOK.replace('value = "income"', 'value = "收入"', 1)).faults[0]
    assert (first.zh, first.en) == (
        "“收入”是 income 的标题，算式里写名称 income",
        "'收入' is the title of income: write income",
    )
    assert not examine(BOOK).faults
