"""The list of units that should found an organization, as a workbook to hand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng.api.files import Column, SheetOut, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng_double_strong_six_good.coverage.counting import Advice
    from jiceng_double_strong_six_good.firms.schemas import Firm

FOUNDING = (
    Column("number", "单位编号", required=True, must=True, longest=30),
    Column("unit", "单位", width=30),
    Column("town", "镇街", width=14),
    Column("kind", "单位类型", width=10),
    Column("employees", "职工人数", kind="integer", width=10),
    Column("coverage", "组织覆盖", width=12),
    Column("advice", "建议", width=12),
    Column("why", "理由", width=44),
)
"""The list of units that should found an organization."""


def founding_list(found: Iterable[tuple[Firm, Advice]]) -> bytes:
    """Who should found an organization, with the advice and why."""
    rows = [
        [one.number, one.name, one.town, one.kind, one.employees, one.coverage, advised.kind, advised.why]
        for one, advised in found
    ]
    return write_workbook([SheetOut("应建未建", FOUNDING, rows)], made=today())
