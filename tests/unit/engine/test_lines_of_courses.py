"""Decisions that could run in several ways with one end are explained too."""

from decimal import Decimal

import polars as pl
from tests.unit.engine.books import HEAD, MARK, ran, understood

from jiceng_sdk.engine import lines, pack, unpack

BOOK = f"""{HEAD}{MARK}
[facts.vote]
kind = "ballot"
fields = {{ mark = {{ kind = "number", min = 0, max = 100 }} }}
[items.voted]
from = "vote"
points = "mark"
combine = "mean"
[items.known]
points = "x"
[groups.score]
of = ["voted", "known"]
[[decide]]
do = "override"
title = "低分照顾"
when = "score < 10"
score = 50
grade = "三"
final = true
[[decide]]
do = "override"
title = "统一认定"
when = "x >= 0"
score = 50
grade = "三"
"""


def test_a_score_set_alike_by_every_possible_course_has_a_line() -> None:
    subjects = pl.DataFrame({"subject": ["s0"], "x": [7], "flag": [False]})
    outcome = ran(BOOK, subjects, {"vote": pl.DataFrame(schema={"subject": pl.String, "mark": pl.Int64})})
    assert outcome.results.select("status", "score", "grade").row(0) == ("rated", Decimal(50), "三")
    for stored in (outcome, unpack(pack(outcome))):
        found = [line for line in lines(understood(BOOK), stored, "s0") if line.points]
        assert [(line.path, line.kind, line.points) for line in found] == [("decide[1]", "veto", Decimal(50))]
        assert found[0].because == "统一认定：得分由 0 改为 50（有条件无法判断，各种可能结果相同）"
