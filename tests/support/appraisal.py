"""A small tenant for appraisal tests: two branches of a town, members with numbers, claims in bulk."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
import xlsxwriter

from jiceng.facts.service import import_facts
from jiceng.kernel.database import bulk_insert, transaction
from jiceng.kernel.ids import new_id
from jiceng.roster.tables import (
    Member,
    Membership,
    MemberState,
    Organization,
    OrganizationState,
)
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

BEGINNING = date(2020, 1, 1)
YEAR = date(2026, 1, 1)
DAY = date(2026, 5, 1)
People = dict[str, str]
"""Member number → id as text."""


async def small_town(members: int = 4, *, category: str = "社区") -> People:
    """A town committee with two branches; members D001 … take turns in the branches. Returns their ids."""
    town, east, west = new_id(), new_id(), new_id()
    people = {f"D{number:03}": str(new_id()) for number in range(1, members + 1)}
    async with transaction():
        await bulk_insert(
            Organization,
            pl.DataFrame({"id": [str(o) for o in (town, east, west)], "number": ["O1", "O2", "O3"]}),
        )
        await bulk_insert(
            OrganizationState,
            pl.DataFrame(
                {
                    "organization": [str(o) for o in (town, east, west)],
                    "since": [BEGINNING] * 3,
                    "name": ["湖口镇党委", "东街党支部", "西街党支部"],
                    "kind": ["党委", "党支部", "党支部"],
                    "field": ["社区"] * 3,
                    "parent": [None, str(town), str(town)],
                },
            ),
        )
        if people:
            await _members(people, [east, west], category)
    return people


async def _members(people: People, branches: Sequence[UUID], category: str) -> None:
    ids = list(people.values())
    same = {"since": [BEGINNING] * len(ids)}
    await bulk_insert(
        Member,
        pl.DataFrame({"id": ids, "number": list(people), "name": [f"党员{number}" for number in people]}),
    )
    await bulk_insert(
        MemberState,
        pl.DataFrame(
            {"member": ids, "category": [category] * len(ids), "state": ["正式"] * len(ids)}
            | same
            | {name: [False] * len(ids) for name in ("dual", "mobile", "worker")}
        ),
    )
    homes = [str(branches[place % len(branches)]) for place in range(len(ids))]
    await bulk_insert(Membership, pl.DataFrame({"member": ids, "organization": homes} | same))


async def with_points(preset: str = "") -> None:
    """Switch the points plugin on and put its rulebook in force for 2026."""
    await set_plugin("points", on=True)
    await adopt("points", preset=preset, in_force_from=YEAR, reason="测试")


def claims(subject: str, required: int, worths: Sequence[int] = (), kind: str = "自选") -> pl.DataFrame:
    """So many required items done, and further ones of these worths, all verified on one day."""
    rows = [(f"BX{number:02}", "必选", 10) for number in range(1, required + 1)]
    rows += [(f"ZX{number:02}", kind, worth) for number, worth in enumerate(worths, 1)]
    return pl.DataFrame(
        [
            {"subject": subject, "date": DAY, "item": item, "kind": word, "worth": worth, "stage": "已核验"}
            for item, word, worth in rows
        ]
    )


async def claimed(subject: str, required: int, worths: Sequence[int] = (), kind: str = "自选") -> None:
    """Import the claims of one member."""
    await import_facts("points", "claim", claims(subject, required, worths, kind), source=f"测试 {subject}")


def workbook(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """An xlsx with these sheets, row by row; dates are written as dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    return buffer.getvalue()
