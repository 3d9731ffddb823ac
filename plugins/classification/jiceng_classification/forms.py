"""What the plugin's pages send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Invalid, today
from jiceng.api.typed import read_day, read_year, refuse, single
from jiceng_classification.plans.schemas import Draft
from jiceng_classification.plans.states import Act

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID


class PlanForm(msgspec.Struct, frozen=True):
    """A plan as typed."""

    year: str = ""
    programme: str = ""
    causes: list[str] | str | None = None
    goal: str = ""
    measures: str = ""
    helper: str = ""
    first_secretary: str = ""
    deadline: str = ""

    def draft(self, organization: UUID) -> Draft:
        """The plan; raises Invalid for what cannot be read."""
        faults: list[str] = []
        deadline = read_day(self.deadline, "期限", faults)
        year = read_year(self.year, "年度", faults)
        refuse(faults, "方案")
        chosen = [self.causes] if isinstance(self.causes, str) else self.causes or []
        return Draft(
            organization=organization,
            year=year,
            programme=self.programme,
            causes=tuple(cause for cause in chosen if cause),
            goal=self.goal,
            measures=self.measures,
            helper=self.helper,
            first_secretary=self.first_secretary,
            deadline=deadline,
        )


class ActForm(msgspec.Struct, frozen=True):
    """What is to be done to a plan."""

    act: str = ""
    reason: str = ""
    deadline: str = ""

    def wanted(self) -> Act:
        """The act; raises Invalid for none."""
        if self.act not in set(Act):
            raise Invalid(["请选要办理的事"], "没有办理", where="办理")
        return Act(self.act)

    def until(self) -> date | None:
        """The new deadline, if one was given; raises Invalid for what is no day."""
        return single(read_day, self.deadline, "新期限", "没有办理")


def year_in(address: int) -> int:
    """The year in an address; this year for 0. Raises Invalid for what is no year."""
    return single(read_year, str(address), "年度", "没有这一年") if address else today().year
