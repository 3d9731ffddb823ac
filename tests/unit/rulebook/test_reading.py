"""Reading is bounded and exact: short forms, exact numbers, hostile files."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.rulebook_texts import BANDS, book, found

from jiceng_sdk.expressions import Formula
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook import Field, Limit, Rounding, examine, from_json, read_file, read_rulebook, to_json


def test_short_forms_become_one_form() -> None:
    text = book(
        items='a = { from = "meeting", points = 0.5, limit = { month = [-6, 6], form = 3, day = 2 } }\n'
        'b = { from = "meeting", points = 1, quorum = 3, round = { places = 1, mode = "down" } }',
        of=', "a", "b"',
        group=", round = 2",
    )
    read = read_rulebook(text)
    assert read.facts["meeting"].fields == {
        "form": Field(kind="choice", options=("党课", "大会")),
        "hours": Field(kind="number", min=Decimal(0), max=Decimal(24)),
    }
    assert read.items["a"].limit == (
        Limit(per="form", high=Decimal(3)),
        Limit(per="day", high=Decimal(2)),
        Limit(per="month", low=Decimal(-6), high=Decimal(6)),
    )
    assert read.items["a"].points == Formula("0.5")
    assert read.items["b"].quorum == Formula("3")
    assert read.items["b"].round == Rounding(places=1, mode="down")
    assert read.groups["score"].of == {"base": 1, "a": 1, "b": 1}
    assert read.groups["score"].round == Rounding(places=2, mode="half_up")


def test_numbers_are_exact() -> None:
    read = read_rulebook(
        book(
            items='a = { value = "mark", line = [[0, 0.1], [0.3, 12345678901234.5]] }',
            of=', "a"',
            group=", round = 1",
        )
    )
    assert read.items["a"].line == (
        (Decimal(0), Decimal("0.1")),
        (Decimal("0.3"), Decimal("12345678901234.5")),
    )


def test_an_unscored_override_is_a_word_and_no_formula() -> None:
    text = book(decide='[[decide]]\ndo = "override"\nwhen = "late"\nscore = "none"\ngrade = "合格"\n')
    analysis = examine(text).analysis
    assert analysis is not None
    assert [path for path in analysis.formulas if path.startswith("decide")] == ["decide[0].when"]
    assert analysis.book.decide[0].unscored  # type: ignore[union-attr]  # an override


def test_a_syntax_error_names_its_line() -> None:
    assert [(f.line, f.column, f.zh) for f in examine('title = "a"\nsubject = \n', "f.toml").faults] == [
        (2, 11, "不是合格的 TOML：等号后面的值写得不对（文字要加引号）")
    ]


def test_faults_of_one_reading_are_told_together_in_order_of_lines() -> None:
    text = book(
        items='a = { points = "mrk +", cap = "late" }\nb = { point = 1, from = "x" }', of=', "a", "b"'
    )
    assert [line for line, _, _ in found(text)] == [
        "error 18 items.a.points 第 6 字",
        "error 18 items.a.cap 第 1 字",
        "error 19 items.b.point",
        "error 19 items.b.from",
    ]
    text = text.replace("point =", "points =")
    assert [line for line, _, _ in found(text)] == [
        "error 18 items.a.points 第 6 字",
        "error 18 items.a.cap 第 1 字",
        "error 19 items.b.from",
    ]


BESIDES = {
    "a key like no other is left out": (
        book(items='a = { points = 1, zzzzzz = 2 }\nb = { points = "nowhere" }', of=', "a", "b"'),
        ["error 18 items.a.zzzzzz", "error 19 items.b.points 第 1 字"],
    ),
    "a section of another name is read under its own": (
        book(items='b = { points = "nowhere" }', of=', "b"').replace("[facts]", "[fact]"),
        ["error 7 fact", "error 18 items.b.points 第 1 字"],
    ),
    "the nearest name takes another kind of value": (
        book(items='a = { point = [1] }\nb = { points = "nowhere" }', of=', "a", "b"'),
        ["error 18 items.a.point"],
    ),
    "both names are there": (
        book(items='a = { points = 1, point = 2 }\nb = { points = "nowhere" }', of=', "a", "b"'),
        ["error 18 items.a.point", "error 19 items.b.points 第 1 字"],
    ),
    "a key in a list": (
        book(items='b = { points = "nowhere" }', of=', "b"', decide=BANDS + "placees = 2\n"),
        ["error 18 items.b.points 第 1 字", "error 26 decide[0].placees"],
    ),
    "a section like no other": (
        book(items='b = { points = "nowhere" }', of=', "b"', rest="[zzzzzz]\n"),
        ["error 27 zzzzzz"],
    ),
    "a key with a dot": (
        book(items='b = { points = "nowhere" }\n"a.c" = { point = 1 }', of=', "b"'),
        ["error 18 items.b.points 第 1 字", "error 19 items.a.c.point", *["error 19 items.a.c"] * 2],
    ),
}


@pytest.mark.parametrize("name", BESIDES)
def test_what_else_is_wrong_is_told_beside_unknown_keys(name: str) -> None:
    text, places = BESIDES[name]
    assert [place for place, _, _ in found(text) if place.startswith("error")] == places


def test_a_file_may_begin_with_the_mark_of_windows(tmp_path: Path) -> None:
    file = tmp_path / "book.toml"
    file.write_text(book(), "utf-8-sig")
    assert read_file(file) == examine(book()).book
    file.write_text(book(), "gbk")
    with pytest.raises(Faults) as told:
        read_file(file)
    assert [(fault.file, fault.en) for fault in told.value.faults] == [(str(file), "cannot be read as UTF-8")]


HOSTILE = {
    "deep brackets": ("a = " + "[" * 50_000 + "]" * 50_000, "嵌套太深"),
    "a key of very many parts": ("a" + ".a" * 500_000 + " = 1", "嵌套太深"),
    "such a key, oddly written": ("'a'" + '\t. "b"' * 50_000 + " = 1", "嵌套太深"),
    "a table of such a name": ("[" + "a" * 300 + ("." + "a" * 300) * 9_000 + "]", "嵌套太深"),
    "an endless number": ("a = " + "9" * 10_000, "有太长或无法表示的数"),
    "an endless exponent": ("a = 1e9999999999999999999999", "有太长或无法表示的数"),
    "too many characters": ("#" * 4_000_001, "文件太大：最多 4000000 个字"),
    "too many parts": (
        'subject = "member"\n[classes]\n' + "".join(f'c{n} = "true"\n' for n in range(20_001)),
        "部件太多：20001 个，最多 20000 个，请拆成若干份",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words(name: str) -> None:
    text, words = HOSTILE[name]
    assert [fault.zh for fault in examine(text).faults] == [words]


def test_a_long_line_that_cannot_be_read_is_told_at_once() -> None:
    began = time.process_time()
    assert [fault.code for fault in examine("中" * 300_000).faults] == ["syntax"]
    assert time.process_time() - began < 2


def test_ten_thousand_items_are_read_within_seconds() -> None:
    items = "\n".join(
        f'i{n} = {{ from = "meeting", when = "hours > {n % 24}", points = 1 }}' for n in range(10_000)
    )
    text = book(items=items, of="".join(f', "i{n}"' for n in range(10_000)))
    begun = time.process_time()
    assert found(text) == []
    assert time.process_time() - begun < 10


def test_a_chain_of_three_thousand_items_is_no_recursion() -> None:
    items = "\n".join(f'i{n} = {{ points = "i{n - 1} + 1" }}' for n in range(1, 3_000))
    text = book(items='i0 = { points = "mark" }\n' + items, of=', "i2999"')
    analysis = examine(text).analysis
    assert analysis is not None
    assert analysis.order[:3] == ("base", "i0", "i1")
    assert analysis.order[-2:] == ("i2999", "score")


def test_json_that_is_none_is_refused() -> None:
    for raw in ("", "[", "[" * 5_000, "[]", "3", '{"subject": 1e400}'):
        with pytest.raises(Faults):
            from_json(raw)


def test_json_numbers_stay_exact() -> None:
    read = read_rulebook(book(facts='exact = { kind = "number", max = 0.30, min = 0, places = 12 }'))
    assert b'"max":0.30' in to_json(read)
    assert from_json(to_json(read)) == read


def test_negative_places_are_faults_and_no_crash() -> None:
    text = book(
        facts='days = { kind = "number", places = -1 }',
        items='a = { round = -1, steps = [{ when = "days < 3", points = 1 }, '
        '{ when = "days >= 3", points = 2 }] }',
        of=', "a"',
    )
    assert [(line, zh) for line, zh, _ in found(text)] == [
        ("error 15 facts.days.places", "places 要在 0 到 12 之间"),
        ("error 18 items.a.round", "round 要在 0 到 12 位之间"),
    ]


def test_a_group_of_facts_is_a_fault_and_no_crash() -> None:
    assert [line for line, _, _ in found(book(of=', "town"'))] == ["error 20 groups.score.of.town"]


SYNTAX = {
    "[facts]\n人口 = 3": (2, 1, '这一行写得不对；中文的键要加引号，如 "优秀" = 20'),
    "[事实]\n": (1, 2, '键写得不对；中文的键要加引号，如 "优秀" = 20'),
    "a ＝ 3": (1, 3, "键的后面要有等号；标点请用半角"),
    "a = “好”": (1, 5, "等号后面的值写得不对（文字要加引号）；标点请用半角"),
    "a = 1\na = 2": (2, 0, "同一个键写了两次"),
    "[a]\n[a]": (2, 3, "同一个表写了两次"),
    "a = [1": (1, 0, "方括号 [ ] 没有成对"),
    'a = "好': (1, 0, "引号没有成对"),
    "a = 1 b = 2": (1, 7, "一行写了两件事，请换行"),
    "a = 2026-13-01": (1, 9, "一行写了两件事，请换行；日期写成 2026-01-01，且要真有这一天"),
}


@pytest.mark.parametrize("text", SYNTAX)
def test_a_syntax_error_is_told_in_chinese_with_its_usual_cause(text: str) -> None:
    line, column, words = SYNTAX[text]
    (fault,) = examine(text).faults
    assert (fault.line, fault.column, fault.zh) == (line, column, f"不是合格的 TOML：{words}")
