"""What the tests of every route send to the pages of rating campaigns: one campaign of members by points."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from jiceng.facts.campaigns.campaigns import open_campaign
from jiceng.facts.campaigns.stages import Dates
from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch_value, tenant_scope

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

AT = "/t/{tenant:str}/campaigns/{campaign:uuid}"
SHEET = f"{AT}/sheets/{{subject:uuid}}"
FIRST = date(2026, 1, 1)
DAYS = {"self_from": "2026-01-01", "self_until": "2090-01-31", "department_until": "2090-03-31"}
FORMS: dict[str, dict[str, str]] = {
    "/t/{tenant:str}/campaigns/new/{key:str}": {"title": "年度评定", "day": "2026-12-31", **DAYS},
    f"{AT}/dates": DAYS | {"superior_until": "2090-02-28"},
}
NOT_HIS = {403, 409}
"""Whoever may review has nothing to rate of his own here, and the stage of the superior is not on yet."""
ANSWERED: dict[str, set[int]] = {
    "/t/{tenant:str}/campaigns/new/{key:str}": {422, 409},  # nothing is ticked
    f"{AT}/next": {409},  # the one before moved it to the last stage
    f"{AT}/close": {409},  # not the department's stage yet, or closed by the one before
    f"{AT}/reopen": {422},  # without a reason
    f"{AT}/dates": {409},  # closed by the one before
    f"{SHEET}/own": NOT_HIS,
    f"{SHEET}/own/hand-in": NOT_HIS,
    f"{SHEET}/review": NOT_HIS,
    f"{SHEET}/review/hand-in": NOT_HIS,
    f"{SHEET}/review/take-over": NOT_HIS,
    f"{SHEET}/paper": NOT_HIS,
    f"{SHEET}/paper/hand-in": NOT_HIS,
    f"{AT}/withdraw": {422},  # without a reason
    f"{AT}/own/workbook": {422},
    f"{AT}/review/workbook": {422},
}
FILES = {f"{AT}/own/workbook": "roster.xlsx", f"{AT}/review/workbook": "roster.xlsx"}
NO_ID = {"way"}
FIXED = {"way": "review"}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A campaign of the tenant's members."""
    with tenant_scope(tenant.id):
        there = await fetch_value("select id from campaign where tenant_id = $1", tenant.id)
        if there is None:
            long = Dates(FIRST, *(today() + timedelta(days=365 * years) for years in (1, 2, 3)))
            there = await open_campaign("points", today(), "核查", long, lines=["exempted"], proof=False)
    return {"campaign": str(there)}
