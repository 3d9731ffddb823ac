"""A town classified in a year: what its committee and branches are given, the run that grades them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import polars as pl
from tests.support.appraisal import small_town

from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.service import open_run
from jiceng.facts.service import import_facts
from jiceng.kernel.database import current_tenant, execute, fetch
from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt
from jiceng.tenancy.service import set_plugin

LEADING, MIDDLE, WEAK = (22, 18, 18, 17, 13), (15, 14, 14, 14, 13), (10, 10, 10, 10, 10)
"""88, 70 and 50 points."""
PARTS = ("team", "members_work", "life", "service", "basics")
Places = dict[str, UUID]


async def town() -> Places:
    """The committee O1 with the branches O2 and O3, founded long ago; the plugin on, the scheme in force."""
    await small_town(2)
    await execute("update organization set founded = '2010-07-01' where tenant_id = $1", current_tenant())
    await set_plugin("classification", on=True)
    await adopt("classification", in_force_from=date(2020, 1, 1), reason="测试")
    rows = await fetch("select number, id from organization where tenant_id = $1", current_tenant())
    return {row["number"]: row["id"] for row in rows}


async def classified(places: Places, year: int, marks: dict[str, tuple[int, ...]]) -> None:
    """Give organizations their marks of a year and compute its run; an earlier run is superseded."""
    day = date(year, 6, 1)
    given = {
        (number, part): points
        for number, some in marks.items()
        for part, points in zip(PARTS, some, strict=True)
    }
    for part in PARTS:
        rows = [_row(places[number], day, points) for (number, of), points in given.items() if of == part]
        await import_facts("classification", part, pl.DataFrame(rows), source="测试")
    rows = [_row(places[number], day, 92) for number in marks]
    await import_facts("classification", "satisfaction", pl.DataFrame(rows), source="测试")
    await open_run("classification", day, by=new_id())
    await execute("update job set due_at = clock_timestamp() where tenant_id = $1", current_tenant())
    await run_due_jobs(JOBS)


def _row(subject: UUID, day: date, points: int) -> dict[str, object]:
    return {"subject": str(subject), "date": day, "value": Decimal(points)}
