"""A plan that turns somebody round: written, carried out, reported on each month, accepted from above."""

from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from jiceng.kernel.clock import today
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.kernel.typed import needed_count, read_month, refuse

REPORT_DUE = 5
"""A month's progress is due by this day of the next month."""
DONE = 100
LONGEST_TEXT, LONGEST_NAME = 2000, 60


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
    REDO = "redo"


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
    Act.REDO: "重新拟定",
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
    (State.STOPPED, Act.REDO): State.DRAFT,
}
DECIDED_ABOVE = frozenset({Act.ACCEPT, Act.RETURN, Act.EXTEND, Act.STOP, Act.REOPEN, Act.REDO})
"""What only somebody of a superior organization does, with a reason."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """How far a plan is: `months` are the first days of those with a report, `percent` is of the latest.

    `handed_in_by` is the account that asked for its acceptance last.
    """

    deadline: date | None
    state: State
    started: date | None
    months: tuple[date, ...]
    percent: int | None = None
    handed_in_by: UUID | None = None

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

    def late(self, today: date) -> bool:
        """Whether it is past its deadline, or a month lacks its report."""
        return self.overdue(today) or bool(self.late_months(today))


class ProgressForm(msgspec.Struct, frozen=True):
    """A month's progress as typed; `month` as 2026-03."""

    month: str = ""
    percent: str = ""
    progress: str = ""

    def said(self) -> tuple[date, int, str]:
        """Month (its first day), percent, words; raises Invalid for what cannot be read."""
        faults: list[str] = []
        month = read_month(self.month, "月份", faults)
        percent = needed_count(self.percent, "完成情况", faults)
        refuse(faults, "月度进展")
        return month, percent, self.progress


def refuse_report(course: Course, month: date, percent: int, progress: str) -> None:
    """Raise Invalid with every fault of a month's report: a month to come or before it began, no words."""
    first = (course.started or today()).replace(day=1)
    faults = []
    if not first <= month <= today() or month.day != 1:
        faults.append(f"月份应在 {first:%Y-%m} 到 {today():%Y-%m} 之间")
    if not 0 <= percent <= DONE:
        faults.append("完成情况应是 0 到 100 的整数")
    if not progress or len(progress) > LONGEST_TEXT:
        faults.append(f"请写明进展，最多 {LONGEST_TEXT} 字")
    if faults:
        raise Invalid(faults, "没有保存", where="月度进展")


def refuse_act(course: Course, wanted: Act, reason: str, by: UUID | None, deadline: date | None) -> None:
    """Raise for an act that cannot stand, whatever the plan is about.

    Invalid: decided without a reason, handed in before it is done, extended to a day that is no extension.
    Conflict: the same person hands in and accepts.
    """
    if wanted in DECIDED_ABOVE and not reason.strip():
        raise Invalid(["请写明理由"], "没有办理", where="理由")
    if wanted is Act.HAND_IN and course.percent != DONE:
        raise Invalid(["最近一次月度进展应是 100%"], "没有申请验收", where="完成情况")
    if wanted is Act.ACCEPT and by is not None and by == course.handed_in_by:
        raise Conflict("申请验收的人不能自己验收", todo_zh="请由上级的另一位同志验收")
    if wanted is Act.EXTEND and (deadline is None or deadline <= max(course.deadline or today(), today())):
        raise Invalid(["新期限应晚于原期限和今天"], "没有延期", where="新期限")


def too_long(texts: tuple[tuple[str, str, int], ...]) -> list[str]:
    """A fault for each text (its title, itself, the most it may have) that is too long."""
    return [f"{title}最多 {most} 字" for title, text, most in texts if len(text) > most]


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
