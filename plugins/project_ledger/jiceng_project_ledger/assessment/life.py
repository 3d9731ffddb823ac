"""The life of a proposal of accountability; the only place that says which act leads where."""

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where a proposal stands. Nothing takes effect before a named person confirms it."""

    PROPOSED = "proposed"
    DEFERRED = "deferred"
    CONFIRMED = "confirmed"
    DROPPED = "dropped"


class Act(StrEnum):
    """What the person who decides may do."""

    CONFIRM = "confirm"
    DROP = "drop"
    DEFER = "defer"


STATE_WORDS: dict[State, str] = {
    State.PROPOSED: "待决定",
    State.DEFERRED: "暂缓",
    State.CONFIRMED: "已确认问责",
    State.DROPPED: "不予问责",
}
ACT_WORDS: dict[Act, str] = {
    Act.CONFIRM: "确认问责",
    Act.DROP: "不予问责",
    Act.DEFER: "暂缓决定",
}
LIFE = Life(
    "问责建议",
    "the proposal",
    STATE_WORDS,
    ACT_WORDS,
    {
        (State.PROPOSED, Act.CONFIRM): State.CONFIRMED,
        (State.PROPOSED, Act.DROP): State.DROPPED,
        (State.PROPOSED, Act.DEFER): State.DEFERRED,
        (State.DEFERRED, Act.CONFIRM): State.CONFIRMED,
        (State.DEFERRED, Act.DROP): State.DROPPED,
        (State.DEFERRED, Act.DEFER): State.DEFERRED,
        (State.CONFIRMED, Act.DROP): State.DROPPED,
    },
)
