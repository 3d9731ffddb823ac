"""Bands over one number come to the same by stretches and row by row: grades, questions, possible grades."""

import pytest
from tests.unit.engine.books import HEAD, MARK, TOTAL, grades, marked, ran

from jiceng_sdk.engine import Outcome
from jiceng_sdk.engine.decide import bands

MARKS = ("0", "59.99", "60", "60.01", "69.99", "70", "70.01", "79.99", "80", "80.01", "85", "90", "200", None)
SEVERAL = {
    "chained": ["score >= 80", "70 <= score < 80", "60 < score < 70", "score <= 60"],
    "turned": ["80 <= score", "80 > score and score >= 70", "70 > score and not score <= 60", "60 >= score"],
    "gap and overlap": ["score >= 80", "70 < score <= 85", "60 <= score < 70", "score < 60"],
    "single numbers": ["score > 80", "score == 80 or score == 70", "score in [60, 85]", "score < 60"],
}


def ended(rows: list[str]) -> Outcome:
    """What comes of these conditions, best grade first."""
    text = ", ".join(
        f'{{ when = "{when}", grade = "{grade}" }}' for when, grade in zip(rows, "五四三二", strict=True)
    )
    ask = f'[[decide]]\ndo = "bands"\ngaps = "ask"\noverlaps = "ask"\nrows = [{text}]\n'
    return ran(HEAD + MARK + TOTAL + ask, marked(*MARKS))


@pytest.mark.parametrize("rows", SEVERAL.values(), ids=SEVERAL)
def test_stretches_say_what_the_rows_say_one_by_one(rows: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    by_stretches = ended(rows)
    monkeypatch.setattr(bands, "stretched", lambda *_: None)
    one_by_one = ended(rows)
    for name in ("results", "issues", "details"):
        assert getattr(by_stretches, name).equals(getattr(one_by_one, name)), name


def test_at_a_bound_a_gap_and_an_overlap_every_mark_has_its_row() -> None:
    found = grades(ended(SEVERAL["gap and overlap"]))
    expected: dict[str | None, str | None] = {
        **dict.fromkeys(("0", "59.99"), "二"),
        **dict.fromkeys(("60", "60.01", "69.99"), "三"),
        "70": None,
        **dict.fromkeys(("70.01", "79.99"), "四"),
        **dict.fromkeys(("80", "80.01", "85"), None),
        **dict.fromkeys(("90", "200"), "五"),
        None: None,
    }
    assert dict(zip(MARKS, found, strict=True)) == expected
