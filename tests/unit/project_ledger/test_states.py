"""Unit: the states of a project; whatever is tried, only the table's moves happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.api import Conflict
from jiceng_project_ledger.states import (
    ACT_WORDS,
    BY_THE_OWNER,
    LED,
    LIFE,
    MOVES,
    OPEN,
    RUNNING,
    STATE_WORDS,
    Act,
    State,
)

ENDS = {State.REJECTED, State.CLOSED, State.TERMINATED, State.DISCARDED}


def after(acts: list[Act]) -> State:
    """Where a draft stands after acts of which the illegal ones are refused."""
    state = State.DRAFT
    for act in acts:
        if act in LIFE.allowed(state):
            state = LIFE.after(state, act)
        else:
            with pytest.raises(Conflict):
                LIFE.after(state, act)
    return state


def test_the_straight_way_leads_from_a_draft_to_a_closed_project() -> None:
    way = [Act.SUBMIT, Act.REVIEW, Act.APPROVE, Act.START, Act.HAND_IN, Act.CLOSE]
    assert after(way) is State.CLOSED


def test_a_rejected_and_a_postponed_project_are_kept_and_only_the_postponed_comes_back() -> None:
    assert after([Act.SUBMIT, Act.REVIEW, Act.REJECT, Act.RESUME]) is State.REJECTED
    assert after([Act.SUBMIT, Act.REVIEW, Act.POSTPONE, Act.RESUME]) is State.UNDER_REVIEW


def test_an_illegal_move_is_refused_with_the_allowed_ones_named_in_both_languages() -> None:
    with pytest.raises(Conflict) as refused:
        LIFE.after(State.UNDER_REVIEW, Act.CLOSE)
    assert refused.value.what_zh == "项目论证中，不能验收销号"
    assert refused.value.todo_zh == "现在可以：退回补充、立项、暂缓立项、不予立项"
    assert refused.value.what_en == "the project is under review: close is not allowed"
    assert refused.value.todo_en == "allowed now: return, approve, postpone, reject"


@pytest.mark.parametrize("state", sorted(ENDS))
def test_nothing_leads_out_of_an_end(state: State) -> None:
    assert LIFE.allowed(state) == ()
    assert state not in OPEN
    with pytest.raises(Conflict) as refused:
        LIFE.after(state, Act.START)
    assert refused.value.todo_zh == "项目已经了结，没有可以做的"


def test_every_state_is_reached_and_every_word_is_said() -> None:
    assert {State.DRAFT, *MOVES.values()} == set(State)
    assert set(STATE_WORDS) == set(State)
    assert set(ACT_WORDS) == set(Act)
    assert len(set(STATE_WORDS.values())) == len(State)


@given(st.lists(st.sampled_from(Act), max_size=40))
def test_no_sequence_of_acts_leads_round_the_decisions(acts: list[Act]) -> None:
    state, done = State.DRAFT, []
    for act in acts:
        if (state, act) in MOVES:
            state = LIFE.after(state, act)
            done.append(act)
    assert state is after(done)
    if state in LED:
        assert Act.APPROVE in done
    if state in RUNNING:
        assert Act.START in done
    if state is State.CLOSED:
        assert done[-2:] == [Act.HAND_IN, Act.CLOSE]
    if state in ENDS - {State.DISCARDED}:
        assert done[-1] not in BY_THE_OWNER
