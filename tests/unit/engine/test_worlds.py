"""Worlds: the first of every subject keeps its place, others stand behind, those alike become one."""

import numpy as np
import polars as pl
import pytest
from polars.exceptions import DuplicateError, ShapeError
from tests.bench.engine.bench_engine import BOOK, PERIOD
from tests.bench.engine.world import a_world

from jiceng_sdk.engine.decide.state import FINAL, GRADE, State
from jiceng_sdk.engine.evaluate import opened, prepared
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.rulebook import analyse, read_file


def a_state(size: int = 4) -> State:
    world = a_world(size)
    analysis = analyse(read_file(BOOK)).usable()
    board = opened(analysis, world.subjects, world.facts, period=PERIOD, previous=world.previous)
    return State(board, prepared(board))


def test_further_worlds_stand_behind_in_the_order_added() -> None:
    state = a_state()
    state.grows(np.array([2, 0]), {GRADE: np.array([5, 4])})
    assert state.key.tolist() == [0, 1, 2, 3, 2, 0]
    assert state.grade.tolist() == [0, 0, 0, 0, 5, 4]
    assert state.many.tolist() == [True, False, True, False, True, True]
    assert state.split


def test_a_copy_stands_where_the_first_world_of_a_subject_was_lost() -> None:
    state, rows = a_state(), np.array([1, 1, 1])
    state.grows(rows, {GRADE: np.array([5, 4, 3])}, without=np.array([1]))
    assert state.key.tolist() == [0, 1, 2, 3, 1, 1]
    assert state.grade.tolist() == [0, 5, 0, 0, 4, 3]


def test_a_world_behind_that_is_lost_leaves_the_first_where_it_is() -> None:
    state = a_state()
    state.grows(np.array([1]), {GRADE: np.array([5])})
    state.grows(np.array([4]), {GRADE: np.array([3])}, without=np.array([4]))
    assert state.key.tolist() == [0, 1, 2, 3, 1]
    assert state.grade.tolist() == [0, 0, 0, 0, 3]


def test_worlds_that_are_alike_again_become_one() -> None:
    state = a_state()
    state.grows(np.array([1, 2, 2]), {GRADE: np.array([5, 4, 4])})
    state.put(state.key == 1, GRADE, 2)
    state.merge()
    assert state.key.tolist() == [0, 1, 2, 3, 2]
    assert state.grade.tolist() == [0, 2, 0, 0, 4]
    assert state.many.tolist() == [False, False, True, False, True]


def test_worlds_with_other_marks_stay_apart() -> None:
    state = a_state()
    state.grows(np.array([1]), {FINAL: np.array([True])})
    state.merge()
    assert state.key.tolist() == [0, 1, 2, 3, 1]


def test_what_a_decision_left_does_not_change_with_later_worlds() -> None:
    state = a_state()
    state.left["decide[0]:grade"] = state.grade[: state.many_subjects]
    state.grows(np.array([0, 0]), {GRADE: np.array([5, 4])}, without=np.array([0]))
    assert state.left["decide[0]:grade"].tolist() == [0, 0, 0, 0]  # type: ignore[union-attr] # an array


def test_a_grade_is_said_anew_only_when_it_changed() -> None:
    state = a_state()
    before = state.column(GRADE)
    assert state.column(GRADE) is before
    state.put(np.array([True, False, False, False]), GRADE, 3)
    assert state.column(GRADE) is not before
    assert state.column(GRADE).data.tolist() == [3, 0, 0, 0]


def test_columns_of_other_lengths_or_one_name_make_no_frame() -> None:
    one = pl.Series("a", [1, 2])
    assert framed([one]).to_dict(as_series=False) == {"a": [1, 2]}
    assert framed([one, pl.Series("b", [3, 4])]).columns == ["a", "b"]
    with pytest.raises(ShapeError):
        framed([one, pl.Series("b", [3])])
    with pytest.raises(DuplicateError):
        framed([one, pl.Series("a", [3, 4])])
