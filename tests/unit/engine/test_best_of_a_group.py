"""A group may count only those of its members that give most."""

from decimal import Decimal

import pytest
from tests.unit.engine.books import HEAD, marked, ran, understood

from jiceng_sdk.engine import Outcome, lines
from jiceng_sdk.faults import Faults

BOOK = (
    HEAD
    + """
[facts]
x = { kind = "number", min = 0, max = 200 }
y = { kind = "number", min = 0, max = 200, default = 0 }
flag = { kind = "flag" }
[items]
a = { title = "甲", points = "x" }
b = { title = "乙", points = "y" }
c = { title = "丙", points = 30 }
d = { title = "丁", points = 50, for = "flag" }
[groups.score]
"""
)
SUBJECTS = marked(10, 40, None, 60, y=[20, 35, 10, 0], flag=[False, True, False, True])


def scores(outcome: Outcome) -> list[Decimal | None]:
    return [None if one is None else one.normalize() for one in outcome.nodes["score"]]


def test_the_two_that_give_most_are_added_up() -> None:
    found = ran(BOOK + 'of = ["a", "b", "c", "d"]\nkeep = 2\n', SUBJECTS)
    assert scores(found) == [50, 90, None, 110]


def test_weights_say_what_gives_most() -> None:
    """a × 3: 30, 120, –, 180 beside b, c, d."""
    found = ran(BOOK + "of = { a = 3, b = 1, c = 1, d = 1 }\nkeep = 1\n", SUBJECTS)
    assert scores(found) == [30, 120, None, 180]


def test_the_mean_of_three_is_that_of_those_that_apply() -> None:
    found = ran(BOOK + 'of = ["a", "b", "c", "d"]\ncombine = "mean"\nkeep = 3\nround = 1\n', SUBJECTS)
    assert scores(found) == [20, Decimal("41.7"), None, Decimal("46.7")]


def test_the_lines_say_which_members_were_not_taken() -> None:
    text = BOOK + 'of = ["a", "b", "c", "d"]\nkeep = 2\n'
    found = lines(understood(text), ran(text, SUBJECTS), "s1")
    assert sum(line.points for line in found) == 90
    assert [line.because for line in found if line.kind == "pick"] == [
        "乙 +35：未取（本组取最高的 2 项）",
        "丙 +30：未取（本组取最高的 2 项）",
    ]


@pytest.mark.parametrize(
    ("group", "words"),
    [
        (
            'of = ["a", "b", "c", "d"]\nkeep = 4',
            "keep 是只取最高的几项，要在 1 到 3 之间；成员有 4 个，全取就不写",
        ),
        ('of = ["a", "b", "c", "d"]\nkeep = -1', "要在 1 到 3 之间"),
        ('of = ["a", "b", "c", "d"]\nkeep = 2\ncombine = "max"', "combine = 'max' 只取一项，不能再写 keep"),
        ("of = { a = 2, b = 1, c = 1, d = 1 }\nkeep = 2\ncombine = 'mean'", "各成员的权重要一样"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused(group: str, words: str) -> None:
    with pytest.raises(Faults, match=words):
        understood(BOOK + group + "\n")
