"""The states of a claim: every pair of state and act is a move of the table, or refused with the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.kernel.moves import IllegalMove
from jiceng_points.claims.life import HOLDING, LIFE, MOVES, Act, State

ENDS = {State.WITHDRAWN, State.LAPSED}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_every_move_is_in_the_table_or_refused(state: State, act: Act) -> None:
    if (state, act) in MOVES:
        assert LIFE.after(state, act) is MOVES[state, act]
    else:
        with pytest.raises(IllegalMove):
            LIFE.after(state, act)


def test_what_is_withdrawn_or_lapsed_stays_so_and_holds_no_place() -> None:
    assert {state for state in State if not LIFE.allowed(state)} == ENDS
    assert set(State) - ENDS == HOLDING


@given(st.lists(st.sampled_from(list(Act)), max_size=30))
def test_whatever_is_tried_points_count_only_after_a_report_and_a_verification(acts: list[Act]) -> None:
    state, taken = State.CLAIMED, []
    for act in acts:
        if act in LIFE.allowed(state):
            state = LIFE.after(state, act)
            taken.append(act)
    if state is State.VERIFIED:
        assert taken[-2:] == [Act.COMPLETE, Act.VERIFY]
