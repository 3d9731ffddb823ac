"""Whether a plan may stand: its dates, phases, weights. Every fault is told, with the step it is in."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from jiceng_project_ledger.library.vocabulary import LONGEST_NAME, LONGEST_TITLE
from jiceng_project_ledger.planning.schemas import WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from jiceng_project_ledger.planning.schemas import Phase, Plan, Step

MOST_PHASES, MOST_STEPS = 12, 60


def faults(plan: Plan, starts: date | None, deadline: date | None) -> list[str]:
    """What is wrong with a plan of a project with these dates, in plain Chinese; empty when it may stand."""
    found = [*_of_phases(plan.phases, starts, deadline)]
    for number, step in enumerate(plan.steps, 1):
        found += [f"第 {number} 步：{fault}" for fault in _of_step(step, plan.phases)]
    found += _of_order(plan.steps)
    total = sum(step.weight for step in plan.steps)
    if plan.steps and total != WHOLE:
        found.append(f"各步权重合计应是 100，现在是 {total}")
    if not plan.steps:
        found.append("请至少写一个步骤")
    if len(plan.phases) > MOST_PHASES or len(plan.steps) > MOST_STEPS:
        found.append(f"最多 {MOST_PHASES} 个阶段、{MOST_STEPS} 个步骤")
    empty = [
        phase.name
        for number, phase in enumerate(plan.phases, 1)
        if number not in {step.phase for step in plan.steps}
    ]
    found += [f"阶段“{name}”没有步骤" for name in empty]
    return found


def _of_phases(phases: tuple[Phase, ...], starts: date | None, deadline: date | None) -> Iterator[str]:
    for number, phase in enumerate(phases, 1):
        named = f"第 {number} 阶段"
        if not phase.name.strip() or len(phase.name.strip()) > LONGEST_NAME:
            yield f"{named}：请写名称，最多 {LONGEST_NAME} 字"
        if phase.ends < phase.starts:
            yield f"{named}：结束 {phase.ends} 早于开始 {phase.starts}"
        if starts and phase.starts < starts:
            yield f"{named}：早于项目开始 {starts}"
        if deadline and phase.ends > deadline:
            yield f"{named}：晚于项目期限 {deadline}"
    for number, (before, after) in enumerate(pairwise(phases), 2):
        if after.starts < before.starts:
            yield f"第 {number} 阶段：比前一阶段开始得早"


def _of_step(step: Step, phases: tuple[Phase, ...]) -> Iterator[str]:
    if not step.name.strip() or len(step.name.strip()) > LONGEST_TITLE:
        yield f"请写步骤，最多 {LONGEST_TITLE} 字"
    if len(step.deliverable.strip()) > LONGEST_TITLE:
        yield f"成果最多 {LONGEST_TITLE} 字"
    if not 1 <= step.weight <= WHOLE:
        yield f"权重应是 1 到 100 的整数，现在是 {step.weight}"
    if step.ends < step.starts:
        yield f"结束 {step.ends} 早于开始 {step.starts}"
    if not 1 <= step.phase <= len(phases):
        yield f"没有第 {step.phase} 阶段"
        return
    phase = phases[step.phase - 1]
    if step.starts < phase.starts:
        yield f"开始 {step.starts} 早于所属阶段“{phase.name}”的 {phase.starts}"
    if step.ends > phase.ends:
        yield f"结束 {step.ends} 晚于所属阶段“{phase.name}”的 {phase.ends}"


def _of_order(steps: tuple[Step, ...]) -> Iterator[str]:
    for number, (before, after) in enumerate(pairwise(steps), 2):
        if after.phase < before.phase:
            yield f"第 {number} 步：排在后一阶段的步骤之后，请按阶段先后排列"
