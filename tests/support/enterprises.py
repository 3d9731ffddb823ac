"""Enterprises of a small town: units with and without organizations, facts of a year, its run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import polars as pl
from tests.support.appraisal import BEGINNING, small_town

from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.service import open_run
from jiceng.facts.service import import_facts
from jiceng.kernel.clock import today
from jiceng.kernel.database import bulk_insert, current_tenant, execute, fetch, transaction
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.roster.tables import Unit, UnitState
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin
from jiceng_double_strong_six_good.vocabulary import CRITERIA, PARTIES, SCHEME

if TYPE_CHECKING:
    from collections.abc import Mapping

Firms = dict[str, UUID]
GOOD, FAIR, POOR = Decimal(9), Decimal(6), Decimal(2)
"""Marks on every criterion: with 20 for growth and nothing deducted 94, 76 and 52 points."""
TYPED = {
    "growth": "20",
    "members": "6",
    "has_secretary": "是",
    "has_committee": "否",
    "head_secretary": "否",
    "deputy": "否",
    "election_state": "按期",
    "ledger": "齐全",
    **{f"said.{name}": "做法和成效" for name in CRITERIA},
    **{f"own.{name}": "8.5" for name in CRITERIA},
}
"""A declaration that can be handed in."""


async def town_of_firms() -> Firms:
    """O1 above O2 and O3; U1 and U2 covered by O2, U3 by O3, U4 with few members, U5 and U6 without any.

    U6 has fewer than 30 employees. The plugin is on and its scheme in force. Returns their ids by number.
    """
    await small_town(2)
    await set_plugin(SCHEME, on=True)
    await adopt(SCHEME, in_force_from=date(2020, 1, 1), reason="测试")
    places = await organizations()
    firms = {
        "U1": ("单独组建", "O2", 120),
        "U2": ("联合组建", "O2", 60),
        "U3": ("联合组建", "O3", 45),
        "U4": ("仅有个别党员", "O3", 40),
        "U5": ("无党员", "O2", 35),
        "U6": ("无党员", "O3", 12),
    }
    return {
        number: await firm(number, coverage, places[owner], employees)
        for number, (coverage, owner, employees) in firms.items()
    }


async def organizations() -> dict[str, UUID]:
    """The organizations by number."""
    rows = await fetch("select number, id from organization where tenant_id = $1", current_tenant())
    return {row["number"]: row["id"] for row in rows}


async def firm(number: str, coverage: str, owner: UUID, employees: int = 60) -> UUID:
    """One non-public enterprise; from 30 employees on it should have an organization."""
    made = new_id()
    async with transaction():
        await bulk_insert(Unit, pl.DataFrame({"id": [str(made)], "number": [number]}))
        state = {
            "unit": [str(made)],
            "since": [BEGINNING],
            "name": [f"企业{number}"],
            "kind": ["非公企业"],
            "employees": [employees],
            "should_have": [employees >= 30],
            "coverage": [coverage],
            "organization": [str(owner)],
        }
        await bulk_insert(UnitState, pl.DataFrame(state))
    return made


async def rated(firms: Mapping[str, UUID], year: int, marks: Mapping[str, Decimal]) -> None:
    """Give enterprises of a year full growth, nothing to deduct and one mark everywhere; compute the run."""
    day = min(date(year, 6, 1), today())
    for name, value in (("growth", Decimal(20)), ("members", Decimal(5)), ("has_committee", True)):
        rows = [{"subject": str(firms[number]), "date": day, "value": value} for number in marks]
        await import_facts(SCHEME, name, pl.DataFrame(rows), source="测试")
    for name in ("head_secretary", "deputy"):
        rows = [{"subject": str(firms[number]), "date": day, "value": False} for number in marks]
        await import_facts(SCHEME, name, pl.DataFrame(rows), source="测试")
    given = [
        {"subject": str(firms[number]), "date": day, "party": party, "criterion": criterion, "mark": mark}
        for number, mark in marks.items()
        for party in PARTIES
        for criterion in CRITERIA.values()
    ]
    await import_facts(SCHEME, "rating", pl.DataFrame(given), source="测试")
    await evaluated(year)


async def evaluated(year: int) -> None:
    """Compute the run of a year."""
    await open_run(SCHEME, date(year, 6, 1), by=new_id())
    await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
    await run_due_jobs(JOBS)
