"""A plan that turns somebody round: written, carried out, reported on each month, accepted from above."""

from datetime import date
from enum import StrEnum

import msgspec

REPORT_DUE = 5
"""A month's progress is due by this day of the next month."""


class State(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    RUNNING = "running"
    HANDED_IN = "handed_in"
    ACCEPTED = "accepted"
    STOPPED = "stopped"


class Act(StrEnum):
    """What may be done to a plan."""

    START = "start"
    HAND_IN = "hand_in"
    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    STOP = "stop"
    REOPEN = "reopen"


STATE_WORDS: dict[State, str] = {
    State.DRAFT: "拟定",
    State.RUNNING: "实施中",
    State.HANDED_IN: "待验收",
    State.ACCEPTED: "已销号",
    State.STOPPED: "已终止",
}
ACT_WORDS: dict[Act, str] = {
    Act.START: "开始实施",
    Act.HAND_IN: "申请验收",
    Act.ACCEPT: "验收销号",
    Act.RETURN: "退回继续整改",
    Act.EXTEND: "延期",
    Act.STOP: "终止",
    Act.REOPEN: "反弹重新整改",
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
DECIDED_ABOVE = frozenset({Act.ACCEPT, Act.RETURN, Act.EXTEND, Act.STOP, Act.REOPEN})
"""What only somebody of a superior organization does, with a reason."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How far a plan is: `months` are the first days of those with a report."""

    deadline: date | None
    state: State
    started: date | None
    months: tuple[date, ...]

    def overdue(self, today: date) -> bool:
        """Whether it still runs after its deadline."""
        running = self.state in {State.RUNNING, State.HANDED_IN}
        return running and self.deadline is not None and self.deadline < today

    def late_months(self, today: date) -> list[date]:
        """The months (their first days) without a report although it is due, from the month it began in."""
        if self.started is None or self.state is not State.RUNNING:
            return []
        found = []
        month = self.started.replace(day=1)
        while (following := _next(month)).replace(day=REPORT_DUE) < today:
            if month not in self.months:
                found.append(month)
            month = following
        return found


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
