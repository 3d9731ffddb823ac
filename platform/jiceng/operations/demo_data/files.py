"""The files of a demo tenant: roster.xlsx and facts/points.xlsx with the columns the importers read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.claims import Deeds
from jiceng.operations.demo_data.shapes import ROSTER_DAY, Roster
from jiceng.roster.importing.sheets import DATE_CELL, SHEETS, TENANT_CELL, RosterSheet

_NUMBER = Column("subject", "编号", required=True)
_DATE = Column("date", "日期", kind="date", required=True)
_WORTH = Column("worth", "分值", kind="integer", width=6)
_CLAIM = (
    _NUMBER,
    _DATE,
    Column("item", "项目", width=24),
    Column("kind", "类别", kind="choice", options=("必选", "自选", "推荐"), width=8),
    _WORTH,
    Column(
        "stage", "状态", kind="choice", options=("已核验", "待核验", "未通过", "未完成", "已撤回"), width=8
    ),
)
_ADJUSTMENT = (
    _NUMBER,
    _DATE,
    Column("kind", "类别", kind="choice", options=("奖励加分", "处分扣分")),
    _WORTH,
)
_EXEMPTED = (_NUMBER, _DATE, Column("value", "一事一议", kind="flag"))


def write_roster(path: Path, slug: str, roster: Roster) -> None:
    """Write the roster workbook of a tenant."""
    rows: dict[str, Sequence[Any]] = {
        "organization": roster.organizations,
        "unit": roster.units,
        "member": roster.members,
        "post": roster.posts,
    }
    sheets = [SheetOut(spec.name, spec.columns, _rows(spec, rows[spec.table])) for spec in SHEETS]
    cover = ((TENANT_CELL, slug), (DATE_CELL, ROSTER_DAY.isoformat()))
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY, cover=cover))


def _rows(spec: RosterSheet, rows: Sequence[Any]) -> list[list[Any]]:
    return [[getattr(row, column.field, None) or None for column in spec.columns] for row in rows]


def write_facts(path: Path, deeds: Deeds) -> None:
    """Write the facts of the points scheme: one sheet per kind of fact."""
    sheets = (
        SheetOut("认领", _CLAIM, [(c.member, c.day, c.item, c.kind, c.worth, c.stage) for c in deeds.claims]),
        SheetOut("奖惩", _ADJUSTMENT, [(a.member, a.day, a.kind, a.worth) for a in deeds.adjustments]),
        SheetOut("一事一议", _EXEMPTED, [(member, day, True) for member, day in deeds.exempted]),
    )
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))
