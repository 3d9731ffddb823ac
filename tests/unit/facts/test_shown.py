"""Fields of a fact in words, out of the two arrays."""

from datetime import date
from decimal import Decimal

import pytest

from jiceng.facts.rows.shown import in_words, value_of
from jiceng.facts.schemas import Column, Value

NUMBERS = [12_500_000, 1, 20512, None, -3_000_000]
WORDS = ["必选", None]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        (Column("worth", "number", 1, 6), Decimal("12.5"), "12.5"),
        (Column("late", "flag", 2), True, "是"),
        (Column("due", "date", 3), date(2026, 2, 28), "2026-02-28"),
        (Column("lost", "number", 4, 6), None, ""),
        (Column("fine", "number", 5, 6), Decimal(-3), "-3"),
        (Column("kind", "choice", 1), "必选", "必选"),
        (Column("note", "text", 2), None, ""),
        (Column("registered_later", "text", 3), None, ""),
        (Column("number_later", "number", 6, 6), None, ""),
    ],
    ids=lambda part: part.name if isinstance(part, Column) else "",
)
def test_a_field_is_read_from_its_place_and_said(column: Column, value: Value, words: str) -> None:
    assert value_of(column, NUMBERS, WORDS) == value
    assert in_words(value) == words


def test_no_is_a_word_too() -> None:
    assert in_words(value_of(Column("late", "flag", 1), [0], [])) == "否"


def test_whole_hundreds_are_not_written_with_an_exponent() -> None:
    assert in_words(Decimal("1200.00")) == "1200"
