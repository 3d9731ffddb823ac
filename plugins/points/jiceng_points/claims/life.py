"""The life of a claim in one place: its states, what may be done in each, and where that leads. Pure."""

from __future__ import annotations

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where a claim stands."""

    CLAIMED = "claimed"
    DONE = "done"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Act(StrEnum):
    """What can be done with a claim after it was made."""

    COMPLETE = "complete"
    WITHDRAW = "withdraw"
    VERIFY = "verify"
    REJECT = "reject"
    REVOKE = "revoke"
    LAPSE = "lapse"


STATE_TITLES = {
    State.CLAIMED: "已认领",
    State.DONE: "待核验",
    State.VERIFIED: "已核验",
    State.REJECTED: "未通过",
    State.WITHDRAWN: "已撤回",
    State.LAPSED: "未完成",
}
ACT_TITLES = {
    Act.COMPLETE: "报完成",
    Act.WITHDRAW: "撤回",
    Act.VERIFY: "核验",
    Act.REJECT: "退回",
    Act.REVOKE: "撤销核验",
    Act.LAPSE: "按未完成了结",
}
MOVES: dict[tuple[State, Act], State] = {
    (State.CLAIMED, Act.COMPLETE): State.DONE,
    (State.CLAIMED, Act.WITHDRAW): State.WITHDRAWN,
    (State.CLAIMED, Act.LAPSE): State.LAPSED,
    (State.DONE, Act.VERIFY): State.VERIFIED,
    (State.DONE, Act.REJECT): State.REJECTED,
    (State.DONE, Act.WITHDRAW): State.WITHDRAWN,
    (State.REJECTED, Act.COMPLETE): State.DONE,
    (State.REJECTED, Act.WITHDRAW): State.WITHDRAWN,
    (State.REJECTED, Act.LAPSE): State.LAPSED,
    (State.VERIFIED, Act.REVOKE): State.REJECTED,
}
"""Every move there is; what is not here is refused."""
HOLDING = frozenset({State.CLAIMED, State.DONE, State.REJECTED, State.VERIFIED})
"""States in which a claim holds one of its item's places."""
LIFE = Life("这条认领", "the claim", STATE_TITLES, ACT_TITLES, MOVES, "这条认领已经了结")
