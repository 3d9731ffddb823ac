"""The states of a declaration and which act leads from one to another."""

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where a declaration stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Act(StrEnum):
    """What may be done to a declaration."""

    HAND_IN = "hand_in"
    TAKE_BACK = "take_back"
    ACCEPT = "accept"
    RETURN = "return"
    REOPEN = "reopen"


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "填写中",
    State.HANDED_IN: "已提交，待审核",
    State.RETURNED: "已退回",
    State.ACCEPTED: "已采信",
}
ACT_WORDS: dict[Act, str] = {
    Act.HAND_IN: "提交",
    Act.TAKE_BACK: "撤回修改",
    Act.ACCEPT: "采信",
    Act.RETURN: "退回",
    Act.REOPEN: "采信后退回重报",
}
MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.HAND_IN): State.HANDED_IN,
    (State.RETURNED, Act.HAND_IN): State.HANDED_IN,
    (State.HANDED_IN, Act.TAKE_BACK): State.DRAFT,
    (State.HANDED_IN, Act.ACCEPT): State.ACCEPTED,
    (State.HANDED_IN, Act.RETURN): State.RETURNED,
    (State.ACCEPTED, Act.REOPEN): State.RETURNED,
}
DECIDED_ABOVE = (Act.ACCEPT, Act.RETURN, Act.REOPEN)
"""What only somebody of a superior organization does, with a reason."""
OPEN = (State.DRAFT, State.RETURNED)
"""While the enterprise may write."""
LIFE = Life("申报", "the declaration", STATE_WORDS, ACT_WORDS, MOVES)
