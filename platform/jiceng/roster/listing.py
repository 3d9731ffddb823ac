"""The lists on the pages: members by filters, fifty to a page, ordered by organization and number."""

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from jiceng.accounts.fields import readable_here
from jiceng.accounts.labels import cleared
from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.paging import Page
from jiceng.roster.queries import descendants
from jiceng.roster.schemas import MemberRow, OrganizationRow
from jiceng.roster.sealing import with_reasons
from jiceng.roster.sight import seen_arguments

PAGE = 50
_FOUND = """
select m.id, m.number, m.name, m.sex, m.birth_year, m.education, m.joined,
       m.sensitivity, m.sensitivity_reason,
       s.category, s.state, s.employment, s.dual, s.mobile, s.worker, b.organization, b.since,
       count(*) over () as total
from member m
join membership b on b.tenant_id = m.tenant_id and b.member = m.id
join organization o on o.tenant_id = b.tenant_id and o.id = b.organization
join member_state s on s.tenant_id = m.tenant_id and s.member = m.id
where m.tenant_id = $1 and b.tenant_id = $1 and s.tenant_id = $1 and o.tenant_id = $1
  and b.since <= $2 and (b.until is null or b.until > $2)
  and s.since <= $2 and (s.until is null or s.until > $2)
  and ($3::uuid[] is null or b.organization = any($3::uuid[]))
  and ($4 = '' or s.category = $4) and ($5 = '' or s.state = $5)
  and ($6 = '' or m.number = $6 or position($6 in m.name) > 0)
  and ($9::uuid[] is null or b.organization = any($9) or m.id = $10::uuid)
  and ($11::uuid is null or m.id = $11) {cleared}
order by o.number, m.number
limit $7 offset $8
"""
_HELD = """
select b.organization, count(*) as members from membership b
where b.tenant_id = $1 and b.since <= $2 and (b.until is null or b.until > $2)
  and ($3::uuid[] is null or b.organization = any($3) or b.member = $4::uuid)
group by b.organization
"""


class MemberFilters(msgspec.Struct, frozen=True):
    """What the members' page asks for; empty means all. `organization` takes everybody below it too."""

    organization: UUID | None = None
    category: str = ""
    state: str = ""
    name: str = ""
    id: UUID | None = None


async def find_members(filters: MemberFilters, at: dt.date, page: int, size: int = PAGE) -> Page[MemberRow]:
    """Members on the day who fit all filters and may be seen here, `size` to a page."""
    page = max(1, page)
    below = await descendants(filters.organization, at) if filters.organization else None
    found = await fetch(
        _FOUND.format(cleared=cleared("m")),
        *(current_tenant(), at, below, filters.category, filters.state, filters.name.strip()),
        *(size, (page - 1) * size, *await seen_arguments(at), filters.id),
    )
    fields = readable_here()
    rows = await with_reasons(MemberRow.seen(row, fields) for row in found)
    return Page(rows, found[0]["total"] if found else 0, page, size)


async def members_of_organizations(at: dt.date) -> dict[UUID, int]:
    """How many members that may be seen each organization holds itself, without those below it."""
    rows = await fetch(_HELD, current_tenant(), at, *await seen_arguments(at))
    return {row["organization"]: row["members"] for row in rows}


def offered(places: Iterable[OrganizationRow]) -> list[OrganizationRow]:
    """The organizations a filter offers: the topmost that are seen and those right below."""
    seen = list(places)
    top = min((place.depth for place in seen), default=0)
    return [place for place in seen if place.depth <= top + 1]


def with_all_below(tree: Sequence[OrganizationRow], held: dict[UUID, int]) -> dict[UUID, int]:
    """Members of each organization and of all below it; `tree` in tree order."""
    totals = {row.id: held.get(row.id, 0) for row in tree}
    for row in reversed(tree):
        if row.parent in totals:
            totals[row.parent] += totals[row.id]
    return totals
