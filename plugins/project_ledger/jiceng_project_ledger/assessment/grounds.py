"""Why a project is proposed for accountability: late by the ledger, short by its result in effect. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jiceng.api.results import FinalResult
    from jiceng_project_ledger.assessment.measured import Measured
    from jiceng_project_ledger.library.schemas import Project

LONG_LATE = 30
"""A phase that is open so many days after its end and more is a ground."""
_OVER = frozenset({State.CLOSED, State.TERMINATED})


def grounds(
    project: Project, facts: Sequence[Measured], result: FinalResult | None, day: date
) -> tuple[str, ...]:
    """Everything that speaks for a proposal, each in a sentence; empty when there is none."""
    found = []
    if project.state not in _OVER and (late := project.days_late(day)):
        found.append(f"完成期限 {project.deadline}，已超过 {late} 天")
    for one in facts:
        values = one.values
        if one.kind != "phase" or values["done"] or values["excused"]:
            continue
        if values["days_late"] > LONG_LATE:
            found.append(f"阶段“{values['name']}”{one.because}")
    black = {(one.day.month + 2) // 3 for one in facts if one.kind == "black"}
    if any({quarter, quarter + 1} <= black for quarter in range(1, 4)):
        found.append("连续两个季度黑榜")
    if result is not None and result.outputs.get("accountability") is True:
        grade = f"，等次{result.grade}" if result.grade else ""
        found.append(f"{result.period}考核结果列入问责建议（第 {result.run_number} 号评定{grade}）")
    return tuple(found)
