"""What the pages of help send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.typed import read_day, single
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
