"""What the pages of instructors send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.typed import read_day, refuse, single
from jiceng_double_strong_six_good.instructors.schemas import Sent

if TYPE_CHECKING:
    from datetime import date


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
