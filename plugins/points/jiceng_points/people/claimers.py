"""Who claims and who acts: members and organizations as of today, accounts and the members they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound, today
from jiceng.api.database import current_tenant, fetch_row
from jiceng.api.roster import cleared, seen_arguments
from jiceng_points.people.schemas import Actor, Claimer

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.api.pages import SignedIn

_MEMBER = """
select m.id as member, b.organization, s.category, s.mobile
from member m
join membership b on b.tenant_id = $1 and b.member = m.id
  and b.since <= $2 and (b.until is null or b.until > $2)
join member_state s on s.tenant_id = $1 and s.member = m.id
  and s.since <= $2 and (s.until is null or s.until > $2)
where m.tenant_id = $1 and ($3::uuid[] is null or b.organization = any($3) or m.id = $4)
"""
_ORGANIZATION = """
select o.id as organization from organization o
where o.tenant_id = $1 and (o.dissolved is null or o.dissolved > $2)
  and ($3::uuid[] is null or o.id = any($3))
  and ($4::uuid is null or $3 is not null)
"""
_LOCK = "select id from member where tenant_id = $1 and id = $2 for no key update"
_ACCOUNTS_MEMBER = """
select m.id from account a join member m on m.tenant_id = $1 and m.number = a.person
where a.tenant_id = $1 and a.id = $2
"""


async def actor(user: SignedIn) -> Actor:
    """The person signed in, with the member this account belongs to."""
    row = await fetch_row(_ACCOUNTS_MEMBER, current_tenant(), user.id)
    return Actor(user.id, row["id"] if row else None)


async def member(member_id: UUID) -> Claimer:
    """A member who may be seen here; NotFound for any other."""
    return await _member("and m.id = $5", member_id, *await seen_arguments(today()))


async def hold(member_id: UUID) -> None:
    """Keep the member until the open transaction ends: whoever does the same at once waits, and sees it."""
    await fetch_row(_LOCK, current_tenant(), member_id)


async def member_of_link(member_id: UUID) -> Claimer:
    """The member whom a one-time link stands for: the link itself proved that this is he."""
    return await _member("and m.id = $5", member_id, None, None)


async def by_number(number: str) -> Claimer:
    """The member or organization with the number, as typed into a form; NotFound when not seen here."""
    seen = await seen_arguments(today())
    try:
        return await _member("and m.number = $5", number.strip(), *seen)
    except NotFound:
        row = await fetch_row(
            f"{_ORGANIZATION} and o.number = $5", *(current_tenant(), today(), *seen, number.strip())
        )
    if row is None:
        raise NotFound("名册里没有这个编号", where=number[:40], todo_zh="请填写党员编号或组织编号")
    return Claimer(row["organization"])


async def organization(organization_id: UUID) -> Claimer:
    """An organization that may be seen here; NotFound for any other."""
    seen = await seen_arguments(today())
    row = await fetch_row(
        f"{_ORGANIZATION} and o.id = $5", *(current_tenant(), today(), *seen, organization_id)
    )
    if row is None:
        raise NotFound("名册里没有这个组织")
    return Claimer(row["organization"])


async def _member(condition: str, key: object, *seen: Any) -> Claimer:  # noqa: ANN401 - SQL arguments
    row = await fetch_row(f"{_MEMBER} {condition} {cleared('m')}", *(current_tenant(), today(), *seen, key))
    if row is None:
        raise NotFound("名册里没有这个党员")
    return Claimer(**dict(row))
