"""The life of a finding and the verdicts of an acceptance; the only place that says which act leads where."""

from enum import StrEnum

from jiceng.api.moves import Life


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ANSWERED = "answered"
    SETTLED = "settled"


class Act(StrEnum):
    """What may be done about a finding."""

    ANSWER = "answer"
    PASS = "pass"  # noqa: S105 - an act
    FAIL = "fail"


class Verdict(StrEnum):
    """What an acceptance group comes to."""

    PASSED = "passed"
    CONDITIONAL = "conditional"
    FAILED = "failed"


VERDICT_WORDS: dict[Verdict, str] = {
    Verdict.PASSED: "通过",
    Verdict.CONDITIONAL: "有条件通过",
    Verdict.FAILED: "不通过",
}
STATE_WORDS: dict[State, str] = {
    State.OPEN: "待整改",
    State.ANSWERED: "待复查",
    State.SETTLED: "已销号",
}
ACT_WORDS: dict[Act, str] = {
    Act.ANSWER: "报整改",
    Act.PASS: "复查通过",
    Act.FAIL: "复查不通过",
}
LIFE = Life(
    "问题",
    "the finding",
    STATE_WORDS,
    ACT_WORDS,
    {
        (State.OPEN, Act.ANSWER): State.ANSWERED,
        (State.ANSWERED, Act.PASS): State.SETTLED,
        (State.ANSWERED, Act.FAIL): State.OPEN,
    },
)
