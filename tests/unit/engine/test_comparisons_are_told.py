"""A score that was compared with others says what with: best, mean, deviation, rank, among whom."""

from decimal import Decimal

import pytest
from tests.unit.engine.books import HEAD, MARK, marked, ran, understood

from jiceng_sdk.engine import lines, pack, unpack

BOOK = (
    HEAD
    + MARK
    + """
[facts.town]
kind = "choice"
title = "镇"
options = ["甲", "乙"]
[items.best]
title = "比例"
points = "10 * x / cohort_max(x)"
[items.standard]
title = "标准分"
points = "if(cohort_deviation(x, 4) == 0, 0, (x - cohort_mean(x, ['town'])) / cohort_deviation(x, 4))"
[items.middle]
title = "超出"
points = "max(0, x * 2 - cohort_median(x * 2))"
[items.place]
title = "名次分"
for = "cohort_rank(best) <= 2"
points = 5
[items.each]
title = "各说各的"
value = "x"
points = "cohort_min(value) - cohort_min(value)"
[groups.score]
title = "总分"
of = ["best", "standard", "middle", "place", "each"]
start = "cohort_count(x > 60)"
round = 2
"""
)


def told(subject: str) -> list[str]:
    outcome = ran(BOOK, marked(70, 90, 60, 0, town=["甲", "甲", "乙", "乙"]))
    found = lines(understood(BOOK), unpack(pack(outcome)), subject)
    assert sum(line.points for line in found) == outcome.of(subject).results["score"][0]
    assert {line.points for line in found if line.kind == "compared"} == {Decimal(0)}
    return [line.because for line in found if line.kind == "compared"]


def test_every_comparison_is_a_sentence_with_what_the_subject_has_itself() -> None:
    assert told("s0") == [
        "总分：全体符合条件的有 2 个",
        "比例：全体“x”最高为 90，本对象为 70",
        "标准分：全体“x”标准差为 33.541，本对象为 70",
        "标准分：同镇“x”平均为 80，本对象为 70",
        "超出：全体所比的数中位数为 130，本对象为 140",
        "名次分：“比例”在全体中排第 2 名，本对象为 7.777778",
    ]


@pytest.mark.parametrize("subject", ["s2", "s3"])
def test_the_rank_is_told_to_those_an_item_does_not_apply_to(subject: str) -> None:
    rank = {"s2": "第 3 名，本对象为 6.666667", "s3": "第 4 名，本对象为 0"}[subject]
    assert told(subject)[-1] == f"名次分：“比例”在全体中排{rank}"


def test_other_rulebooks_keep_nothing_more() -> None:
    plain = HEAD + MARK + '[items.i]\npoints = "x"\n[groups.score]\nof = ["i"]\n'
    assert ran(plain, marked(70)).details.columns == ["subject"]
