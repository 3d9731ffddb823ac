"""The files of a demo tenant: roster.xlsx and facts/points.xlsx with the columns the importers read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.claims import Claim, Deeds
from jiceng.operations.demo_data.shapes import BEFORE_DAY, ROSTER_DAY, Roster
from jiceng.operations.demo_data.witnesses import EVIDENCE, REASONS, Witnesses
from jiceng.operations.onboarding.sources import EARLIER
from jiceng.roster.importing.sheets import DATE_CELL, SHEETS, TENANT_CELL, RosterSheet

_NUMBER = Column("subject", "编号", required=True)
_DATE = Column("date", "日期", kind="date", required=True)
_WORTH = Column("worth", "分值", kind="integer", width=6)
_BY = (Column("evidence", "佐证", width=14), Column("entered", "录入人"), Column("accepted", "核验人"))
_CLAIM = (
    _NUMBER,
    _DATE,
    Column("item", "项目", width=24),
    Column("kind", "类别", kind="choice", options=("必选", "自选", "推荐"), width=8),
    _WORTH,
    Column(
        "stage", "状态", kind="choice", options=("已核验", "待核验", "未通过", "未完成", "已撤回"), width=8
    ),
    *_BY,
)
_ADJUSTMENT = (
    _NUMBER,
    _DATE,
    Column("kind", "类别", kind="choice", options=("奖励加分", "处分扣分")),
    _WORTH,
    *_BY,
)
_EXEMPTED = (_NUMBER, _DATE, Column("value", "一事一议", kind="flag"), *_BY)
STUDIED = "支部研究、委员会备案"
_VERIFIED = ("已核验", "未通过")


def write_roster(path: Path, slug: str, roster: Roster) -> None:
    """Write the roster workbook of a tenant."""
    rows: dict[str, Sequence[Any]] = {
        "organization": roster.organizations,
        "unit": roster.units,
        "member": roster.members,
        "post": roster.posts,
    }
    sheets = [SheetOut(spec.name, spec.usual, _rows(spec, rows[spec.table])) for spec in SHEETS]
    cover = ((TENANT_CELL, slug), (DATE_CELL, ROSTER_DAY.isoformat()))
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY, cover=cover))


def write_earlier(folder: Path, slug: str, roster: Roster) -> Path:
    """Write rosters/<day>.xlsx: organizations and units as they were a year before."""
    kept: dict[str, Sequence[Any]] = {"organization": roster.organizations, "unit": roster.earlier}
    sheets = [SheetOut(s.name, s.usual, _rows(s, kept[s.table])) for s in SHEETS if s.table in kept]
    cover = ((TENANT_CELL, slug), (DATE_CELL, BEFORE_DAY.isoformat()))
    path = folder / EARLIER / f"{BEFORE_DAY}.xlsx"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(sheets, made=BEFORE_DAY, cover=cover))
    return path


def _rows(spec: RosterSheet, rows: Sequence[Any]) -> list[list[Any]]:
    return [[getattr(row, column.field, None) or None for column in spec.usual] for row in rows]


def write_facts(path: Path, deeds: Deeds, witnesses: Witnesses) -> None:
    """Write the facts of the points scheme: one sheet per kind of fact."""
    sheets = (
        SheetOut("认领", _CLAIM, [_claim(claim, witnesses) for claim in deeds.claims]),
        SheetOut(
            "奖惩",
            _ADJUSTMENT,
            [
                (a.member, a.day, a.kind, a.worth, REASONS[a.kind], *witnesses.of(a.member))
                for a in deeds.adjustments
            ],
        ),
        SheetOut(
            "一事一议",
            _EXEMPTED,
            [
                (member, day, True, "支部研究、委员会备案", *witnesses.of(member))
                for member, day in deeds.exempted
            ],
        ),
    )
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))


def _claim(claim: Claim, witnesses: Witnesses) -> tuple[Any, ...]:
    entered, verified = witnesses.of(claim.member)
    return (
        *(claim.member, claim.day, claim.item, claim.kind, claim.worth, claim.stage),
        EVIDENCE.get(claim.item) if claim.stage == "已核验" else None,
        entered,
        verified if claim.stage in _VERIFIED else None,
    )
