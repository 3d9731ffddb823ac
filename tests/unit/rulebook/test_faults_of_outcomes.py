"""What is wrong with the outputs, area values and history: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import book, found

CASES = {
    "an output that reads a later one": (
        book(rest='[outputs]\no = { value = "p" }\np = { value = "1" }'),
        [
            (
                "error 28 outputs.o.value 第 1 字",
                "“p”写在后面，只能读写在前面的产出",
                "'p' is written later; only earlier outputs can be read",
            ),
        ],
    ),
    "two results of different kinds": (
        book(rest="[outputs]\no = { value = \"if(late, 1, '无')\" }"),
        [
            (
                "error 28 outputs.o.value 第 1 字",
                "if 的两个结果要同类，却是数和文字",
                "the two results of if differ: number and text",
            ),
        ],
    ),
    "a flag rounded": (
        book(rest='[outputs]\no = { value = "late", round = 1 }'),
        [
            ("error 28 outputs.o.round", "只有数才能写 round", "only a number can be rounded"),
        ],
    ),
    "an area value of one subject": (
        book(rest='[area]\no = { value = "score" }'),
        [
            (
                "error 28 area.o.value 第 1 字",
                "“score”是每个对象的值，要写在 share、mean、sum、count 里",
                "'score' is a value of each subject: use share, mean, sum or count",
            ),
        ],
    ),
    "an aim that reads an unknown name": (
        book(rest='[area]\no = { value = "share(late)", aim = "valu > 3" }'),
        [
            (
                "error 28 area.o.aim 第 1 字",
                "没有叫“valu”的名称，是否指“value”？",
                "nothing is called 'valu', did you mean \"value\"?",
            ),
        ],
    ),
    "an area by a number": (
        book(rest='[area]\no = { value = "share(late)", by = ["mark"] }'),
        [
            (
                "error 28 area.o.by[0]",
                "“mark”不能用来分组：要写每个对象一个值的选项、是否或类别",
                "'mark' cannot split subjects: name a choice, a flag or a class",
            ),
        ],
    ),
    "an area value with other cohorts": (
        book(rest='[area]\na = { value = "share(late)", by = ["town"] }\nb = { value = "a * 2" }'),
        [
            (
                "error 29 area.b.value 第 1 字",
                "“a”按别的范围分组，这里不能读",
                "'a' has other cohorts and cannot be read here",
            ),
        ],
    ),
    "a grade read before it is given": (
        book(items="a = { points = \"if(grade == '优秀', 1, 0)\" }", of=', "a"'),
        [
            (
                "error 18 items.a.points 第 4 字",
                "“grade”评定以后才有；上期的写 previous.grade",
                "'grade' exists only later; see previous.grade",
            ),
        ],
    ),
    "an earlier grade that does not exist": (
        book(items="a = { points = \"if(previous.grade == '优', 1, 0)\" }", of=', "a"'),
        [
            (
                "error 18 items.a.points 第 22 字",
                "没有等次“优”，是否指“优秀”？",
                "there is no grade '优', did you mean \"优秀\"?",
            ),
        ],
    ),
    "a streak of what is not recorded": (
        book(rest='[outputs]\no = { value = "streak(mark > 3)" }'),
        [
            (
                "error 28 outputs.o.value 第 1 字",
                "往期没有记录“mark”，只记录得分、等次、状态和产出",
                "'mark' is not recorded for earlier periods, only score, grade, status and outputs",
            ),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
