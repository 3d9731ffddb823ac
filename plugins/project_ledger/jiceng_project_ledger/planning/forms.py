"""A plan as it is typed: rows of phases and of steps; empty rows are left out."""

from __future__ import annotations

from datetime import date

import msgspec
from litestar.datastructures import UploadFile  # noqa: TC002 - msgspec reads the annotations

from jiceng.api import Invalid
from jiceng.api.typed import Typed, needed_day, read_count, read_day, refuse, rows
from jiceng_project_ledger.planning.schemas import Phase, Plan, Step
from jiceng_project_ledger.planning.service import Evidence
from jiceng_project_ledger.uploads import uploaded

_NEVER = date.min
"""Stands where a day is missing; such a plan is refused before anybody sees it."""
SPARE_PHASES, SPARE_STEPS = 2, 4
"""Empty rows that are offered below what is planned."""


class PlanForm(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of the two tables, each from top to bottom; `of` is the number of a step's phase."""

    phase: Typed = None
    phase_starts: Typed = None
    phase_ends: Typed = None
    of: Typed = None
    step: Typed = None
    starts: Typed = None
    ends: Typed = None
    weight: Typed = None
    deliverable: Typed = None
    reason: str = ""

    def phases(self) -> list[tuple[str, ...]]:
        """Rows of phases as typed."""
        return rows(self.phase, self.phase_starts, self.phase_ends)

    def steps(self) -> list[tuple[str, ...]]:
        """Rows of steps as typed."""
        return rows(self.of, self.step, self.starts, self.ends, self.weight, self.deliverable)

    def plan(self) -> Plan:
        """The plan; raises Invalid with everything that cannot be read."""
        faults: list[str] = []
        phases = tuple(
            Phase(name, *_span(starts, ends, f"第 {number} 阶段", faults))
            for number, (name, starts, ends) in enumerate(self.phases(), 1)
        )
        steps = tuple(self._step(number, row, faults) for number, row in enumerate(self.steps(), 1))
        refuse(faults, "计划", "计划没有保存")
        return Plan(phases, steps)

    @staticmethod
    def _step(number: int, row: tuple[str, ...], faults: list[str]) -> Step:
        of, name, starts, ends, weight, deliverable = row
        named = f"第 {number} 步"
        begin, end = _span(starts, ends, named, faults)
        phase = read_count(of, f"{named}的阶段", faults)
        return Step(phase, name, begin, end, read_count(weight, f"{named}的权重", faults), deliverable)


class StepDoneForm(msgspec.Struct, frozen=True):
    """That a step is done; `file` shows it."""

    done: str = ""
    proof: str = ""
    file: UploadFile | None = None

    def evidence(self) -> Evidence | None:
        """The file, if one was chosen."""
        name, pieces = uploaded(self.file)
        return None if pieces is None else Evidence(name, pieces)

    def day(self) -> date:
        """The day it was done; raises Invalid for none."""
        faults: list[str] = []
        found = needed_day(self.done, "完成日期", faults)
        refuse(faults, "完成日期", "步骤没有办结")
        return found


class ChangeForm(msgspec.Struct, frozen=True):
    """A decision about a change of the plan."""

    answer: str = ""
    reason: str = ""

    def granted(self) -> bool:
        """Whether it is granted; raises Invalid when neither was chosen."""
        if self.answer not in {"grant", "refuse"}:
            raise Invalid(["请选同意或不同意"], "没有办理", where="决定")
        return self.answer == "grant"


class TemplateForm(msgspec.Struct, frozen=True):
    """A template to begin with, or the name under which a plan is kept as one."""

    template: str = ""
    name: str = ""


def typed(plan: Plan) -> PlanForm:
    """A plan as rows of the form."""
    return PlanForm(
        phase=[phase.name for phase in plan.phases],
        phase_starts=[phase.starts.isoformat() for phase in plan.phases],
        phase_ends=[phase.ends.isoformat() for phase in plan.phases],
        of=[str(step.phase) for step in plan.steps],
        step=[step.name for step in plan.steps],
        starts=[step.starts.isoformat() for step in plan.steps],
        ends=[step.ends.isoformat() for step in plan.steps],
        weight=[str(step.weight) for step in plan.steps],
        deliverable=[step.deliverable for step in plan.steps],
    )


def _span(starts: str, ends: str, named: str, faults: list[str]) -> tuple[date, date]:
    known = len(faults)
    first, last = read_day(starts, f"{named}的开始", faults), read_day(ends, f"{named}的结束", faults)
    if len(faults) == known and (first is None or last is None):
        faults.append(f"{named}：请填开始和结束日期")
    return first or _NEVER, last or _NEVER
