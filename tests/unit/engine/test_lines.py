"""Every score is explained: the lines add up to it exactly, everything that changed it is a line."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from tests.unit.engine.books import BANDS, HEAD, MARK, day, marked, ran, understood

from jiceng_sdk.engine import Line, lines, pack, unpack

BOOK = (
    HEAD
    + MARK
    + """
[facts.meet]
kind = "event"
fields = { hours = { kind = "number", min = 0, max = 24, places = 1 }, late = "flag", mended = "flag" }
[facts.rural]
kind = "flag"
[items.meets]
title = "组织生活"
clause = "第五条"
from = "meet"
points = 3
limit = { month = 4 }
cap = 5
[items.tardy]
title = "迟到"
from = "meet"
when = "late"
points = -2
restored = "mended"
[items.rubric]
title = "班子"
start = 20
floor = 0
checks = [
  { when = "x > 50", points = -15, title = "过半" },
  { when = "flag", points = -10, clause = "1.2" },
]
[items.land]
title = "土地"
for = "rural"
points = 7
[items.best]
title = "特长"
points = "x / 7"
[items.idle]
title = "平时"
from = "meet"
when = "hours > 20"
points = 1
[groups.pick]
title = "取高"
of = ["best", "idle"]
combine = "max"
[groups.mid]
title = "均分"
of = { meets = 1, rubric = 1, land = 1 }
combine = "mean"
[groups.gated]
title = "门槛"
of = ["tardy"]
gate = "x > 10"
[groups.score]
title = "总分"
of = { pick = 0.5, mid = 0.35, gated = 1 }
start = 60
cap = 66
round = 1
"""
    + BANDS
    + """
[[decide]]
do = "override"
title = "否决"
when = "x > 150"
score = 0
grade = "一"
[outputs.pay]
title = "绩效"
value = "score * 2"
unit = "元"
"""
)
MEETS = pl.DataFrame(
    {
        "subject": ["s0", "s0", "s0", "s1"],
        "date": [day(1), day(1, 2), day(3), day(4)],
        "hours": [Decimal(1), Decimal(2), Decimal(3), Decimal(23)],
        "late": [True, True, False, False],
        "mended": [True, False, False, False],
    }
)


@pytest.fixture(scope="module")
def outcome() -> Any:
    subjects = marked(60, 8, 160, None, flag=[False, True, False, False], rural=[True, False, False, False])
    return unpack(pack(ran(BOOK, subjects, {"meet": MEETS})))


def explained(outcome: Any, subject: str) -> tuple[Line, ...]:
    return lines(understood(BOOK), outcome, subject)


def of_kind(found: tuple[Line, ...], kind: str) -> list[tuple[str, str, Decimal]]:
    return [(line.path, line.because, line.points) for line in found if line.kind == kind]


@pytest.mark.parametrize("subject", ["s0", "s1", "s2"])
def test_the_points_add_up_to_the_score(outcome: Any, subject: str) -> None:
    score = outcome.of(subject).results["score"][0]
    assert sum(line.points for line in explained(outcome, subject)) == score


def test_both_sides_of_what_was_restored_are_shown(outcome: Any) -> None:
    found = explained(outcome, "s0")
    late = [(line.kind, line.raw) for line in found if line.path == "items.tardy"]
    assert late == [("item", Decimal(-4)), ("restored", Decimal(2))]


def test_caps_starts_floors_rounding_are_lines(outcome: Any) -> None:
    kinds = {line.kind for line in explained(outcome, "s0")} | {
        line.kind for line in explained(outcome, "s1")
    }
    assert {"cap", "start", "round", "weight", "mean", "pick", "gate", "check", "restored"} <= kinds


def test_every_row_of_a_rubric_that_matched_is_a_line(outcome: Any) -> None:
    assert [path for path, _, _ in of_kind(explained(outcome, "s0"), "check")] == ["items.rubric.checks[0]"]
    assert [path for path, _, _ in of_kind(explained(outcome, "s1"), "check")] == ["items.rubric.checks[1]"]


def test_items_at_nought_say_why(outcome: Any) -> None:
    because = [line.because for line in explained(outcome, "s1")]
    assert "土地：不适用于该对象，不计分" in because
    assert "门槛：必备条件未达到，本组计 0 分" in because


def test_a_veto_takes_the_score_away_on_one_line(outcome: Any) -> None:
    found = explained(outcome, "s2")
    ((path, because, points),) = of_kind(found, "veto")
    assert (path, because, points) == ("decide[1]", "否决：得分由 66 改为 0", Decimal(-66))
    assert of_kind(found, "output") == [("outputs.pay", "绩效：0元", Decimal(0))]


def test_an_incomplete_subject_has_no_point_lines_but_what_is_missing(outcome: Any) -> None:
    found = explained(outcome, "s3")
    assert [line.points for line in found if line.points] == []
    assert of_kind(found, "ruling") == [("x", "待裁定：未填报：x", Decimal(0))]


def test_a_stranger_has_no_explanation(outcome: Any) -> None:
    with pytest.raises(KeyError):
        explained(outcome, "s9")
