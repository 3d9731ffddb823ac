"""The states of a run's publication and the one table of moves between them. Pure."""

from __future__ import annotations

from enum import StrEnum

from jiceng.kernel.moves import Life


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
NOTICE_AHEAD, NOTICE_OVER = "公示未开始", "公示期满"
"""What a notice is called before its first day and after its last."""
ACT_WORDS = {
    Act.REVIEW: "复核通过",
    Act.RETURN: "退回",
    Act.OPEN_NOTICE: "开始公示",
    Act.WITHDRAW_NOTICE: "撤回公示",
    Act.FINISH: "确认生效",
    Act.STOP: "终止",
}


LIFE = Life("评定结果", "the result", STATE_WORDS, ACT_WORDS, MOVES, "已经是最后的状态，请另算一次")
