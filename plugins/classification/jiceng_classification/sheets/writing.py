"""Writes the register of a year: classes, movements, plans and their progress, in the standard layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng.api.files import SheetOut, write_workbook
from jiceng_classification.plans.states import STATE_WORDS
from jiceng_classification.sheets.columns import LEDGER

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from jiceng_classification.plans.schemas import Plan
    from jiceng_classification.standing.schemas import Standing

Cell = str | int | None


def register(standings: Sequence[Standing], plans: Mapping[UUID, Plan]) -> bytes:
    """The year's register as xlsx: one row per organization, those without a plan with empty cells."""
    day = today()
    rows = [_row(row, plans.get(row.organization), day) for row in standings]
    return write_workbook([SheetOut("分类定级台账", LEDGER, rows)], made=day)


def _row(row: Standing, plan: Plan | None, day: date) -> list[Cell | date]:
    place: list[Cell | date] = [row.number, row.name, row.town, row.grade, row.before or None, row.movement]
    if plan is None:
        return [*place, row.programme, *[None] * (len(LEDGER) - len(place) - 1)]
    late = "、".join(f"{month:%Y-%m}" for month in plan.late_months(day))
    return [
        *place,
        plan.programme,
        "、".join(plan.causes) or None,
        plan.goal or None,
        plan.measures or None,
        plan.helper or None,
        plan.first_secretary or None,
        plan.deadline,
        STATE_WORDS[plan.state],
        plan.percent,
        late or None,
    ]
