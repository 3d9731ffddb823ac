"""A life: moves of the table only; a refusal says in both languages what is and what may be done."""

from enum import StrEnum

import pytest

from jiceng.kernel.moves import IllegalMove, Life


class State(StrEnum):
    OPEN = "open"
    UNDER_REVIEW = "under_review"
    DONE = "done"


class Act(StrEnum):
    HAND_IN = "hand_in"
    FINISH = "finish"
    SEND_BACK = "send_back"


LIFE = Life(
    "申请",
    "the request",
    {State.OPEN: "已打开", State.UNDER_REVIEW: "审核中", State.DONE: "已办结"},
    {Act.HAND_IN: "上报", Act.FINISH: "办结", Act.SEND_BACK: "退回"},
    {
        (State.OPEN, Act.HAND_IN): State.UNDER_REVIEW,
        (State.UNDER_REVIEW, Act.SEND_BACK): State.OPEN,
        (State.UNDER_REVIEW, Act.FINISH): State.DONE,
    },
)


def test_a_move_of_the_table_is_made() -> None:
    assert LIFE.after(State.OPEN, Act.HAND_IN) is State.UNDER_REVIEW
    assert LIFE.allowed(State.UNDER_REVIEW) == (Act.FINISH, Act.SEND_BACK)


def test_a_refusal_says_what_is_and_what_may_be_done_in_both_languages() -> None:
    with pytest.raises(IllegalMove) as refused:
        LIFE.after(State.UNDER_REVIEW, Act.HAND_IN)
    assert refused.value.status == 409
    assert refused.value.in_words() == (
        "申请审核中，不能上报。现在可以：办结、退回\n"
        "the request is under review: hand in is not allowed. allowed now: finish, send back"
    )


def test_at_an_end_it_says_so() -> None:
    with pytest.raises(IllegalMove) as refused:
        LIFE.after(State.DONE, Act.FINISH)
    assert refused.value.todo_zh == "已经了结，没有可以做的"
    assert refused.value.todo_en == "allowed now: nothing, this is an end"
