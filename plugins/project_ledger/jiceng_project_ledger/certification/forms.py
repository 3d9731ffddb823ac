"""What the pages of certification send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.typed import id_of, needed_day, read_day, refuse
from jiceng_project_ledger.certification.accepting import Meeting
from jiceng_project_ledger.certification.life import Act, Verdict
from jiceng_project_ledger.certification.supervising import Seen

if TYPE_CHECKING:
    from datetime import date

_DAY = len("2026-12-31")


class SupervisorForm(msgspec.Struct, frozen=True):
    """Who is to look after the project: number or name of a member."""

    member: str = ""


class FindingForm(msgspec.Struct, frozen=True):
    """What a supervisor found."""

    supervisor: str = ""
    sort: str = ""
    matter: str = ""
    found: str = ""
    deadline: str = ""

    def seen(self) -> Seen:
        """The finding; raises Invalid for what cannot be read."""
        faults: list[str] = []
        found = needed_day(self.found, "发现日期", faults)
        deadline = needed_day(self.deadline, "整改期限", faults)
        refuse(faults, "监督问题")
        supervisor = id_of(self.supervisor, "没有这名监督员，或已经解除")
        return Seen(supervisor=supervisor, sort=self.sort, matter=self.matter, found=found, deadline=deadline)


class WordsForm(msgspec.Struct, frozen=True):
    """What was done, in words."""

    words: str = ""


class RecheckForm(msgspec.Struct, frozen=True):
    """What the second look came to; the deadline when it is not settled."""

    act: str = ""
    words: str = ""
    deadline: str = ""

    def said(self) -> tuple[Act, str, date | None]:
        """Act, words, new deadline; raises Invalid for what cannot be read."""
        faults: list[str] = []
        deadline = read_day(self.deadline, "整改期限", faults)
        if self.act not in {Act.PASS, Act.FAIL}:
            faults.append("请选复查通过或不通过")
        refuse(faults, "复查")
        return Act(self.act), self.words, deadline


class AcceptanceForm(msgspec.Struct, frozen=True):
    """What an acceptance group came to; others and conditions a line each, a condition as 2026-12-31 什么."""

    held: str = ""
    chair: str = ""
    others: str = ""
    verdict: str = ""
    opinion: str = ""
    conditions: str = ""

    def meeting(self) -> Meeting:
        """The acceptance; raises Invalid for what cannot be read."""
        faults: list[str] = []
        held = needed_day(self.held, "验收日期", faults)
        if self.verdict not in set(Verdict):
            faults.append("请选验收结论")
        lines = [line.strip() for line in self.conditions.splitlines() if line.strip()]
        conditions = tuple(_condition(line, faults) for line in lines)
        refuse(faults, "验收")
        others = self.others.replace("、", "\n").replace("，", "\n").splitlines()
        return Meeting(
            held=held,
            chair=self.chair,
            others=tuple(one.strip() for one in others if one.strip()),
            verdict=Verdict(self.verdict),
            opinion=self.opinion,
            conditions=conditions,
        )


class InspectionForm(msgspec.Struct, frozen=True):
    """Whether a condition is met: yes or no."""

    met: str = ""


def _condition(line: str, faults: list[str]) -> tuple[str, date]:
    matter = line[_DAY:].strip(" ：:，,")
    deadline = needed_day(line[:_DAY], "整改条件的期限", faults)
    if not matter:
        faults.append(f"整改条件“{line[:20]}”没有写做什么，请写成“2026-12-31 补齐台账”")
    return matter, deadline
