"""What is wrong with the decisions: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import bands, book, found

CASES = {
    "grades that were never listed": (
        book(head="grades = []"),
        [
            (
                f"error 24 decide[0].rows[{n}].grade",
                f"等次“{grade}”没有来历：文件开头要写 grades = […]，由好到差",
                f"'{grade}': the grades are missing, write grades = […], best first",
            )
            for n, grade in enumerate(("优秀", "合格"))
        ],
    ),
    "a grade that does not exist": (
        book(decide=bands(("score >= 60", "优"), ("score < 60", "合格"))),
        [
            (
                "error 25 decide[0].rows[0].grade",
                "grades 里没有“优”，是否指“优秀”？",
                "'优' is not among the grades, did you mean \"优秀\"?",
            ),
        ],
    ),
    "bands without rows": (
        book(decide='[[decide]]\ndo = "bands"\n'),
        [
            ("error 22 decide[0]", "等次表要且只要写 rows 或 from 之一", "bands need either rows or from"),
        ],
    ),
    "bands from words that are no grades": (
        book(decide='[[decide]]\ndo = "bands"\nfrom = "town"\n'),
        [
            (
                "error 24 decide[0].from",
                '事实“town”的选项不都是等次（东镇、西镇）；要留待裁定请写 gaps = "ask"',
                "not every option of 'town' is a grade; declare gaps = \"ask\" to leave it to a ruling",
            ),
        ],
    ),
    "bands from a number": (
        book(decide='[[decide]]\ndo = "bands"\nfrom = "mark"\n'),
        [
            (
                "error 24 decide[0].from",
                "from 要写一个给出等次的选项事实，“mark”不是",
                "`from` names a choice fact that holds the grade; 'mark' is none",
            ),
        ],
    ),
    "an override that changes nothing": (
        book(decide='[[decide]]\ndo = "override"\nwhen = "late"\n'),
        [
            (
                "error 22 decide[0]",
                "这条决定什么也没有改：请写 grade、score、out、ask 等之一",
                "this override changes nothing",
            ),
        ],
    ),
    "a question with an answer": (
        book(decide='[[decide]]\ndo = "override"\nwhen = "late"\nask = "x"\ngrade = "合格"\n'),
        [
            ("error 25 decide[0].ask", "ask（留待裁定）不能与 grade 同写", "`ask` cannot stand with grade"),
        ],
    ),
    "a status of the system": (
        book(decide='[[decide]]\ndo = "override"\nwhen = "late"\nout = "rated"\n'),
        [
            ("error 25 decide[0].out", "“rated”是系统的状态，请换一个词", "'rated' is a word of the system"),
        ],
    ),
    "a bound that is no grade": (
        book(decide='[[decide]]\ndo = "override"\nwhen = "late"\nat_most = "合"\n'),
        [
            (
                "error 25 decide[0].at_most",
                "grades 里没有“合”，是否指“合格”？",
                "'合' is not among the grades, did you mean \"合格\"?",
            ),
        ],
    ),
    "shares above one": (
        book(decide='[[decide]]\ndo = "quota"\nshare = { "优秀" = 0.7, "合格" = 0.5 }\n'),
        [
            (
                "error 24 decide[0].share",
                "占比合计 1.2，超过 1；10% 写成 0.1",
                "the shares add up to 1.2, more than 1: 10% is 0.1",
            ),
        ],
    ),
    "shares and places at once": (
        book(decide='[[decide]]\ndo = "quota"\nshare = { "优秀" = 0.7 }\nplaces = { "优秀" = 1 }\n'),
        [
            (
                "error 22 decide[0]",
                "名额要且只要一种：share（占比）、places（个数）、ratio（比例）",
                "exactly one of share, places, ratio is needed, has share, places",
            ),
        ],
    ),
    "a ratio that leaves a grade out": (
        book(decide='[[decide]]\ndo = "quota"\nratio = { "优秀" = 3 }\n'),
        [
            (
                "error 24 decide[0].ratio",
                "ratio 是全部划分，还缺 合格",
                "a ratio divides all grades, 合格 missing",
            ),
        ],
    ),
    "a negative share": (
        book(decide='[[decide]]\ndo = "quota"\nshare = { "优秀" = -0.1 }\n'),
        [
            (
                "error 24 decide[0].share.优秀",
                "“优秀”的名额 -0.1 不合适",
                "the quota -0.1 of '优秀' makes no sense",
            ),
        ],
    ),
    "a ratio from the bottom": (
        book(decide='[[decide]]\ndo = "quota"\nratio = { "优秀" = 3, "合格" = 5 }\nbottom = true\n'),
        [
            ("error 25 decide[0].bottom", "bottom 不能与 ratio 同用", "`bottom` cannot stand with `ratio`"),
        ],
    ),
    "at least so many places of numbers": (
        book(decide='[[decide]]\ndo = "quota"\nplaces = { "优秀" = 1 }\nleast = 1\n'),
        [
            (
                "error 25 decide[0].least",
                "least（至少几名）只用于 share，且不能与 largest_remainder 同用",
                "`least` belongs to `share`, without largest_remainder",
            ),
        ],
    ),
    "fewer than no places": (
        book(decide='[[decide]]\ndo = "quota"\nshare = { "优秀" = 0.1 }\nleast = -1\n'),
        [
            ("error 25 decide[0].least", "least 不能为负", "`least` cannot be negative"),
        ],
    ),
    "up and down at once": (
        book(decide='[[decide]]\ndo = "override"\nwhen = "late"\nlower = 1\nhigher = 3\n'),
        [
            ("error 26 decide[0].higher", "higher 比等次还多", "`higher` is more than there are grades"),
            (
                "error 26 decide[0].higher",
                "lower 和 higher 只能写一个",
                "write `lower` or `higher`, not both",
            ),
        ],
    ),
    "a quota within a number": (
        book(decide='[[decide]]\ndo = "quota"\nshare = { "优秀" = 0.1 }\nwithin = ["mark"]\n'),
        [
            (
                "error 25 decide[0].within[0]",
                "“mark”不能用来分组：要写每个对象一个值的选项、是否或类别",
                "'mark' cannot split subjects: name a choice, a flag or a class",
            ),
        ],
    ),
    "a rank by words": (
        book(decide='[[decide]]\ndo = "quota"\nshare = { "优秀" = 0.1 }\nrank = ["town"]\n'),
        [
            (
                "error 25 decide[0].rank[0] 第 1 字",
                "这里要数，写的是文字",
                "a number is needed here, this is a text",
            ),
        ],
    ),
    "a step backwards": (
        book(decide='[[decide]]\ndo = "step"\nup = -1\n'),
        [
            ("error 22 decide[0]", "up、down 不能为负", "`up` and `down` cannot be negative"),
        ],
    ),
    "a grade nobody gets": (
        book(decide='[[decide]]\ndo = "override"\nwhen = "late"\ngrade = "优秀"\n'),
        [
            (
                "warning 3 grades[1]",
                "没有一条决定会给出等次“合格”",
                "no decision ever gives the grade '合格'",
            ),
        ],
    ),
    "a grade written twice": (
        book(head='grades = ["优秀", "合格", "合格"]'),
        [
            ("error 3 grades", "等次重复：合格", "grades written twice: 合格"),
        ],
    ),
    "a cohort that does not exist": (
        book(head='cohort = ["twn"]\n'),
        [
            (
                "error 4 cohort[0]",
                "“twn”不能用来分组：要写每个对象一个值的选项、是否或类别，是否指“town”？",
                "'twn' cannot split subjects: name a choice, a flag or a class, did you mean \"town\"?",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
