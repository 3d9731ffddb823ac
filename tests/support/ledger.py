"""Members and points for tests of the plugin `points`."""

from decimal import Decimal
from uuid import UUID

from jiceng.kernel.database import current_tenant, execute
from jiceng.kernel.ids import new_id
from jiceng_points.ledger.schemas import Because, Credit
from jiceng_points.ledger.service import credit

_ENROL = """
insert into member (tenant_id, id, number, name) select $1, t.*, '' from unnest($2::uuid[], $3::text[]) t
"""


async def enrol(*numbers: str) -> list[UUID]:
    """Members with these numbers in the current tenant, who belong to no organization."""
    ids = [new_id() for _ in numbers]
    await execute(_ENROL, current_tenant(), ids, list(numbers))
    return ids


async def earn(member: UUID, points: str, key: str, because: Because = Because.SERVICE) -> bool:
    """Points for a member under a key."""
    return await credit(Credit(member=member, points=Decimal(points), key=key, because=because))
