"""A star appraisal of organizations: ten branches in two fields, one score each, two stars by quota."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from jiceng.facts.service import import_facts
from jiceng.kernel.database import bulk_insert, transaction
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import Organization, OrganizationState
from jiceng.schemes.service import adopt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BEGINNING = date(2020, 1, 1)
YEAR = date(2026, 1, 1)
DAY = date(2026, 5, 1)
TOWNS = ("农村", "社区")
BOOK = """
title = "星级党组织评定"
subject = "organization"
period = "year"
grades = ["五星", "四星"]

[facts]
field = { kind = "choice", title = "领域", source = "roster", options = ["农村", "社区"] }
assessed = { kind = "number", title = "考核得分", min = 0, max = 100, places = 1 }

[items.assessment]
title = "年终考核"
clause = "第三条"
points = "assessed"

[groups.score]
title = "总分"
of = ["assessment"]

[[decide]]
do = "quota"
title = "按比例定星"
clause = "第五条"
ratio = { "五星" = 2, "四星" = 3 }
within = ["field"]
rounding = "%s"
ties = "ask"
"""
Branches = dict[str, str]
"""Number → id as text."""


async def ten_branches(scores: Mapping[str, Sequence[str | int]], *, rounding: str = "half_up") -> Branches:
    """Branches of two fields with these scores by field; the scheme `stars` in force."""
    found: Branches = {}
    fields = {}
    for town, some in scores.items():
        for number in range(1, len(some) + 1):
            key = f"{'E' if town == TOWNS[0] else 'W'}{number}"
            found[key] = str(new_id())
            fields[key] = town
    async with transaction():
        await bulk_insert(Organization, pl.DataFrame({"id": list(found.values()), "number": list(found)}))
        await bulk_insert(
            OrganizationState,
            pl.DataFrame(
                {
                    "organization": list(found.values()),
                    "since": [BEGINNING] * len(found),
                    "name": [f"{fields[key]}第{key[1:]}党支部" for key in found],
                    "kind": ["党支部"] * len(found),
                    "field": list(fields.values()),
                    "parent": pl.Series([None] * len(found), dtype=pl.String),
                }
            ),
        )
    await adopt("stars", toml=BOOK % rounding, in_force_from=YEAR, reason="测试")
    values = [score for some in scores.values() for score in some]
    await assessed(dict(zip(found.values(), values, strict=True)))
    return found


async def assessed(scores: Mapping[str, str | int]) -> None:
    """Hand in the assessed score of these organizations."""
    rows = pl.DataFrame(
        {
            "subject": list(scores),
            "date": [DAY] * len(scores),
            "value": pl.Series([str(score) for score in scores.values()]).cast(pl.Decimal(9, 1)),
        }
    )
    await import_facts("stars", "assessed", rows, source="考核表")
