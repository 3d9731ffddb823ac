"""An outcome in blocks is the same outcome again, and each block stands alone."""

import io
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from jiceng.evaluation.stored import blocks
from jiceng_sdk.engine import Outcome, Period, evaluate, unpack
from jiceng_sdk.rulebook import analyse, read_rulebook

BOOK = """
subject = "member"
grades = ["优", "良"]

[facts]
mark = { kind = "number" }
told = { kind = "number", each = "month", default = 0 }

[items]
monthly = { points = "told", each = "month", across = "sum" }
marked = { points = "mark" }

[groups]
score = { of = ["monthly", "marked"] }

[[decide]]
do = "bands"
gaps = "ask"
rows = [{ when = "score > 3", grade = "优" }, { when = "score < 3", grade = "良" }]

[area]
best = { value = "share(grade == '优')" }
"""


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    """Seven subjects; two wait for a ruling."""
    subjects = pl.DataFrame({"subject": list("gfedcba"), "mark": [1, 2, 3, 4, 5, 3, 7]})
    told = pl.DataFrame({"subject": ["g", "a"], "k": [0, 1], "value": [4, 1]})
    period = Period("year", date(2026, 1, 1), date(2026, 12, 31))
    return evaluate(analyse(read_rulebook(BOOK, "b")), subjects, {"told": told}, period=period)


def test_blocks_put_together_are_the_outcome(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 3)
    packed = blocks.blocks(outcome)
    assert len(packed) == 3
    again = blocks.whole(packed)
    for name in ("results", "nodes", "details", "issues", "area", "cohort"):
        assert_frame_equal(getattr(again, name), getattr(outcome, name), check_dtypes=False)
    assert again.cells.keys() == outcome.cells.keys()
    assert again.issues.height == 2


def test_a_block_explains_its_own_subjects(outcome: Outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 3)
    packed = blocks.blocks(outcome)
    assert [blocks.part_of("outcome", n) for n in (0, 2, 3, 6)] == ["outcome"] * 2 + [
        "outcome 1",
        "outcome 2",
    ]
    block = unpack(packed[1])
    assert block.results["subject"].to_list() == ["d", "c", "b"]
    one = block.of("b")
    assert one.nodes["score"].to_list() == [Decimal(3)]
    assert one.issues.height == 1
    assert set(one.cells["month"]["subject"]) == {"b"}


def test_few_subjects_are_one_block(outcome: Outcome) -> None:
    assert len(blocks.blocks(outcome)) == 1


def test_a_frame_in_blocks_is_the_frame_and_an_empty_one_has_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "SIZE", 3)
    frame = pl.DataFrame({"subject": list("gfedcba"), "mark": [1, 2, 3, 4, 5, 3, 7]})
    packed = [pl.read_ipc(io.BytesIO(one)) for one in blocks.frame_blocks(frame)]
    assert [one.height for one in packed] == [3, 3, 1]
    assert_frame_equal(pl.concat(packed), frame)
    assert [pl.read_ipc(io.BytesIO(one)).height for one in blocks.frame_blocks(frame.clear())] == [0]
