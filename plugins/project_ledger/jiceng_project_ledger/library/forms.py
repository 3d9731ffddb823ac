"""What the library's pages send: text as typed; every fault of a form is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from jiceng.api import Invalid, today
from jiceng.api.roster import seen_arguments
from jiceng.api.typed import read_count, read_day, read_figure, read_year, refuse, single
from jiceng_project_ledger.library import service
from jiceng_project_ledger.library.schemas import Proposal
from jiceng_project_ledger.library.vocabulary import Kind
from jiceng_project_ledger.money import read_yuan
from jiceng_project_ledger.states import BY_THE_OWNER, Act

if TYPE_CHECKING:
    from datetime import date

    from jiceng_project_ledger.library.schemas import Project

_NOBODY = UUID(int=0)


class ProposalForm(msgspec.Struct, frozen=True, kw_only=True):
    """The application sheet as typed; `responsible` is a member's number or name, `budget` in yuan."""

    title: str = ""
    kind: str = ""
    organization: str = ""
    year: str = ""
    proposer: str = ""
    responsible: str = ""
    goal: str = ""
    content: str = ""
    measures: str = ""
    benchmark: str = ""
    benchmark_measure: str = ""
    benchmark_unit: str = ""
    benchmark_figure: str = ""
    start_figure: str = ""
    budget: str = ""
    starts: str = ""
    deadline: str = ""

    async def proposal(self) -> Proposal:
        """What is proposed; raises Invalid with everything that cannot be read or be kept."""
        faults: list[str] = []
        if self.kind not in set(Kind):
            faults.append("请选项目类别")
        read = Proposal(
            title=self.title,
            kind=Kind(self.kind) if self.kind in set(Kind) else Kind.LOCAL,
            organization=read_id(self.organization),
            year=read_count(self.year, "年度", faults),
            proposer=self.proposer,
            responsible=await self._responsible(faults),
            goal=self.goal,
            content=self.content,
            measures=self.measures,
            benchmark=self.benchmark,
            benchmark_measure=self.benchmark_measure,
            benchmark_unit=self.benchmark_unit,
            benchmark_figure=read_figure(self.benchmark_figure, "对标值", faults),
            start_figure=read_figure(self.start_figure, "起点值", faults),
            budget=read_yuan(self.budget, "预算", faults),
            starts=read_day(self.starts, "开始日期", faults),
            deadline=read_day(self.deadline, "完成期限", faults),
        )
        faults += await service.faults_of(read)
        refuse(faults, "申报表")
        return read

    async def _responsible(self, faults: list[str]) -> UUID | None:
        """Whoever sees only himself answers for what he proposes."""
        typed = await service.member_called(self.responsible, faults)
        return typed if self.responsible.strip() else (await seen_arguments(today()))[1]


def filled(project: Project) -> ProposalForm:
    """The sheet as it was filled in."""
    return ProposalForm(
        title=project.title,
        kind=project.kind.value,
        organization=str(project.organization),
        year=str(project.year),
        proposer=project.proposer,
        responsible=project.responsible_number,
        goal=project.goal,
        content=project.content,
        measures=project.measures,
        benchmark=project.benchmark,
        benchmark_measure=project.benchmark_measure,
        benchmark_unit=project.benchmark_unit,
        benchmark_figure="" if project.benchmark_figure is None else str(project.benchmark_figure),
        start_figure="" if project.start_figure is None else str(project.start_figure),
        budget=str(project.budget_yuan),
        starts=_day(project.starts),
        deadline=_day(project.deadline),
    )


class ActForm(msgspec.Struct, frozen=True):
    """What is to be done to a project."""

    act: str = ""
    reason: str = ""
    deadline: str = ""

    def own(self) -> Act:
        """An act of the owner's; raises Invalid for any other."""
        if self.act not in BY_THE_OWNER:
            raise Invalid(["请选要办理的事"], "没有办理", where="办理")
        return Act(self.act)

    def decision(self) -> Act:
        """An act decided above; raises Invalid for any other."""
        if self.act not in set(Act) - BY_THE_OWNER:
            raise Invalid(["请选要决定的事"], "没有办理", where="办理")
        return Act(self.act)

    def until(self) -> date | None:
        """The new deadline, if one was given; raises Invalid for what is no day."""
        faults: list[str] = []
        found = read_day(self.deadline, "新期限", faults)
        refuse(faults, "新期限", "没有办理")
        return found


class HandoverForm(msgspec.Struct, frozen=True):
    """Who is to answer for a project, by number or name, and why."""

    responsible: str = ""
    reason: str = ""


def read_id(text: str) -> UUID:
    """An id as sent; of what is none, an id that nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return _NOBODY


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()


def year_typed(text: str) -> int:
    """The year in a field; raises Invalid for what is none."""
    return single(read_year, text, "年度")
