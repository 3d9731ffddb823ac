"""What the tests of every route send to the pages of rating campaigns of members by points.

One campaign runs through its stages; in a second the rows about oneself and on paper are rated, by and about
a member of the topmost organization; a third ends, is reopened and withdrawn.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from jiceng.facts.campaigns.books import SHEET as SHEET_NAME
from jiceng.facts.campaigns.books import SHOWN
from jiceng.facts.campaigns.campaigns import open_campaign
from jiceng.facts.campaigns.stages import Dates
from jiceng.kernel.clock import today
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.spreadsheets import SheetOut, write_workbook

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

AT = "/t/{tenant:str}/campaigns/{campaign:uuid}"
SHEET = f"{AT}/sheets/{{subject:uuid}}"
FIRST = date(2026, 1, 1)
DAYS = {"self_from": "2026-01-01", "self_until": "2090-01-31", "department_until": "2090-03-31"}
NEW = "/t/{tenant:str}/campaigns/new/{key:str}"
RATED = {"v.exempted": "否"}
MEMBER = "AT-THE-TOP"


def sheets() -> bytes:
    """A workbook that rates the member of the topmost organization."""
    row = (MEMBER, "", "exempted", "", "", "", "否", "", "", "")
    return write_workbook([SheetOut(SHEET_NAME, SHOWN, [row])], made=today())


FORMS: dict[str, dict[str, str]] = {
    NEW: {"title": "年度评定", "day": f"{today().year + 3}-12-31", "line.exempted": "on", **DAYS},
    f"{AT}/dates": DAYS | {"superior_until": "2090-02-28"},
    f"{AT}/reopen": {"stage": "self", "until": "2090-01-31", "reason": "漏评"},
    f"{AT}/withdraw": {"reason": "开错了"},
    f"{SHEET}/own": RATED,
    f"{SHEET}/own/hand-in": RATED,
    f"{SHEET}/paper": RATED,
    f"{SHEET}/paper/hand-in": RATED,
}
NOT_HIS = {403, 409}
"""Not everybody who may take part rates this one; one of those who do has handed it in."""
ANSWERED: dict[str, set[int]] = {
    NEW: {409},  # the one before opened it
    f"{AT}/next": {409},  # the one before moved it to the last stage
    f"{AT}/close": {409},  # closed by the one before
    f"{AT}/dates": {409},  # closed by the one before
    f"{SHEET}/own": NOT_HIS,
    f"{SHEET}/own/hand-in": NOT_HIS,
    f"{SHEET}/review": NOT_HIS,
    f"{SHEET}/review/hand-in": NOT_HIS,
    f"{SHEET}/review/take-over": NOT_HIS,
    f"{SHEET}/paper": NOT_HIS,
    f"{SHEET}/paper/hand-in": NOT_HIS,
    f"{AT}/withdraw": {409},  # withdrawn by the one before
    f"{AT}/own/workbook": {422},  # not his to rate
    f"{AT}/review/workbook": {422},
}
FILES = {f"{AT}/own/workbook": sheets, f"{AT}/review/workbook": sheets}
NO_ID = {"way"}
FIXED = {"way": "review"}


_ROOT = "select organization from organization_state where tenant_id = $1 and parent is null limit 1"
_ADD = """
with one as (insert into member (tenant_id, id, number, name) values ($1, $2, $3, '在上级的人')),
state as (insert into member_state (tenant_id, id, member, since, category, state)
  values ($1, gen_random_uuid(), $2, '2020-01-01', '农村', '正式'))
insert into membership (tenant_id, id, member, organization, since)
values ($1, gen_random_uuid(), $2, $4, '2020-01-01')
"""
_BEGUN = """
with sheet as (
  insert into rating_sheet (tenant_id, id, campaign, subject, stage, handed_by, handed_at, late)
  values ($1, gen_random_uuid(), $2, $3, $4, null, null, false) returning id)
insert into rating_entry (tenant_id, id, sheet, line, value, proof, comment, revision, by, at)
select $1, gen_random_uuid(), id, 'exempted', '否', '', '', 1, $3, now() from sheet
"""
_LAST_STAGE = "update campaign set stage = 'department' where tenant_id = $1 and id = $2"
_OWN = (f"{AT}/own/workbook", f"{SHEET}/own", f"{SHEET}/own/hand-in", f"{SHEET}/review/take-over")
_PAPER = (f"{SHEET}/paper", f"{SHEET}/paper/hand-in")
_ENDING = (f"{AT}/close", f"{AT}/reopen", f"{AT}/withdraw")
_made: dict[int, dict[str, str]] = {}


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A campaign of the tenant's members; two more, one of them of this year, so that it may be closed; two
    sheets that somebody began.
    """
    with tenant_scope(tenant.id):
        long = Dates(FIRST, *(today() + timedelta(days=365 * years) for years in (1, 2, 3)))
        ending, own, campaign = [
            str(await open_campaign("points", day, "核查", long, lines=["exempted"], proof=False))
            for day in (today(), *(date(today().year + years, 1, 1) for years in (4, 5)))
        ]
        await execute(_LAST_STAGE, tenant.id, ending)
        root, member, begun = await fetch_value(_ROOT, tenant.id), new_id(), new_id()
        await execute(_ADD, tenant.id, member, MEMBER, root)
        await execute(_ADD, tenant.id, begun, f"{MEMBER}-2", root)
        await execute(_BEGUN, tenant.id, own, begun, "self")
        await execute(_BEGUN, tenant.id, campaign, begun, "department")
    _made[tenant.id] = {"own": own, "ending": ending, "member": str(member), "root": str(root)}
    return {"campaign": campaign}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """The campaign that the act needs, and the member whom others of his organization may rate."""
    if path == f"{AT}/own/hand-in":
        return {"campaign": _made[tenant.id]["own"]}
    if path not in (*_OWN, *_PAPER, *_ENDING):
        return {}
    made = _made[tenant.id]
    if path in _ENDING:
        return {"campaign": made["ending"]} | ({"=organization": made["root"]} if "reopen" in path else {})
    if path.endswith("/take-over"):
        with tenant_scope(tenant.id):
            await execute(_LAST_STAGE, tenant.id, made["own"])
    return {"campaign": made["own"]} | ({} if path in _PAPER else {"subject": made["member"]})
