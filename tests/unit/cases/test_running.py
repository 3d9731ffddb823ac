"""Running worked cases: what passes, what fails and what the report says about it."""

from pathlib import Path

import pytest
from tests.unit.cases.book import RANKED, written

from jiceng_sdk.cases import main, report_lines, run_cases

PASSING = """
[[cases]]
name = "七十分"
subject = { mark = 70 }
expect = { status = "rated", score = 10, grade = "好", outputs = { pay = 100 } }

[[cases]]
name = "除不尽"
subject = { mark = 1 }
facts.meeting = [{ form = "党课", times = 2 }, { date = 2024-03-01, until = 2024-03-03 }]
facts.monthly = { 2 = 3 }
expect = { score = "57/7", grade = "差", nodes = { marks = "1/7", meetings = 5, reports = 3 } }
"""
FAILING = """
[[cases]]
name = "写错的得分"
subject = { mark = 70 }
expect = { score = 11, grade = "差" }
"""


def lines(path: Path) -> list[str]:
    return [line.replace(f"{path.parent}/", "") for line in report_lines(run_cases([path]))]


def test_cases_that_expect_what_the_rules_say_pass(tmp_path: Path) -> None:
    assert lines(written(tmp_path, PASSING)) == ["2 passed, 0 failed"]


def test_a_failure_names_case_rule_file_line_expected_and_got(tmp_path: Path) -> None:
    assert lines(written(tmp_path, PASSING + FAILING)) == [
        "small.cases.toml:15  写错的得分",
        "    得分：应为 11，实得 10",
        "    规则 groups.score（small.toml:25）",
        "    等次：应为 差，实得 好",
        "    规则 decide[0]（small.toml:28）",
        "2 passed, 1 failed",
    ]


def test_a_rulebook_finds_its_cases_and_a_folder_is_walked(tmp_path: Path) -> None:
    path = written(tmp_path, PASSING)
    assert run_cases([tmp_path / "small.toml"]).passed == 2
    assert run_cases([tmp_path]).passed == 2
    assert run_cases([path, tmp_path]).passed == 2


def test_refused_facts_fail_only_the_case_that_hands_them_in(tmp_path: Path) -> None:
    bad = '\n[[cases]]\nname = "一百零一分"\nsubject = { mark = 101 }\nexpect = { score = 1 }\n'
    found = run_cases([written(tmp_path, PASSING + bad)])
    assert (found.passed, found.failed) == (2, 1)
    assert "上限 100" in found.failures[0].because


def test_values_that_should_be_refused_but_are_not_are_failures(tmp_path: Path) -> None:
    found = lines(written(tmp_path, PASSING + '\n[[refused]]\nname = "满分"\nmark = [101, 100, -1]\n'))
    assert found == [
        "small.cases.toml:15  满分：mark = 100",
        "    甲 的mark：应为 拒收 100，实得 收下了",
        "    规则 facts.mark（small.toml:6）",
        "4 passed, 1 failed",
    ]


def test_a_group_is_ranked_alone_even_when_cases_share_an_evaluation(tmp_path: Path) -> None:
    cases = """
[[cases]]
name = "两人"
subjects = { A = { mark = 90 }, B = { mark = 80 } }
expect = { asked = [], grades = { "一" = ["A"], "二" = ["B"] }, places = { "一" = 1 } }

[[cases]]
name = "四人，其余低分"
subject = { mark = 50 }
others = [{ mark = [60, 40, 30] }]
expect = { grade = "一" }

[[cases]]
name = "并列"
subject = { mark = 50 }
others = 1
expect = { status = "needs_ruling", reason = "tie", grade = "none" }

[[cases]]
name = "占比"
subjects = {}
others = [{ count = 1, mark = 9 }, { mark = [8, 7, 6] }]
expect = { area = { best = { value = 0.5, met = true } } }
"""
    assert lines(written(tmp_path, cases, RANKED)) == ["4 passed, 0 failed"]


def test_a_ruling_settles_a_tie(tmp_path: Path) -> None:
    cases = """
[[cases]]
name = "并列，裁定先后"
same = { mark = 50 }
subjects.A = { rulings = [{ where = "前一半", order = 2 }] }
subjects.B = { rulings = [{ where = "前一半", order = 1 }] }
expect = { asked = [], grades = { "一" = ["B"], "二" = ["A"] } }
"""
    assert lines(written(tmp_path, cases, RANKED)) == ["1 passed, 0 failed"]


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        ('[[cases]]\nname = "a"\nsubject = { mark = 1 }\nexpekt = { score = 1 }', "'expekt'，是否指“expect”"),
        ('[[cases]]\nname = "a"\nsubject = { mark = 1 }', "没有写应得结果"),
        ("[[cases]]\nsubject = { mark = 1 }\nexpect = { score = 1 }", "没有名称"),
        ('[[cases]]\nname = "a"\nperiod = "2024-13"\nsubject = {}\nexpect = { score = 1 }', "没有第 13 个月"),
        ('[[cases]]\nname = "a"\nsubject = { mork = 1 }\nexpect = { score = 1 }', "没有叫 'mork' 的事实"),
        ('[[cases]]\nname = "a"\nsubject = { mark = "高" }\nexpect = { score = 1 }', "mark 的值 '高' 不对"),
        (
            '[[cases]]\nname = "a"\nsubject = {}\nfacts = { meeting = true }\nexpect = { score = 1 }',
            "应是次数",
        ),
        (
            '[[cases]]\nname = "a"\nsubject = {}\nfacts = { monthly = { x = 1 } }\nexpect = { score = 1 }',
            "第 1 个月",
        ),
        (
            '[[cases]]\nname = "a"\nsubject = {}\npreset = "nichts"\nexpect = { score = 1 }',
            "没有预设 'nichts'",
        ),
        ("name = ", "不是合格的 TOML"),
    ],
)
def test_what_is_written_wrongly_is_said_in_plain_words(tmp_path: Path, cases: str, words: str) -> None:
    report = run_cases([written(tmp_path, cases)])
    text = "\n".join([*report.broken, *(failure.because for failure in report.failures)])
    assert words in text
    assert not report.fine


def test_the_command_ends_with_0_or_1_and_says_how_many(tmp_path: Path) -> None:
    said: list[str] = []
    path = written(tmp_path, PASSING)
    assert main([path], False, said.append) == 0
    assert said[-1] == "2 passed, 0 failed"
    written(tmp_path, FAILING)
    assert main([path], False, said.append) == 1
    assert main([tmp_path / "nothing"], False, said.append) == 1
    assert "没有找到案例" in said[-1]


def test_a_case_run_alone_and_with_others_is_the_same(tmp_path: Path) -> None:
    tied = "A = { mark = 90 }, B = { mark = 90 }"
    first = f'\n[[cases]]\nname = "一"\nsubjects = {{ {tied} }}\nexpect = {{ asked = ["A", "B"] }}\n'
    apart = "A = { mark = 90 }, B = { mark = 10 }"
    other = f'\n[[cases]]\nname = "二"\nsubjects = {{ {apart} }}\nexpect = {{ asked = [] }}\n'
    assert lines(written(tmp_path, first, RANKED)) == ["1 passed, 0 failed"]
    assert lines(written(tmp_path, first + other, RANKED)) == ["2 passed, 0 failed"]
    assert lines(written(tmp_path, other, RANKED)) == ["1 passed, 0 failed"]


def test_a_value_in_the_wrong_table_is_told_and_not_passed_over(tmp_path: Path) -> None:
    """Rows written in `subject` and single values in `facts` would otherwise count as not handed in."""
    wrong = """
[[cases]]
name = "换了位置"
subject = { meeting = 2 }
facts = { mark = 70 }
expect = { score = 12 }
"""
    found = run_cases([written(tmp_path, PASSING + wrong)])
    assert (found.passed, len(found.failures)) == (2, 1)
    because = found.failures[0].because
    assert "meeting 是逐条的事实，要写在 facts = { meeting = … } 里" in because
    assert "mark 每个对象只有一个值，要写在 subject = { mark = … } 里" in because


def test_an_earlier_result_that_nothing_is_called_is_told(tmp_path: Path) -> None:
    wrong = """
[[cases]]
name = "错字"
subject = { mark = 70 }
previous = { scroe = 9 }
expect = { score = 10 }
"""
    found = run_cases([written(tmp_path, PASSING + wrong)])
    said = "错字：previous 里没有 'scroe'，只有 score、grade、status 和产出的名称"
    assert said in found.failures[0].because


def test_facts_of_one_subject_replace_those_of_all_kind_by_kind(tmp_path: Path) -> None:
    ranked = """
[[cases]]
name = "各有各的会议"
same = { mark = 0, facts = { meeting = 3, monthly = { 1 = 2 } } }
subjects = { A = {}, B = { facts = { meeting = 5 } } }
expect = { subjects = { A = { score = 5 }, B = { score = 7 } } }
"""
    assert lines(written(tmp_path, PASSING + ranked)) == ["3 passed, 0 failed"]


def test_a_subject_missing_from_its_grade_says_how_it_stands(tmp_path: Path) -> None:
    ranked = """
[[cases]]
name = "应当都好"
subjects = { A = { mark = 7 }, B = { mark = 70 } }
expect = { grades = { "好" = ["A", "B", "C"] } }
"""
    assert lines(written(tmp_path, PASSING + ranked)) == [
        "small.cases.toml:15  应当都好",
        "    好：应为 A、B、C，实得 B",
        "    规则 decide（small.toml）",
        "    A 是差；样例里没有“C”",
        "2 passed, 1 failed",
    ]


RESULTS = """title = "连带"
subject = "organization"

[facts]
member = { kind = "result", title = "党员结果", scheme = "member_points", options = ["合格", "不合格"] }

[items.bad]
title = "不合格党员"
from = "member"
when = "result.grade == '不合格'"
combine = "count"

[groups.score]
title = "人数"
of = ["bad"]
"""


def test_results_repeat_by_times_and_have_no_days(tmp_path: Path) -> None:
    rows = """
[[cases]]
name = "三人"
subject = {}
facts.member = [{ grade = "不合格", times = 3 }, { grade = "合格" }]
expect = { score = 3 }

[[cases]]
name = "没有日期"
subject = {}
facts.member = [{ grade = "合格", until = 2024-05-01 }]
expect = { score = 0 }
"""
    found = run_cases([written(tmp_path, rows, RESULTS)])
    assert found.passed == 1
    assert "没有日期的事实不能写 until" in found.failures[0].because


def test_values_that_should_be_taken_in_but_are_not_are_failures(tmp_path: Path) -> None:
    found = lines(written(tmp_path, PASSING + '\n[[accepted]]\nname = "两头"\nmark = [0, 100, 101]\n'))
    assert found == [
        "small.cases.toml:15  两头：mark = 101",
        "    甲 的mark：应为 收下 101，实得 对象 甲：“101”大于“得分”的上限 100",
        "    规则 facts.mark（small.toml:6）",
        "4 passed, 1 failed",
    ]


AMONG = """title = "两个范围"
subject = "organization"
cohort = ["town"]
[facts]
mark = { kind = "number", min = 0, max = 100, places = 0 }
town = { kind = "choice", options = ["东", "西"], source = "roster" }
[items.here]
points = "cohort_rank(mark, ['town'])"
[items.everywhere]
points = "cohort_rank(mark, []) * 10"
[groups.score]
of = ["here", "everywhere"]
"""
ALONE = """period = "2024"
[[cases]]
name = "第一组"
subjects = { A = { mark = 90, town = "东" }, B = { mark = 80, town = "西" } }
expect = { subjects = { A = { score = 11 }, B = { score = 21 } } }
[[cases]]
name = "第二组"
subjects = { A = { mark = 100, town = "东" }, B = { mark = 95, town = "东" } }
expect = { subjects = { A = { score = 11 }, B = { score = 22 } } }
"""


def test_cases_never_meet_also_where_a_formula_says_among_whom(tmp_path: Path) -> None:
    (tmp_path / "two.toml").write_text(AMONG, encoding="utf-8")
    (tmp_path / "two.cases.toml").write_text(ALONE, encoding="utf-8")
    assert lines(tmp_path / "two.cases.toml") == ["2 passed, 0 failed"]
