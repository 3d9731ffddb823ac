"""Formulas as clerks write them."""

import time

import pytest

from jiceng.schemes.editing.wording import Words, name_for, words_for

TITLES = {
    "score": "总分",
    "innovation": "有党建创新项目",
    "rest": "其余五项合计（含加分）",
    "late": "迟交",
    "late2": "迟交",
    "town": "镇街",
}


@pytest.fixture
def words() -> Words:
    return words_for(TITLES, {})


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("总分 >= 90 且 有党建创新项目", "score >= 90 and innovation"),
        ("80 ≤ 总分 ＜ 90", "80 ≤ score < 90"),
        ("其余五项合计含加分", "rest"),
        ("如果（等次 = “一类”，1000，0）", "if(grade == '一类',1000,0)"),
        ("非 有党建创新项目 或 等次 < 上期等次", "not innovation or grade < previous.grade"),
        ("等次 == '总分'", "grade == '总分'"),
        ("score + 1", "score + 1"),
        ("没有的名字 > 1", "没有的名字 > 1"),
        ("迟交 > 1", "迟交 > 1"),
        ("同组名次（总分，【‘镇街’】）", "cohort_rank(score,['town'])"),
        ("同组标准差(总分, 2, ['town', ‘没有’])", "cohort_deviation(score, 2, ['town', '没有'])"),
        ("同组平均（总分，[]）", "cohort_mean(score,[])"),
        ("等次 属于 ['镇街']", "grade in ['镇街']"),
    ],
)
def test_what_is_typed_becomes_an_expression(words: Words, typed: str, expression: str) -> None:
    assert words.read(typed) == expression


def test_an_expression_is_shown_in_titles_and_can_be_read_back(words: Words) -> None:
    assert words.show("score >= 90 and innovation") == "总分 >= 90 且 有党建创新项目"
    assert words.show("late > 1") == "late > 1"
    assert words.show("'score' == grade") == "'score' == 等次"
    assert words.show("cohort_rank(score, ['town'])") == "同组名次(总分, ['镇街'])"
    assert words.show("grade in ['town']") == "等次 属于 ['town']"


def test_a_field_of_the_rows_comes_before_a_word_of_the_language() -> None:
    words = words_for({"score": "总分"}, {"stage": "状态"})
    assert words.read("状态 == '已核验'") == "stage == '已核验'"
    assert words_for({"score": "总分"}, {}).read("状态 == 'rated'") == "status == 'rated'"


def test_a_name_of_the_rulebook_is_never_replaced() -> None:
    words = words_for({"合计": "各项合计", "a": "合计"}, {})
    assert words.read("合计 + a") == "合计 + a"
    assert words.show("a + 合计") == "a + 各项合计"


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("党员数（人）", frozenset(), "党员数人"),
        ("2 年内处分", frozenset(), "_2年内处分"),
        ("出勤", frozenset({"出勤"}), "出勤2"),
        ("平均", frozenset(), "平均_"),
        ("！？", frozenset(), ""),
    ],
)
def test_a_name_is_made_of_a_title(title: str, taken: frozenset[str], name: str) -> None:
    assert name_for(title, taken) == name


def test_what_is_longer_than_any_formula_stays_as_it_is(words: Words) -> None:
    began = time.process_time()
    assert words.read("“" * 300_000) == "“" * 300_000
    assert time.process_time() - began < 0.1
