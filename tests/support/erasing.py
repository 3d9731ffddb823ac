"""What the route matrix sends to the pages of erasing: somebody who has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from jiceng.tenancy.schemas import TenantInfo

FORMS = {"/t/{tenant:str}/members/{leaver:uuid}/erase": {"ground": "request", "document": "申〔2026〕1号"}}
ANSWERED = {"/t/{tenant:str}/members/{leaver:uuid}/erase": {409}}  # the one before asked for it; it waits
_ADD = "insert into member (tenant_id, id, number, name) values ($1, $2, $3, '已走的人')"
_LEFT = """
insert into membership (tenant_id, id, member, organization, since, until, left_by)
select $1, $2, $3, id, '2020-01-01', '2024-01-01', '转出' from organization where tenant_id = $1 limit 1
"""


async def values(tenant: TenantInfo) -> dict[str, str]:
    """A member of the tenant who belongs to no organization any more."""
    with tenant_scope(tenant.id):
        member = new_id()
        await execute(_ADD, tenant.id, member, f"L{member.hex[-8:]}")
        await execute(_LEFT, tenant.id, new_id(), member)
    return {"leaver": str(member)}
