"""The half-year review as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.files import Column, SheetOut, write_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from jiceng_points.rhythm.queries import Standing

_REVIEW = (
    Column("place", "组织", width=24),
    *(
        Column(name, title, kind="integer", width=10)
        for name, title in (
            ("people", "参加党员"),
            ("claimed", "认领"),
            ("verified", "已核验"),
            ("waiting", "待核验"),
            ("late", "过期未完成"),
            ("points", "核验得分合计"),
        )
    ),
    Column("note", "备注", width=24),
)


def review_workbook(rows: Sequence[Standing], made: date) -> bytes:
    """The half-year review by organization, with its total line."""
    names = ("place", "people", "claimed", "verified", "waiting", "late", "points")
    lines = [[*(getattr(row, name) for name in names), None] for row in rows]
    total = ["合计", *(sum(getattr(row, name) for row in rows) for name in names[1:]), None]
    return write_workbook([SheetOut("半年述职", _REVIEW, [*lines, total])], made=made)
