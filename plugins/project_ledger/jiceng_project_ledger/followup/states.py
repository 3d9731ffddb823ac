"""The life of a monthly report: the only place that says which act leads where. Pure."""

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where a report stands."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Act(StrEnum):
    """What may be done to a report."""

    SAVE = "save"
    HAND_IN = "hand_in"
    RETURN = "return"
    ACCEPT = "accept"


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "填写中",
    State.HANDED_IN: "已报送",
    State.RETURNED: "已退回",
    State.ACCEPTED: "已接收",
}
ACT_WORDS: dict[Act, str] = {
    Act.SAVE: "暂存",
    Act.HAND_IN: "报送",
    Act.RETURN: "退回",
    Act.ACCEPT: "接收",
}
LIFE = Life(
    "月汇报",
    "the monthly report",
    STATE_WORDS,
    ACT_WORDS,
    {
        (State.DRAFT, Act.SAVE): State.DRAFT,
        (State.DRAFT, Act.HAND_IN): State.HANDED_IN,
        (State.RETURNED, Act.SAVE): State.RETURNED,
        (State.RETURNED, Act.HAND_IN): State.HANDED_IN,
        (State.HANDED_IN, Act.RETURN): State.RETURNED,
        (State.HANDED_IN, Act.ACCEPT): State.ACCEPTED,
    },
)
REPORTED = frozenset({State.HANDED_IN, State.ACCEPTED})
"""In these states the month counts as reported."""
