"""What the pages of help send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.typed import needed_count, read_day, read_month, refuse, single
from jiceng_double_strong_six_good.forms import act_in
from jiceng_double_strong_six_good.help.schemas import Draft
from jiceng_double_strong_six_good.help.states import Act

if TYPE_CHECKING:
    from datetime import date


class ActForm(msgspec.Struct, frozen=True):
    """An act with its reason; `deadline` where help is extended or begins anew."""

    act: str = ""
    reason: str = ""
    deadline: str = ""

    def wanted(self) -> Act:
        """What is to be done; raises Invalid for none."""
        return act_in(Act, self.act)

    def until(self) -> date | None:
        """The new deadline, if one was given; raises Invalid for what is no day."""
        return single(read_day, self.deadline, "新期限")


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
