"""What is wrong with the gaps and overlaps: every fault with its place and its exact words."""

import pytest
from tests.support.rulebook_texts import BANDS, bands, book, found

SAME_DAY = "joined = 2024-07-01"
CASES = {
    "a gap between two bands": (
        book(decide=bands(("score >= 60", "优秀"), ("score <= 59", "合格"))),
        [
            (
                "error 25 decide[0].rows",
                '有缺口，没有一行适用：score = 59.5。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: score = 59.5; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "an overlap on the line": (
        book(decide=bands(("score >= 60", "优秀"), ("score <= 60", "合格"))),
        [
            (
                "error 25 decide[0].rows",
                ('有重叠，第 1 行、第 2 行同时适用：score = 60。请改界限，或写 overlaps = "ask" 留待裁定'),
                '2 rows fit at once: score = 60; change the bounds, or declare overlaps = "ask"',
            ),
        ],
    ),
    "a gap for those without a flag": (
        book(decide=bands(("score >= 60 and late", "优秀"), ("score < 60", "合格"))),
        [
            (
                "error 25 decide[0].rows",
                '有缺口，没有一行适用：late = 否，score = 60。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: late = 否，score = 60; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "a gap between rows that compare names": (
        book(decide=bands(("score >= 90% * target", "优秀"), ("score < 80% * target", "合格"))),
        [
            (
                "error 25 decide[0].rows",
                ('有缺口，没有一行适用：score = 1，target = 1.18。请补一行，或写 gaps = "ask" 留待裁定'),
                'no row fits: score = 1，target = 1.18; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "a gap for one option": (
        book(decide=bands(("score >= 60", "优秀"), ("score < 60 and town == '东镇'", "合格"))),
        [
            (
                "error 25 decide[0].rows",
                ('有缺口，没有一行适用：score = 59.99，town = “西镇”。请补一行，或写 gaps = "ask" 留待裁定'),
                'no row fits: score = 59.99，town = “西镇”; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "a row that never fits": (
        book(decide=bands(("score >= 60", "优秀"), ("score < 60", "合格"), ("score > 200", "合格"))),
        [
            ("warning 25 decide[0].rows[2]", "这一行永远不会适用", "this row can never fit"),
        ],
    ),
    "a gap between steps": (
        book(
            items='a = { from = "meeting", steps = [{ when = "hours < 2", points = 1 }, '
            '{ when = "hours >= 3", points = 2 }] }',
            of=', "a"',
        ),
        [
            (
                "error 18 items.a.steps",
                '有缺口，没有一行适用：hours = 2.5。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: hours = 2.5; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "a declared gap": (
        book(decide=bands(("score >= 60", "优秀"), ("score <= 59", "合格"), more='gaps = "ask"')),
        [],
    ),
    "overlapping rows with a lowest grade": (
        book(decide=bands(("score >= 60", "优秀"), ("score >= 30", "合格"), more='below = "合格"')),
        [
            (
                "error 25 decide[0].rows",
                ('有重叠，第 1 行、第 2 行同时适用：score = 60。请改界限，或写 overlaps = "ask" 留待裁定'),
                '2 rows fit at once: score = 60; change the bounds, or declare overlaps = "ask"',
            ),
        ],
    ),
    "a grade below the lowest band": (
        book(decide=bands(("score >= 60", "优秀"), ("30 <= score < 60", "合格"), more='below = "合格"')),
        [],
    ),
    "a value that is missing has no other value": (
        book(
            decide=bands(
                ("missing(previous.grade)", "优秀"),
                ("previous.grade == '优秀'", "合格"),
                ("previous.grade == '合格'", "合格"),
            )
        ),
        [],
    ),
    "a gap in dates": (
        book(
            facts='joined = { kind = "date", source = "roster" }',
            decide=bands(("joined > period.end", "优秀"), ("joined < period.start", "合格")),
        ),
        [
            (
                "error 25 decide[0].rows",
                f'有缺口，没有一行适用：{SAME_DAY}。请补一行，或写 gaps = "ask" 留待裁定',
                f'no row fits: {SAME_DAY}; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "a day between two tables of years": (
        book(
            facts='joined = { kind = "date", source = "roster" }',
            decide=bands(
                ("joined > years_before(period.end, 1)", "优秀"),
                ("years_before(period.end, 2) < joined < years_before(period.end, 1)", "合格"),
                ("joined <= years_before(period.end, 2)", "优秀"),
            ),
        ),
        [
            (
                "error 25 decide[0].rows",
                '有缺口，没有一行适用：joined = 2023-12-31。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: joined = 2023-12-31; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "years follow each other": (
        book(
            facts='joined = { kind = "date", source = "roster" }',
            decide=bands(
                ("joined > months_before(period.end, 6)", "优秀"),
                ("years_before(period.end, 2) < joined <= months_before(period.end, 6)", "合格"),
                ("joined <= years_before(period.end, 2)", "优秀"),
            ),
        ),
        [],
    ),
    "a class is looked through": (
        book(
            classes="east = \"town == '东镇'\"\nwest = \"town == '西镇'\"",
            decide=bands(("east", "优秀"), ("west", "合格")),
        ),
        [],
    ),
    "a gap among grades": (
        book(decide=BANDS + bands(("grade == '优秀'", "优秀"), more='for = "late"')),
        [
            (
                "error 29 decide[1].rows",
                '有缺口，没有一行适用：grade = “合格”，late = 是。请补一行，或写 gaps = "ask" 留待裁定',
                'no row fits: grade = “合格”，late = 是; add a row, or declare gaps = "ask"',
            ),
        ],
    ),
    "ranks begin with one": (
        book(
            items='a = { steps = [{ when = "cohort_rank(mark) == 1", points = 2 }, '
            '{ when = "cohort_rank(mark) > 1", points = 0 }] }',
            of=', "a"',
        ),
        [],
    ),
    "bands for one class": (
        book(
            classes="east = \"town == '东镇'\"",
            decide=bands(("town == '东镇'", "优秀"), ("town == '西镇'", "合格"))
            + bands(("east", "优秀"), more='for = "east"'),
        ),
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_fault_is_told_with_place_and_words(name: str) -> None:
    text, faults = CASES[name]
    assert found(text) == faults
