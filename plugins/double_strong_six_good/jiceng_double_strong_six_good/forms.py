"""What the plugin's pages send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from datetime import date

import msgspec

from jiceng.api import Invalid, today
from jiceng_double_strong_six_good.declarations.states import Act as DeclarationAct
from jiceng_double_strong_six_good.help.schemas import Draft
from jiceng_double_strong_six_good.help.states import Act as HelpAct
from jiceng_double_strong_six_good.instructors.schemas import Sent


class ReasonForm(msgspec.Struct, frozen=True):
    """An act with its reason; `deadline` only where help is extended."""

    act: str = ""
    reason: str = ""
    deadline: str = ""

    def on_declaration(self) -> DeclarationAct:
        """What is to be done to a declaration; raises Invalid for none."""
        if self.act not in set(DeclarationAct):
            raise Invalid(["请选要办理的事"], "没有办理", where="办理")
        return DeclarationAct(self.act)

    def on_help(self) -> HelpAct:
        """What is to be done to help; raises Invalid for none."""
        if self.act not in set(HelpAct):
            raise Invalid(["请选要办理的事"], "没有办理", where="办理")
        return HelpAct(self.act)

    def until(self) -> date | None:
        """The new deadline, if one was given; raises Invalid for what is no day."""
        return single_day(self.deadline, "新期限")


class YearForm(msgspec.Struct, frozen=True):
    """A year as typed."""

    year: str = ""


class VerdictForm(msgspec.Struct, frozen=True):
    """The tier somebody saw and confirms."""

    year: str = ""
    tier: str = ""
    reason: str = ""


class HelpForm(msgspec.Struct, frozen=True):
    """A plan of help as typed."""

    year: str = ""
    problems: str = ""
    measures: str = ""
    helper: str = ""
    deadline: str = ""

    def draft(self) -> Draft:
        """The plan; raises Invalid for what cannot be read."""
        deadline = single_day(self.deadline, "期限")
        return Draft(problems=self.problems, measures=self.measures, helper=self.helper, deadline=deadline)


class ProgressForm(msgspec.Struct, frozen=True):
    """A month's progress as typed; `month` as 2026-03."""

    month: str = ""
    percent: str = ""
    progress: str = ""

    def said(self) -> tuple[date, int, str]:
        """Month (its first day), percent, words; raises Invalid for what cannot be read."""
        faults: list[str] = []
        month = day_of(f"{self.month.strip()}-01", "月份", faults)
        typed = self.percent.strip()
        if not typed.isdecimal() or not typed.isascii() or len(typed) > len("100"):
            faults.append(f"完成情况“{typed[:10]}”不是 0 到 100 的整数")
        if faults or month is None:
            raise Invalid(faults, "没有保存", where="月度进展")
        return month, int(typed), self.progress


class SentForm(msgspec.Struct, frozen=True):
    """An instructor as typed."""

    name: str = ""
    employer: str = ""
    since: str = ""
    until: str = ""
    task: str = ""

    def sent(self) -> Sent:
        """Who is sent; raises Invalid for what is no day."""
        faults: list[str] = []
        since, until = day_of(self.since, "开始日期", faults), day_of(self.until, "到期日期", faults)
        if faults:
            raise Invalid(faults, "没有选派", where="指导员")
        return Sent(name=self.name, employer=self.employer, since=since, until=until, task=self.task)


class VisitForm(msgspec.Struct, frozen=True):
    """A visit as typed."""

    day: str = ""
    done: str = ""
    next: str = ""

    def when(self) -> date | None:
        """The day; raises Invalid for what is none."""
        return single_day(self.day, "走访日期")


def year_of(text: str) -> int:
    """A year of a form; this year for none. Raises Invalid for what is no year."""
    said = text.strip()
    if not said:
        return today().year
    if not (said.isdecimal() and said.isascii() and len(said) == len("2026") and said >= "2000"):
        raise Invalid([f"年度“{said[:10]}”应是四位年份"], "没有办理", where="年度")
    return int(said)


def day_of(text: str, title: str, faults: list[str]) -> date | None:
    """A day as typed, None for none; a fault is appended for anything else."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(f"{title}“{text.strip()[:20]}”不是日期")
        return None


def single_day(text: str, title: str) -> date | None:
    """A day as typed, None for none; raises Invalid for anything else."""
    faults: list[str] = []
    found = day_of(text, title, faults)
    if faults:
        raise Invalid(faults, "没有保存", where=title)
    return found
