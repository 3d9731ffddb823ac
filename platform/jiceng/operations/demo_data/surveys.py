"""Invented satisfaction surveys of the demo tenants, counted in two years: ballots/counted.xlsx."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING

from jiceng.facts.ballots.carrying import COLUMNS
from jiceng.kernel.spreadsheets import SheetOut, write_workbook
from jiceng.operations.demo_data.shapes import ROSTER_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from jiceng.operations.demo_data.shapes import Organization

DAYS = (dt.date(2025, 11, 20), dt.date(2026, 10, 30))
PARTIES = (("居民代表", 120, 0.92), ("党员", 80, 0.88), ("驻区单位", 24, 0.8))
"""Who rates, how many are entitled, about which share returns its paper."""
OPTIONS = ("满意", "基本满意", "不满意", "不了解")
_MOST_RATED = 12
_SPREAD, _BETTER = 0.06, 0.03


def write_surveys(path: Path, organizations: Sequence[Organization], seed: int) -> None:
    """Write the surveys about the organizations right below the topmost; the same every time."""
    random = Random(f"surveys {seed}")  # noqa: S311  invented data, no secret
    top = next(one.number for one in organizations if not one.parent)
    rated = [one.number for one in organizations if one.parent == top][:_MOST_RATED]
    rows = [row for day in DAYS for row in _survey(day, rated, random)]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_workbook([SheetOut("已计票的票决", COLUMNS, rows)], made=ROSTER_DAY))


def _survey(day: dt.date, rated: Sequence[str], random: Random) -> Iterator[tuple[str | int | dt.date, ...]]:
    better = _BETTER if day == DAYS[-1] else 0.0
    for party, entitled, share in PARTIES:
        returned = round(entitled * min(1.0, random.gauss(share, 0.02)))
        for number in rated:
            for option, votes in _votes(returned, random.gauss(0.78 + better, _SPREAD), random).items():
                yield (
                    *(f"{day.year} 年群众满意度测评", day, "组织"),
                    *(party, entitled, returned, number, option, votes),
                )


def _votes(returned: int, satisfied: float, random: Random) -> dict[str, int]:
    marked = returned - random.randint(0, max(1, returned // 20))
    best = round(marked * min(0.98, max(0.4, satisfied)))
    fair = round((marked - best) * random.uniform(0.5, 0.8))
    bad = round((marked - best - fair) * random.uniform(0.3, 0.7))
    return dict(zip(OPTIONS, (best, fair, bad, marked - best - fair - bad), strict=True))
