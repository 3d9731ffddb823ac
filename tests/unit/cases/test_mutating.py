"""Mutation: a change of one token must be noticed by a case, or be named with its file and line."""

from pathlib import Path

from tests.unit.cases.book import BOOK, written

from jiceng_sdk.cases import main
from jiceng_sdk.cases.mutants import mutants
from jiceng_sdk.cases.mutating import survivors
from jiceng_sdk.cases.sources import read_source
from jiceng_sdk.rulebook.reading import toml

WEAK = """
[[cases]]
name = "七十分"
subject = { mark = 70 }
facts = { meeting = 1, monthly = { 1 = 1, 2 = 1 } }
expect = { score = 13, grade = "好" }
"""


def changes(text: str) -> set[tuple[str, str, str]]:
    return {(one.path, one.before, one.after) for one in mutants(toml(text))}


def test_numbers_go_up_and_down_by_their_last_place() -> None:
    found = changes("[items.a]\npoints = 0.25\n[items.b]\npoints = 3")
    assert ("items.a.points", "0.25", "0.26") in found
    assert ("items.a.points", "0.25", "0.24") in found
    assert ("items.b.points", "3", "2") in found


def test_comparisons_words_and_signs_inside_an_expression_are_changed() -> None:
    text = "grades = ['优', '良']\n[items.a]\nwhen = \"x >= 20% and not (grade == '优')\""
    assert {after for _, _, after in changes(text)} == {
        "x > 20% and not (grade == '优')", "x >= 21% and not (grade == '优')",
        "x >= 19% and not (grade == '优')", "x >= 20% or not (grade == '优')",
        "x >= 20% and  (grade == '优')", "x >= 20% and not (grade != '优')",
        "x >= 20% and not (grade == '良')",
    }  # fmt: skip


def test_prose_and_names_of_facts_are_left_alone() -> None:
    text = "title = '第 3 条'\nsubject = 'member'\n[items.a]\nclause = '5'\nfrom = 'x'\nchoice = { '甲' = 1 }"
    assert {path for path, _, _ in changes(text)} == {"items.a.choice.甲"}


def test_a_name_becomes_another_of_its_kind() -> None:
    facts = "[facts]\nx = { kind = 'flag' }\ny = { kind = 'flag' }\nz = { kind = 'number' }"
    text = f"{facts}\n[items.a]\nwhen = 'x'"
    assert {(before, after) for path, before, after in changes(text) if path == "items.a.when"} == {
        ("x", "y")
    }


def test_a_cohort_becomes_everybody() -> None:
    text = "[items.a]\npoints = \"cohort_rank(x, ['town'])\""
    assert [after for _, _, after in changes(text)] == ["cohort_rank(x, [])"]


def test_windows_of_limits_are_changed() -> None:
    found = changes("[items.a]\nlimit = { month = 2 }")
    assert ("items.a.limit.month", "month", "week") in found


def test_survivors_are_named_with_their_line(tmp_path: Path) -> None:
    found = survivors(read_source(written(tmp_path, WEAK)))
    assert {(one.path, one.line, one.before, one.after) for one in found.survived} >= {
        ("facts.mark.max", 6, "100", "101"),
        ("outputs.pay.value", 37, "if(grade == '好', 100, 0)", "if(grade == '好', 101, 0)"),
    }
    assert found.killed > 0


def test_what_means_the_same_needs_no_case(tmp_path: Path) -> None:
    book = BOOK.replace("points = 1\n", "points = 1\nkeep = { year = 1 }\n")
    path = written(tmp_path, WEAK.replace("meeting = 1", "meeting = 2"), book)
    found = survivors(read_source(path))
    assert found.same == 1
    assert not any("period" in one.after for one in found.survived)


def test_the_command_shows_survivors_and_fails(tmp_path: Path) -> None:
    said: list[str] = []
    assert main([written(tmp_path, WEAK)], True, said.append) == 1
    assert any("small.toml:6  facts.mark.max：改成 100 → 101，没有案例不通过" in line for line in said)
    assert "survived" in said[-1]


def test_every_second_change_can_be_tried_alone(tmp_path: Path) -> None:
    source = read_source(written(tmp_path, WEAK))
    whole = survivors(source)
    halves = [survivors(source, every=2, first=first) for first in (0, 1)]
    assert {*halves[0].survived, *halves[1].survived} == set(whole.survived)
    assert sum(one.killed for one in halves) == whole.killed


def test_a_change_is_told_as_it_would_be_written() -> None:
    assert ("decide[0].final", "true", "false") in changes(
        '[[decide]]\ndo = "override"\nwhen = "late"\ngrade = "合格"\nfinal = true\n'
    )
