"""What the plugin's pages send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Invalid, today
from jiceng.api.typed import needed_count, plain, read_day, read_month, read_year, refuse, single
from jiceng_double_strong_six_good.declarations.states import Act as DeclarationAct
from jiceng_double_strong_six_good.help.schemas import Draft
from jiceng_double_strong_six_good.help.states import Act as HelpAct
from jiceng_double_strong_six_good.instructors.schemas import Sent

if TYPE_CHECKING:
    from datetime import date


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
        return single(read_day, self.deadline, "新期限")


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
        deadline = single(read_day, self.deadline, "期限")
        return Draft(problems=self.problems, measures=self.measures, helper=self.helper, deadline=deadline)


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
        since, until = read_day(self.since, "开始日期", faults), read_day(self.until, "到期日期", faults)
        refuse(faults, "指导员", "没有选派")
        return Sent(name=self.name, employer=self.employer, since=since, until=until, task=self.task)


class VisitForm(msgspec.Struct, frozen=True):
    """A visit as typed."""

    day: str = ""
    done: str = ""
    next: str = ""

    def when(self) -> date | None:
        """The day; raises Invalid for what is none."""
        return single(read_day, self.day, "走访日期")


def year_of(text: str) -> int:
    """A year of a form; this year for none. Raises Invalid for what is no year."""
    return single(read_year, text, "年度", "没有办理") if plain(text) else today().year
