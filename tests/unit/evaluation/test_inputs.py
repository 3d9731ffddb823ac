"""The digest of a run's inputs: equal for equal inputs; another when the outcome could change."""

from datetime import date
from typing import Any

import msgspec
import polars as pl
import pytest

from jiceng.evaluation.runs.inputs import Inputs, digest, frame_digest

INPUTS = Inputs(
    scheme="points",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
    rulebook="a" * 64,
    engine="1",
    plugin="points 0.1.0",
    subjects="b" * 64,
    watermark=70_000,
)
ROSTER = pl.DataFrame(
    {"subject": ["a", "b", "c"], "category": ["社区", None, ""], "late": [True, False, None]}
)


def test_the_same_inputs_have_the_same_digest() -> None:
    again = msgspec.convert(msgspec.to_builtins(INPUTS), Inputs)
    assert digest(INPUTS) == digest(again)
    assert len(digest(INPUTS)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"scheme": "star"},
        {"last_day": date(2026, 6, 30)},
        {"rulebook": "c" * 64},
        {"engine": "2"},
        {"plugin": "points 0.2.0"},
        {"subjects": "c" * 64},
        {"watermark": 70_001},
        {"previous": ("d" * 64,)},
        {"rulings": ("e" * 64,)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_could_change_the_outcome_changes_the_digest(change: dict[str, Any]) -> None:
    assert digest(msgspec.structs.replace(INPUTS, **change)) != digest(INPUTS)


def test_the_digest_of_a_frame_ignores_the_order_of_rows_and_columns() -> None:
    assert frame_digest(ROSTER[::-1].select("late", "subject", "category")) == frame_digest(ROSTER)


def test_a_missing_word_is_not_an_empty_one() -> None:
    filled = ROSTER.with_columns(pl.col("category").fill_null(""))
    assert frame_digest(filled) != frame_digest(ROSTER)


def test_one_changed_cell_changes_the_digest() -> None:
    moved = ROSTER.with_columns(category=pl.col("category").replace("社区", "农村"))
    assert frame_digest(moved) != frame_digest(ROSTER)
