"""What two runs are compared by."""

from types import SimpleNamespace
from typing import Any

import polars as pl

from jiceng.evaluation.results.comparing import _decided


def test_two_decisions_of_one_title_are_told_apart() -> None:
    outcome: Any = SimpleNamespace(
        details=pl.DataFrame(
            {"subject": ["b1"], "decide[0]:grade": [2], "decide[1]:grade": [1], "decide[3]:grade": [None]}
        ),
        grades=("好", "差"),
    )
    titles = ("按分数定等", "按分数定等", "按分数定等", "")
    book: Any = SimpleNamespace(decide=[SimpleNamespace(title=title) for title in titles], grades=())
    assert _decided(outcome, ["b1"], book) == {
        "b1": {"按分数定等": "好", "按分数定等（之2）": "差", "第 4 步决定": "未定"}
    }
