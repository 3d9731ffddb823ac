"""Somebody put on a tenant's roster for the tests of every route, and the member whose account asks there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.kernel.database import execute
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

ASKING = "member-x"
"""The number of the member whose account asks in the role of a member: its login is the number."""
_BEGINNING = date(2000, 1, 1)
_MEMBER = "insert into member (tenant_id, id, number, name) values ($1, $2, $3, $4)"
_STATE = """
insert into member_state (tenant_id, id, member, since, category, state, dual, mobile, worker)
values ($1, $2, $3, $4, '农村', '正式', false, true, false)
"""
_HOME = "insert into membership (tenant_id, id, member, organization, since) values ($1, $2, $3, $4, $5)"


async def enrolled(tenant: int, number: str, name: str, home: UUID) -> UUID:
    """A full member of an organization since long ago; returns the id."""
    member = new_id()
    await execute(_MEMBER, tenant, member, number, name)
    await execute(_STATE, tenant, new_id(), member, _BEGINNING)
    await execute(_HOME, tenant, new_id(), member, home, _BEGINNING)
    return member
