"""Reads of claims, always of what the person at work may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound, today
from jiceng.api.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.api.roster import cleared, seen_arguments
from jiceng_points.claims.life import State
from jiceng_points.claims.schemas import ClaimRow, MoveRow
from jiceng_points.claims.sealing import in_clear
from jiceng_points.claims.tables import PROOF, REASON, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from jiceng_points.claims.schemas import ClaimFilter

PAGE = 50
_SHOWN = """
select c.id, c.number, c.year, c.item, i.number as item_number, i.title, i.kind, c.member, c.organization,
  coalesce(m.name, o.short_name, o.name, '') as who, coalesce(o.short_name, o.name, '') as place,
  c.state, c.worth, c.claimed_on, c.planned, c.due, c.done_on, c.proof, c.file, c.reason, c.claimed_by,
  c.done_by, c.verified_by, c.verified_on, c.times, c.posted
from ({found}) c
join points_item i on i.tenant_id = $1 and i.id = c.item
left join member m on m.tenant_id = $1 and m.id = c.member
left join lateral (
  select s.name, s.short_name from organization_state s
  where s.tenant_id = $1 and s.organization = c.organization order by s.since desc limit 1
) o on true
"""
_SEEN = """
select * from points_claim c
where c.tenant_id = $1 and ($2::uuid[] is null or c.organization = any($2) or c.member = $3)
/* labels */
"""
_ONE = _SHOWN.format(found=f"{_SEEN} and c.id = $4")
_OWN = _SHOWN.format(found=f"{_SEEN} and c.member = $4 and c.year = $5") + "order by c.number desc"
_QUEUE = (
    _SHOWN.format(
        found=f"""{_SEEN}
  and c.year = $4 and c.state = 'done' and (c.done_on, c.number) > ($5, $6)
  and ($7::uuid is null or c.organization = $7)
  order by c.done_on, c.number limit $8"""
    )
    + "order by c.done_on, c.number"
)
_FOUND = f"""{_SEEN}
  and c.year = $4 and ($5 = '' or c.state = $5)
  and ($6 = '' or c.item in (select k.id from points_item k where k.tenant_id = $1 and k.kind = $6))
  and ($7::uuid is null or c.organization = $7) and ($8::uuid is null or c.member = $8)
  and ($9::uuid is null or c.item = $9) and c.number < $10
  order by c.number desc limit $11
"""  # noqa: S608 - constants
_FILTERED = _SHOWN.format(found=_FOUND) + "order by c.number desc"
_MOVES = """
select v.id, v.before, v.after, v.at, v.words, coalesce(a.name, m.name, '') as who
from points_move v
left join account a on a.tenant_id = v.tenant_id and a.id = v.by
left join member m on m.tenant_id = v.tenant_id and m.id = v.by_member
where v.tenant_id = $1 and v.claim = $2 order by v.at, v.id
"""
_WAITING = """
select count(*) from points_claim c where c.tenant_id = $1 and c.year = $2 and c.state = 'done'
  and ($3::uuid[] is null or c.organization = any($3) or c.member = $4)
"""
_NAMED = """
select id, name from account where tenant_id = $1 and id = any($2::uuid[])
union all select id, name from member where tenant_id = $1 and id = any($2::uuid[])
"""


async def claim(claim_id: UUID) -> ClaimRow:
    """One claim; NotFound when there is none or it may not be seen here, both alike."""
    row = await fetch_row(labelled(_ONE), current_tenant(), *await _seen(), claim_id)
    if row is None:
        raise NotFound("没有这条认领")
    return (await _rows([row]))[0]


async def of_members_own(member: UUID, year: int) -> list[ClaimRow]:
    """A member's claims of the year for his own page, newest first; the page itself proved who he is."""
    rows = await fetch(
        _OWN,
        *(current_tenant(), None, None, member, year),
    )
    return await _rows(rows)


async def queue(year: int, after: tuple[Any, int], organization: UUID | None = None) -> list[ClaimRow]:
    """The next claims that wait for verification, those done longest ago first; `after`: (day, number)."""
    rows = await fetch(labelled(_QUEUE), current_tenant(), *await _seen(), year, *after, organization, PAGE)
    return await _rows(rows)


async def waiting(year: int) -> int:
    """How many claims wait for verification."""
    found: int = await fetch_value(_WAITING, current_tenant(), year, *await _seen())
    return found


async def claims(wanted: ClaimFilter, before: int = 2**31 - 1, size: int = PAGE) -> list[ClaimRow]:
    """Claims, newest first, those numbered below `before`."""
    rows = await fetch(
        labelled(_FILTERED),
        *(current_tenant(), *await _seen(), wanted.year, wanted.state, wanted.kind),
        *(wanted.organization, wanted.member, wanted.item, before, size),
    )
    return await _rows(rows)


async def moves(claim_id: UUID) -> list[MoveRow]:
    """What happened to a claim, in order."""
    rows = await in_clear(await fetch(_MOVES, current_tenant(), claim_id), WORDS)
    return [MoveRow(**{name: row[name] for name in MoveRow.__struct_fields__}) for row in rows]


async def named(ids: set[UUID]) -> dict[UUID, str]:
    """Names of the people who acted: accounts and members by id."""
    return {row["id"]: row["name"] for row in await fetch(_NAMED, current_tenant(), list(ids))}


def labelled(sql: str) -> str:
    """The statement about `points_claim c` without claims of members labelled too high for who looks."""
    condition = cleared("h")
    if not condition:
        return sql
    hidden = f"and (c.member is null or exists (select from member h where h.id = c.member {condition}))"
    return sql.replace("/* labels */", hidden)


async def _seen() -> tuple[Any, Any]:
    return await seen_arguments(today())


async def _rows(rows: Iterable[Any]) -> list[ClaimRow]:
    opened = await in_clear(rows, PROOF, REASON)
    return [ClaimRow(**{**row, "state": State(row["state"])}) for row in opened]
