"""What the tests of every route send to the pages of stars: an organization with a star, a list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from jiceng.evaluation.jobs import JOBS
from jiceng.evaluation.service import open_run
from jiceng.facts.service import import_facts
from jiceng.kernel.database import fetch_value, tenant_scope, transaction
from jiceng.kernel.jobs import run_due_jobs
from jiceng.schemes.service import adopt

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

NO_ID = {"which"}
FIXED = {"which": "plaques"}
DAY = date(2026, 5, 1)
FULL = {"lead": 15, "core": 10, "venue": 10, "rules": 15, "support": 15, "results": 20, "voice": 15}
_ONE = "select id from organization where tenant_id = $1 order by number limit 1"


async def values(tenant: TenantInfo) -> dict[str, str]:
    """Everything full for one organization, evaluated; it is the subject of pages that name one of stars."""
    with tenant_scope(tenant.id):
        subject = str(await fetch_value(_ONE, tenant.id))
        await adopt("star_rating", in_force_from=date(2020, 1, 1), reason="测试")
        for name, points in FULL.items():
            row = {"subject": subject, "date": DAY, "value": Decimal(points)}
            await import_facts("star_rating", f"{name}_got", pl.DataFrame([row]), source="测试")
        async with transaction():
            await open_run("star_rating", DAY)
    await run_due_jobs(JOBS)
    return {"starred": subject}
