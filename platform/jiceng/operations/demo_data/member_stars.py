"""A year of stars of members: five flags each, the oldest excused; the same every time."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.shapes import ROSTER_DAY, YEAR

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.shapes import Member

STARRED_MEMBERS = ("hengyuan",)
"""Where members are starred."""
FLAGS = {"理想信念星": 0.97, "学习提高星": 0.86, "服务群众星": 0.8, "带头示范星": 0.68, "遵纪守法星": 0.985}
"""Each flag of the scheme and how many members have it."""
EXCUSED, OLD = "年老体弱，本年不评", 78
DAY = dt.date(YEAR, 11, 16)
_EVIDENCE = "支部民主评议记录"


def flags(members: Sequence[Member], seed: int) -> dict[str, list[str]]:
    """The numbers of the members that have each flag; who has left has none."""
    random = Random(f"member stars {seed}")  # noqa: S311  invented data, no secret
    found: dict[str, list[str]] = {title: [] for title in (*FLAGS, EXCUSED)}
    for member in members:
        given = [title for title, share in FLAGS.items() if random.random() < share]
        if member.until is not None:
            continue
        if YEAR - member.birth_year >= OLD:
            given = [EXCUSED]
        for title in given:
            found[title].append(member.number)
    return found


def write_member_stars(path: Path, members: Sequence[Member], seed: int) -> None:
    """Write facts/member_star.xlsx with a sheet for every flag."""
    sheets = [_sheet(title, numbers) for title, numbers in flags(members, seed).items() if numbers]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))


def _sheet(title: str, numbers: Sequence[str]) -> SheetOut:
    columns = (
        Column("subject", "编号", required=True),
        Column("date", "日期", "date", required=True),
        Column("value", title, "flag", required=True),
        Column("evidence", "佐证", width=18),
    )
    return SheetOut(title, columns, [(number, DAY, True, _EVIDENCE) for number in numbers])
