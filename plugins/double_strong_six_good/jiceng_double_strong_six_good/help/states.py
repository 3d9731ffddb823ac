"""The states of help and which act leads from one to another."""

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where help stands."""

    DRAFT = "draft"
    RUNNING = "running"
    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    STOPPED = "stopped"


class Act(StrEnum):
    """What may be done."""

    START = "start"
    HAND_IN = "hand_in"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    STOP = "stop"
    REOPEN = "reopen"


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "拟定",
    State.RUNNING: "帮扶中",
    State.HANDED_IN: "待验收",
    State.ACCEPTED: "已销号",
    State.STOPPED: "已终止",
}
ACT_WORDS: dict[Act, str] = {
    Act.START: "开始帮扶",
    Act.HAND_IN: "申请验收",
    Act.ACCEPT: "验收销号",
    Act.RETURN: "退回继续帮扶",
    Act.EXTEND: "延期",
    Act.STOP: "终止",
    Act.REOPEN: "反弹重新帮扶",
}
MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.START): State.RUNNING,
    (State.DRAFT, Act.STOP): State.STOPPED,
    (State.RUNNING, Act.HAND_IN): State.HANDED_IN,
    (State.RUNNING, Act.EXTEND): State.RUNNING,
    (State.RUNNING, Act.STOP): State.STOPPED,
    (State.HANDED_IN, Act.ACCEPT): State.ACCEPTED,
    (State.HANDED_IN, Act.RETURN): State.RUNNING,
    (State.ACCEPTED, Act.REOPEN): State.RUNNING,
}
OWN_ACTS = (Act.START, Act.HAND_IN)
DECIDED_ABOVE = (Act.ACCEPT, Act.RETURN, Act.EXTEND, Act.STOP, Act.REOPEN)
"""What only somebody of a superior organization does, with a reason."""
LIFE = Life("帮扶", "the help plan", STATE_WORDS, ACT_WORDS, MOVES)
