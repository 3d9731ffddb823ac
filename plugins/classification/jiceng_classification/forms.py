"""What the plugin's pages send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from jiceng.api import Invalid
from jiceng_classification.plans.schemas import Draft
from jiceng_classification.plans.states import Act

if TYPE_CHECKING:
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
        deadline = _day(self.deadline, "期限", faults)
        year = int(self.year) if self.year.isdecimal() and len(self.year) == len("2026") else 0
        if not year:
            faults.append("请选年度")
        if faults:
            raise Invalid(faults, "没有保存", where="方案")
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


class ReportForm(msgspec.Struct, frozen=True):
    """A month's progress as typed; `month` as 2026-03."""

    month: str = ""
    percent: str = ""
    progress: str = ""

    def said(self) -> tuple[date, int, str]:
        """Month (its first day), percent, words; raises Invalid for what cannot be read."""
        faults: list[str] = []
        month = _day(f"{self.month.strip()}-01", "月份", faults)
        typed = self.percent.strip()
        if not typed.isdecimal() or len(typed) > len("100"):
            faults.append(f"完成情况“{typed[:10]}”不是 0 到 100 的整数")
        if faults or month is None:
            raise Invalid(faults, "没有保存", where="月度进展")
        return month, int(typed), self.progress


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
        faults: list[str] = []
        found = _day(self.deadline, "新期限", faults)
        if faults:
            raise Invalid(faults, "没有办理", where="新期限")
        return found


def _day(text: str, title: str, faults: list[str]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(f"{title}“{text.strip()[:20]}”不是日期")
        return None
