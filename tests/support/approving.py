"""What the route matrix sends to the page of approvals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.accounts.second_person.kinds import Act
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

FORMS = {
    "/t/{tenant:str}/approvals/{approval:uuid}": {"decision": "approve", "reason": "核过"},
    "/t/{tenant:str}/security/approvals": {"acts": ""},
}
_ASKER = "select id from account where tenant_id = $1 and ($2 = '' or login = $2) limit 1"
ANSWERED = {
    "/t/{tenant:str}/approvals/{approval:uuid}": {403},  # not everybody who signs may sign this one
}
_ADD = """
insert into approval_request (tenant_id, id, act, about, title, arguments, reason, asked_by, asked_at,
  expires_at, state, decision)
values ($1, $2, $3, $4, '党员表', '{}', '核对', $5, now(), now() + interval '1 day', 'waiting', '')
"""


async def request_by(tenant_id: int, asker: UUID, act: Act = Act.EXPORT_RECORDS) -> UUID:
    """A request that waits."""
    request = new_id()
    await execute(_ADD, tenant_id, request, act.value, f"member-{request}", asker)
    return request


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A request of the tenant."""
    return await prepared_for(tenant, "{approval:uuid}", "")


async def prepared_for(tenant: TenantInfo, path: str, login: str) -> dict[str, str]:
    """A fresh request of somebody else; to be withdrawn, of himself."""
    if "{approval:uuid}" not in path:
        return {}
    with tenant_scope(tenant.id):
        asker = await fetch_value(_ASKER, tenant.id, login if path.endswith("/withdraw") else "")
        return {"approval": str(await request_by(tenant.id, asker))}
