"""The states of a project and which act leads from one to another; the only place that says so."""

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where a project stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    UNDER_REVIEW = "under_review"
    POSTPONED = "postponed"
    REJECTED = "rejected"
    APPROVED = "approved"
    IN_PROGRESS = "in_progress"
    EXTENDED = "extended"
    ACCEPTANCE = "acceptance"
    CLOSED = "closed"
    TERMINATED = "terminated"
    DISCARDED = "discarded"


class Act(StrEnum):
    """What may be done to a project."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    DISCARD = "discard"
    REVIEW = "review"
    RETURN = "return"
    APPROVE = "approve"
    POSTPONE = "postpone"
    RESUME = "resume"
    REJECT = "reject"
    START = "start"
    HAND_IN = "hand_in"
    CLOSE = "close"
    SEND_BACK = "send_back"
    EXTEND = "extend"
    TERMINATE = "terminate"


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "草拟",
    State.SUBMITTED: "已申报",
    State.UNDER_REVIEW: "论证中",
    State.POSTPONED: "暂缓立项",
    State.REJECTED: "不予立项",
    State.APPROVED: "已立项",
    State.IN_PROGRESS: "实施中",
    State.EXTENDED: "延期实施",
    State.ACCEPTANCE: "待验收",
    State.CLOSED: "已销号",
    State.TERMINATED: "已终止",
    State.DISCARDED: "已作废",
}
ACT_WORDS: dict[Act, str] = {
    Act.SUBMIT: "申报",
    Act.WITHDRAW: "撤回申报",
    Act.DISCARD: "作废",
    Act.REVIEW: "开始论证",
    Act.RETURN: "退回补充",
    Act.APPROVE: "立项",
    Act.POSTPONE: "暂缓立项",
    Act.RESUME: "恢复论证",
    Act.REJECT: "不予立项",
    Act.START: "开始实施",
    Act.HAND_IN: "申请验收",
    Act.CLOSE: "验收销号",
    Act.SEND_BACK: "退回整改",
    Act.EXTEND: "延期",
    Act.TERMINATE: "终止",
}
MOVES: dict[tuple[State, Act], State] = {
    (State.DRAFT, Act.SUBMIT): State.SUBMITTED,
    (State.DRAFT, Act.DISCARD): State.DISCARDED,
    (State.SUBMITTED, Act.WITHDRAW): State.DRAFT,
    (State.SUBMITTED, Act.REVIEW): State.UNDER_REVIEW,
    (State.SUBMITTED, Act.RETURN): State.DRAFT,
    (State.UNDER_REVIEW, Act.RETURN): State.DRAFT,
    (State.UNDER_REVIEW, Act.APPROVE): State.APPROVED,
    (State.UNDER_REVIEW, Act.POSTPONE): State.POSTPONED,
    (State.UNDER_REVIEW, Act.REJECT): State.REJECTED,
    (State.POSTPONED, Act.RESUME): State.UNDER_REVIEW,
    (State.POSTPONED, Act.REJECT): State.REJECTED,
    (State.APPROVED, Act.START): State.IN_PROGRESS,
    (State.APPROVED, Act.TERMINATE): State.TERMINATED,
    (State.IN_PROGRESS, Act.HAND_IN): State.ACCEPTANCE,
    (State.IN_PROGRESS, Act.EXTEND): State.EXTENDED,
    (State.IN_PROGRESS, Act.TERMINATE): State.TERMINATED,
    (State.EXTENDED, Act.HAND_IN): State.ACCEPTANCE,
    (State.EXTENDED, Act.EXTEND): State.EXTENDED,
    (State.EXTENDED, Act.TERMINATE): State.TERMINATED,
    (State.ACCEPTANCE, Act.CLOSE): State.CLOSED,
    (State.ACCEPTANCE, Act.SEND_BACK): State.IN_PROGRESS,
    (State.ACCEPTANCE, Act.EXTEND): State.EXTENDED,
    (State.ACCEPTANCE, Act.TERMINATE): State.TERMINATED,
}
BY_THE_OWNER = frozenset({Act.SUBMIT, Act.WITHDRAW, Act.DISCARD, Act.START, Act.HAND_IN})
"""What the owner organization does itself; every other act is decided above it, by name and with a reason."""
OPEN = frozenset(set(State) - {State.REJECTED, State.CLOSED, State.TERMINATED, State.DISCARDED})
"""States that something still leads out of."""
RUNNING = frozenset({State.IN_PROGRESS, State.EXTENDED})
"""States in which the plan is carried out, reported on and paid for."""
LED = frozenset({State.APPROVED, *RUNNING, State.ACCEPTANCE, State.CLOSED, State.TERMINATED})
"""States of projects that were approved: they are subjects on the roster and stand in the ledger."""
LIFE = Life("项目", "the project", STATE_WORDS, ACT_WORDS, MOVES, "项目已经了结，没有可以做的")
