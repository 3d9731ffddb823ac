"""Writes workbooks: claims as they stand, empty templates to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.files import Column, SheetOut, write_workbook
from jiceng_points.sheets import columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from jiceng_points.claims.schemas import ClaimRow

_CLAIM = (
    Column("number", "认领号", kind="integer", width=8),
    Column("place", "组织", width=20),
    Column("who", "认领方", width=16),
    Column("item_number", "事项编号"),
    Column("title", "事项", width=24),
    Column("kind", "类别", width=6),
    Column("worth", "分值", kind="integer", width=6),
    Column("state", "状态", width=8),
    *(
        Column(name, title, kind="date")
        for name, title in (("claimed_on", "认领日期"), ("due", "截止"), ("done_on", "完成日期"))
    ),
    Column("proof", "证明", width=28),
    Column("verified", "核验人"),
    Column("reason", "退回理由", width=20),
)


def claims_workbook(rows: Sequence[ClaimRow], people: Mapping[UUID, str], made: date) -> bytes:
    """Claims as they stand, one line each."""
    lines = [
        [
            *(row.number, row.place, row.who, row.item_number, row.title, row.kind, row.worth),
            *(row.state_title, row.claimed_on, row.due, row.done_on, row.proof or None),
            *(people.get(row.verified_by) if row.verified_by else None, row.reason or None),
        ]
        for row in rows
    ]
    return write_workbook([SheetOut(columns.CLAIMS, _CLAIM, lines)], made=made)


def template(name: str, made: date) -> bytes:
    """An empty workbook with drop-downs: "shelf" or "claims"."""
    if name == "shelf":
        return write_workbook([SheetOut(columns.SHELF, columns.ITEM)], made=made)
    sheets = [
        SheetOut(columns.CLAIMS, columns.CLAIM),
        SheetOut(columns.OWN_LISTS, columns.OWN_LIST),
        SheetOut(columns.ADJUSTED, columns.ADJUSTMENT),
    ]
    return write_workbook(sheets, made=made)
