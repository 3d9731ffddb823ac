"""Totals in arrays are the totals: places near or far apart, rows in any order, whichever way is taken."""

from collections import defaultdict

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.bench.engine.bench_engine import BOOK, run
from tests.bench.engine.world import a_world
from tests.support.profiles import QUICK

from jiceng_sdk.engine import Outcome
from jiceng_sdk.engine.items import parts, staged, windows
from jiceng_sdk.engine.numbers import arrays
from jiceng_sdk.rulebook import analyse, read_file

NEAR, FAR = 40, 10**9
Rows = list[tuple[int, int]]
ROWS = st.lists(st.tuples(st.integers(0, NEAR - 1), st.integers(-9, 9)), max_size=30)
PLACES = st.sampled_from([NEAR, FAR])


def columns(rows: Rows) -> tuple[arrays.Whole, arrays.Whole]:
    """Codes and values."""
    codes, values = ([row[n] for row in rows] for n in (0, 1))
    return np.array(codes, np.int64), np.array(values, np.int64)


def by_code(rows: Rows) -> dict[int, list[int]]:
    """The values of every code."""
    found: dict[int, list[int]] = defaultdict(list)
    for code, value in rows:
        found[code].append(value)
    return dict(sorted(found.items()))


@settings(max_examples=200, **QUICK)
@given(ROWS, PLACES)
def test_rows_are_added_and_counted_by_their_code(rows: Rows, places: int) -> None:
    wanted = by_code(rows)
    codes, sums = arrays.grouped(*columns(rows), places)
    assert dict(zip(codes.tolist(), sums.tolist(), strict=True)) == {c: sum(v) for c, v in wanted.items()}
    codes, many = arrays.counted(columns(rows)[0], places)
    assert dict(zip(codes.tolist(), many.tolist(), strict=True)) == {c: len(v) for c, v in wanted.items()}
    assert codes.tolist() == list(wanted)
    assert arrays.distinct(columns(rows)[0]).tolist() == list(wanted)


@settings(max_examples=200, **QUICK)
@given(ROWS, st.sampled_from([NEAR, FAR, 2**61]), st.integers(1, 3))
def test_the_highest_of_every_code_are_kept(rows: Rows, places: int, most: int) -> None:
    wanted = [
        (code, value) for code, values in by_code(rows).items() for value in sorted(values)[::-1][:most]
    ]
    codes, values = arrays.highest(*columns(rows), most, places)
    assert list(zip(codes.tolist(), values.tolist(), strict=True)) == wanted


def test_bits_are_joined_one_by_one_or_several_at_once() -> None:
    at = np.array([0, 2, 2, 2])
    assert arrays.joined(at, np.array([3, 4, 4, 1]), 3).tolist() == [3, 0, 5]
    assert arrays.marked(at, np.array([0, 61, arrays.NO_BIT, 61]), 3).tolist() == [1, 0, 2**61]


def frames(outcome: Outcome) -> list[pl.DataFrame]:
    """What a way of adding up could change."""
    found = [outcome.results, outcome.nodes, outcome.details, outcome.issues, outcome.area, outcome.cohort]
    return [frame.select(sorted(frame.columns)) for frame in found]


@pytest.fixture(scope="module")
def usual() -> list[pl.DataFrame]:
    """The demonstration rulebook of the bench over 400 subjects."""
    return frames(run(analyse(read_file(BOOK)).usable(), a_world(400)))


def test_sorting_rows_gives_what_arrays_of_all_places_give(
    usual: list[pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays, "SPARSE", 0)
    monkeypatch.setattr(arrays, "NARROW", 0)
    again = frames(run(analyse(read_file(BOOK)).usable(), a_world(400)))
    assert all(one.equals(other) for one, other in zip(usual, again, strict=True))


def test_rows_looked_at_one_by_one_give_what_tables_of_combinations_give(
    usual: list[pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "packed", lambda *_: ())
    monkeypatch.setattr(windows, "NUMBERS", 0)
    again = frames(run(analyse(read_file(BOOK)).usable(), a_world(400)))
    assert all(one.equals(other) for one, other in zip(usual, again, strict=True))


def test_what_was_worked_out_for_one_world_serves_another(usual: list[pl.DataFrame]) -> None:
    analysis = analyse(read_file(BOOK)).usable()
    for size in (3, 50, 400):
        run(analysis, a_world(size))
    kept = len(analysis.worked)
    again = frames(run(analysis, a_world(400)))
    assert all(one.equals(other) for one, other in zip(usual, again, strict=True))
    assert len(analysis.worked) == kept


@pytest.mark.parametrize("way", ["packed", "staged"])
def test_arrays_give_what_the_general_ways_give(
    way: str, usual: list[pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "planned", lambda _plan, _form: None)
    if way == "staged":
        monkeypatch.setattr(staged, "packs_alone", lambda _plan, _form: False)
    again = frames(run(analyse(read_file(BOOK)).usable(), a_world(400)))
    assert all(one.equals(other) for one, other in zip(usual, again, strict=True))
