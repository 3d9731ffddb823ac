"""What the tests of every route send to the pages of classification: a class, a plan for every act."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.kernel.clock import today
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng_classification.plans import service
from jiceng_classification.plans.schemas import Draft
from jiceng_classification.plans.states import Act

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

_P = "/t/{tenant:str}/classification"
_PLAN = f"{_P}/plans/{{plan_id:uuid}}"
_SAID = {
    "programme": "提升",
    "goal": "升一档",
    "measures": "每月一查",
    "deadline": f"{today().year + 1}-06-30",
}
FORMS = {
    f"{_P}/organizations/{{organization:uuid}}/plan": _SAID | {"year": "2098"},
    f"{_PLAN}/edit": _SAID | {"year": "2098"},
    f"{_PLAN}/reports": {"month": f"{today():%Y-%m}", "percent": "100", "progress": "做完了"},
    f"{_PLAN}/decision": {"act": "stop", "reason": "测试"},
}
ANSWERED = {f"{_P}/organizations/{{organization:uuid}}/plan": {409}}  # one plan a year
NO_ID = {"programme"}
FIXED = {"programme": "示范"}
_ONE = "select id from organization where tenant_id = $1 order by number limit 1"
_YEAR = "select coalesce(max(year), 2000) + 1 from classification_plan where tenant_id = $1"


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A draft."""
    return {"plan_id": str(await _plan(tenant))}


async def prepared(tenant: TenantInfo, path: str) -> dict[str, str]:
    """A plan in the state the act at `path` begins in."""
    if not path.startswith(_PLAN):
        return {}
    plan = await _plan(tenant)
    with tenant_scope(tenant.id):
        if path.endswith(("/reports", "/hand-in", "/decision")):
            await service.act(plan, Act.START, "", new_id())
        if path.endswith("/hand-in"):
            await service.report(plan, today().replace(day=1), 100, "做完了", new_id())
    return {"plan_id": str(plan)}


async def _plan(tenant: TenantInfo) -> UUID:
    with tenant_scope(tenant.id):
        draft = Draft(
            organization=await fetch_value(_ONE, tenant.id),
            year=await fetch_value(_YEAR, tenant.id),
            programme="提升",
            goal="升一档",
            measures="每月一查",
            deadline=date(today().year + 1, 6, 30),
        )
        return await service.write(draft, new_id())
