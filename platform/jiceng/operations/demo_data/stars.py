"""Two years of star ratings of a tenant's organizations: most get better, some fall back, a few stay open."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Literal

import msgspec

from jiceng.kernel.spreadsheets import Column, SheetOut, write_workbook
from jiceng.operations.demo_data.shapes import ROSTER_DAY, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.shapes import Organization

RUBRIC = {
    "领导班子": 15,
    "骨干队伍": 10,
    "活动阵地": 10,
    "工作制度": 15,
    "保障机制": 15,
    "工作业绩": 20,
    "群众评价": 15,
    "加分项目": 10,
}
"""Sheets of numbers and their most points, as the scheme's rubric has them."""
BONUS, OPEN = "加分项目", "群众评价"
INNOVATION, HONOUR, VETO = "有党建创新项目", "获市级以上综合荣誉", "有一票否决情形"
STARRED = {"chengxi": (INNOVATION, HONOUR, VETO), "qingshi": (INNOVATION,)}
"""Which tenants rate stars, with the flags that their preset of the scheme knows."""
DAYS = (dt.date(YEAR - 1, 12, 20), dt.date(YEAR, 11, 18))
"""On which day each year's rating was accepted."""
_WEAKEST, _STRONGEST, _BETTER, _SPREAD = 0.58, 0.99, 0.03, 0.05
_WITH_PROJECT, _HONOURED, _VETOED, _NOT_RATED = 0.45, 0.06, 0.006, 0.008
_EVIDENCE = "年度评分表"


class Rating(msgspec.Struct, frozen=True):
    """One value of one organization: which sheet, on which day."""

    sheet: str
    number: str
    day: dt.date
    value: Decimal | bool


def ratings(organizations: Sequence[Organization], seed: int) -> list[Rating]:
    """What was accepted about every organization but the topmost, in both years; the same every time."""
    random = Random(f"stars {seed}")  # noqa: S311  invented data, no secret
    found: list[Rating] = []
    for place in organizations:
        strength = random.uniform(_WEAKEST, _STRONGEST)
        for day in DAYS:
            rows = list(_year(place.number, day, strength, random))
            strength += random.gauss(_BETTER, _SPREAD)
            if place.parent and place.founded <= day:
                found += rows
    return found


def write_stars(path: Path, organizations: Sequence[Organization], seed: int, flags: Sequence[str]) -> None:
    """Write facts/star_rating.xlsx with a sheet for every number and for these flags."""
    given = ratings(organizations, seed)
    sheets = [_sheet(title, "decimal", given) for title in RUBRIC]
    sheets += [_sheet(title, "flag", given) for title in flags]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook(sheets, made=ROSTER_DAY))


def _year(number: str, day: dt.date, strength: float, random: Random) -> Iterator[Rating]:
    for title, most in RUBRIC.items():
        share = min(1.0, max(0.0, strength + random.gauss(0, _SPREAD)))
        value = random.choice((0, 0, 2, 4)) * share if title == BONUS else most * share
        if not (title == OPEN and day == DAYS[-1] and random.random() < _NOT_RATED):
            yield Rating(title, number, day, Decimal(round(value * 2)) / 2)
    if random.random() < _WITH_PROJECT * strength:
        yield Rating(INNOVATION, number, day, value=True)
    if random.random() < _HONOURED:
        yield Rating(HONOUR, number, day, value=True)
    if random.random() < _VETOED:
        yield Rating(VETO, number, day, value=True)


def _sheet(title: str, kind: Literal["decimal", "flag"], given: Sequence[Rating]) -> SheetOut:
    columns = (
        Column("subject", "编号", required=True),
        Column("date", "日期", "date", required=True),
        Column("value", title, kind, required=True),
        Column("evidence", "佐证", width=14),
    )
    rows = [(one.number, one.day, one.value, _EVIDENCE) for one in given if one.sheet == title]
    return SheetOut(title, columns, rows)
