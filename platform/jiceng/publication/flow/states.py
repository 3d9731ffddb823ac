"""The states of a run's publication and the one table of moves between them. Pure."""

from __future__ import annotations

from enum import StrEnum

from jiceng.kernel.errors import Conflict


class State(StrEnum):
    """Where the results of a run stand."""

    COMPUTED = "computed"
    REVIEWED = "reviewed"
    NOTICE = "notice"
    FINAL = "final"
    STOPPED = "stopped"


class Act(StrEnum):
    """What a named person may do."""

    REVIEW = "review"
    RETURN = "return"
    OPEN_NOTICE = "open_notice"
    WITHDRAW_NOTICE = "withdraw_notice"
    FINISH = "finish"
    STOP = "stop"


MOVES: dict[tuple[State, Act], State] = {
    (State.COMPUTED, Act.REVIEW): State.REVIEWED,
    (State.COMPUTED, Act.STOP): State.STOPPED,
    (State.REVIEWED, Act.RETURN): State.COMPUTED,
    (State.REVIEWED, Act.OPEN_NOTICE): State.NOTICE,
    (State.REVIEWED, Act.STOP): State.STOPPED,
    (State.NOTICE, Act.WITHDRAW_NOTICE): State.REVIEWED,
    (State.NOTICE, Act.FINISH): State.FINAL,
    (State.NOTICE, Act.STOP): State.STOPPED,
}
"""Every move there is; whatever is not here is refused. Final and stopped are ends."""

STATE_WORDS = {
    State.COMPUTED: "已计算",
    State.REVIEWED: "已复核",
    State.NOTICE: "公示中",
    State.FINAL: "已生效",
    State.STOPPED: "已终止",
}
ACT_WORDS = {
    Act.REVIEW: "复核通过",
    Act.RETURN: "退回",
    Act.OPEN_NOTICE: "开始公示",
    Act.WITHDRAW_NOTICE: "撤回公示",
    Act.FINISH: "确认生效",
    Act.STOP: "终止",
}


class IllegalMove(Conflict):
    """An act that the state does not allow; says which ones it does."""

    def __init__(self, state: State, act: Act) -> None:
        can = "、".join(f"“{ACT_WORDS[one]}”" for one in allowed(state))
        super().__init__(
            f"现在是“{STATE_WORDS[state]}”，不能“{ACT_WORDS[act]}”",
            where=STATE_WORDS[state],
            todo_zh=f"现在可以：{can}" if can else "这已经是最后的状态，请另算一次",
        )


def after(state: State, act: Act) -> State:
    """The state after an act; raises IllegalMove naming the acts that are allowed."""
    if (state, act) not in MOVES:
        raise IllegalMove(state, act)
    return MOVES[state, act]


def allowed(state: State) -> list[Act]:
    """The acts a state allows, in the order of the work."""
    return [act for act in Act if (state, act) in MOVES]
