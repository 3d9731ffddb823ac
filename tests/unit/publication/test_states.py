"""The states of a publication: one table, every other move refused with the acts that are allowed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiceng.kernel.ids import new_id
from jiceng.kernel.moves import IllegalMove
from jiceng.publication.flow.masking import masked
from jiceng.publication.flow.states import ACT_WORDS, LIFE, MOVES, Act, State
from jiceng.publication.schemas import PublicationInfo

ENDS = {State.FINAL, State.STOPPED}


def test_the_way_to_final_is_review_notice_finish() -> None:
    state = State.COMPUTED
    for act in (Act.REVIEW, Act.OPEN_NOTICE, Act.FINISH):
        state = LIFE.after(state, act)
    assert state is State.FINAL


@given(st.lists(st.sampled_from(list(Act)), max_size=30))
def test_whatever_is_tried_final_is_reached_only_through_review_and_notice(acts: list[Act]) -> None:
    state, path = State.COMPUTED, [State.COMPUTED]
    for act in acts:
        can = LIFE.allowed(state)
        if act in can:
            state = LIFE.after(state, act)
            path.append(state)
            continue
        with pytest.raises(IllegalMove) as refused:
            LIFE.after(state, act)
        assert all(ACT_WORDS[one] in refused.value.todo_zh for one in can)
        assert path[-1] is state
    if state is State.FINAL:
        assert path[-2] is State.NOTICE
        assert State.REVIEWED in path
    assert not ENDS & set(path[:-1])


def test_nothing_is_allowed_at_the_ends_and_something_everywhere_else() -> None:
    assert {state for state in State if not LIFE.allowed(state)} == ENDS


def test_every_state_is_reached_and_every_act_is_used() -> None:
    assert {State.COMPUTED, *MOVES.values()} == set(State)
    assert {act for _, act in MOVES} == set(Act)


def test_an_illegal_move_says_what_is_and_what_may_be_done() -> None:
    with pytest.raises(IllegalMove) as refused:
        LIFE.after(State.REVIEWED, Act.FINISH)
    assert refused.value.what_zh == "评定结果已复核，不能确认生效"
    assert refused.value.todo_zh == "现在可以：退回、开始公示、终止"


@pytest.mark.parametrize(
    ("state", "day", "words"),
    [
        (State.NOTICE, 17, "公示未开始"),
        (State.NOTICE, 18, "公示中"),
        (State.NOTICE, 24, "公示中"),
        (State.NOTICE, 25, "公示期满"),
        (State.FINAL, 25, "已生效"),
        (State.REVIEWED, 25, "已复核"),
    ],
)
def test_a_notice_is_called_by_the_day(state: State, day: int, words: str) -> None:
    info = PublicationInfo(
        id=new_id(), run=new_id(), state=state, first_day=date(2026, 11, 18), last_day=date(2026, 11, 24)
    )
    assert info.in_words(date(2026, 11, day)) == words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("周砚秋", "周*秋"),
        ("欧阳娜娜", "欧**娜"),
        ("丁", "*"),
        ("阿卜杜拉·买买提", "阿******提"),
    ],
)
def test_a_name_is_masked_but_for_its_ends(name: str, shown: str) -> None:
    assert masked(name) == shown
    assert len(masked(name)) == len(name)
