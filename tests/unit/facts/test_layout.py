"""Layout of facts: what goes into the two arrays comes out again, and places never move."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from jiceng.facts.rows.layout import Field, extended, packed, unpacked
from jiceng.facts.schemas import Column, Layout
from jiceng.kernel.errors import Conflict

CLAIM = [
    Field("item", "text"),
    Field("kind", "choice"),
    Field("worth", "number", 2),
    Field("late", "flag"),
    Field("due", "date"),
]


def test_numbers_flags_and_dates_share_one_array_and_words_the_other() -> None:
    layout = extended(Layout(), CLAIM)
    assert [(c.name, c.key, c.scale) for c in layout.columns] == [
        ("item", "w1", 0),
        ("kind", "w2", 0),
        ("worth", "n1", 6),
        ("late", "n2", 0),
        ("due", "n3", 0),
    ]
    assert (layout.numbers(), layout.words()) == (["n1", "n2", "n3"], ["w1", "w2"])


def test_a_field_added_later_gets_the_next_place_and_the_old_ones_keep_theirs() -> None:
    before = extended(Layout(), CLAIM)
    after = extended(before, [Field("level", "choice"), *reversed(CLAIM), Field("hours", "number", 1)])
    assert after.columns[:5] == before.columns
    assert after.columns[5:] == (Column("level", "choice", 3), Column("hours", "number", 4, 6))


def test_packing_and_unpacking_gives_back_every_value_to_the_digit() -> None:
    layout = extended(Layout(), CLAIM)
    rows = pl.DataFrame(
        {
            "subject": ["a", "b", "c"],
            "item": ["BX01", None, "自荐：修水管"],
            "kind": ["必选", "自选", None],
            "worth": [Decimal("10.25"), Decimal("-0.01"), None],
            "late": [True, False, None],
            "due": [date(2026, 2, 28), date(1969, 12, 31), None],
        }
    )
    small = packed(rows, layout)
    assert small["n1"].to_list() == [10_250_000, -10_000, None]
    assert small["n3"].to_list() == [20512, -1, None]
    assert unpacked(small, layout).select(rows.columns).to_dicts() == rows.to_dicts()


def test_whole_numbers_may_come_as_integers() -> None:
    layout = extended(Layout(), [Field("worth", "number")])
    small = packed(pl.DataFrame({"worth": [7, 0]}), layout)
    assert small["n1"].to_list() == [7_000_000, 0]
    assert unpacked(small, layout)["worth"].to_list() == [Decimal(7), Decimal(0)]


def test_a_field_that_is_not_given_is_missing() -> None:
    layout = extended(Layout(), CLAIM)
    small = packed(pl.DataFrame({"item": ["BX01"]}), layout)
    assert small.row(0, named=True) == {"w1": "BX01", "w2": None, "n1": None, "n2": None, "n3": None}


def test_a_registered_field_may_not_change_its_kind() -> None:
    layout = extended(Layout(), CLAIM)
    with pytest.raises(Conflict, match="已登记为数，规则中写成文字"):
        extended(layout, [Field("worth", "text")])


def test_a_choice_may_become_a_free_text_because_both_are_words() -> None:
    layout = extended(Layout(), CLAIM)
    assert extended(layout, [Field("kind", "text")]) == layout


def test_a_registered_number_may_not_ask_for_more_decimals_than_are_kept() -> None:
    layout = extended(Layout(), CLAIM)
    with pytest.raises(Conflict, match="已登记保留 6 位小数，规则要求 8 位"):
        extended(layout, [Field("worth", "number", 8)])
