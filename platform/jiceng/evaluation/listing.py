"""Lists of results: filtered, counted, paged in the database; in the order of organizations, never ranked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.evaluation.schemas import ResultPage, ResultRow
from jiceng.kernel.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.kernel.errors import NotFound
from jiceng.roster.queries import descendants

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.evaluation.schemas import RunInfo

PAGE = 50
_SUBJECTS = {
    "member": "select id, number, name from member where tenant_id = $1",
    "organization": """
        select o.id, o.number, s.name from organization o
        join organization_state s on s.tenant_id = o.tenant_id and s.organization = o.id
          and s.since <= $3 and (s.until is null or s.until > $3)
        where o.tenant_id = $1""",
    "enterprise": """
        select u.id, u.number, s.name from unit u
        join unit_state s on s.tenant_id = u.tenant_id and s.unit = u.id
          and s.since <= $3 and (s.until is null or s.until > $3)
        where u.tenant_id = $1""",
}
_FROM = """
from result r
left join ({subjects}) who on who.id = r.subject
left join organization o on o.tenant_id = r.tenant_id and o.id = r.organization
left join organization_state place on place.tenant_id = o.tenant_id and place.organization = o.id
  and place.since <= $3 and (place.until is null or place.until > $3)
where r.tenant_id = $1 and r.run = $2
"""
_ROW = """
select r.subject, coalesce(who.number, '') as number, coalesce(who.name, '（名册中已无此名）') as name,
  coalesce(place.name, '') as organization, r.status, r.score, r.grade, r.outputs
"""
_FILTERS = """
and ($4::uuid[] is null or r.organization = any($4) or r.subject = any($4))
and ($5 = '' or r.grade = $5) and ($6 = '' or r.status = $6)
and ($7 = '' or position($7 in who.name) > 0 or who.number = $7)
"""


class Filters(msgspec.Struct, frozen=True):
    """What a list is narrowed to; an organization stands for its whole subtree, "" for no narrowing."""

    organization: UUID | None = None
    grade: str = ""
    status: str = ""
    name: str = ""


async def results(run: RunInfo, filters: Filters, page: int = 1, size: int = PAGE) -> ResultPage:
    """One page of a run's results, by organization and number."""
    source = _FROM.format(subjects=_SUBJECTS[run.subject]) + _FILTERS
    below = None
    if filters.organization is not None:
        below = await descendants(filters.organization, run.roster_at)
    args = (*_of(run), below, filters.grade, filters.status, filters.name.strip())
    total: int = await fetch_value("select count(*)" + source, *args)
    page = min(max(1, page), max(1, -(-total // size)))
    rows = await fetch(
        _ROW + source + " order by o.number nulls first, who.number, r.subject limit $8 offset $9",
        *args,
        size,
        (page - 1) * size,
    )
    return ResultPage([_row(row) for row in rows], total, page, size)


async def result(run: RunInfo, subject: UUID) -> ResultRow:
    """The result of one subject; raises NotFound when the run has none of it."""
    source = _FROM.format(subjects=_SUBJECTS[run.subject])
    row = await fetch_row(_ROW + source + " and r.subject = $4", *_of(run), subject)
    if row is None:
        raise NotFound("这次评定中没有这个对象", where=str(subject))
    return _row(row)


def _of(run: RunInfo) -> tuple[Any, ...]:
    return current_tenant(), run.id, run.roster_at


def _row(row: Any) -> ResultRow:  # noqa: ANN401 - a database row
    values = dict(row)
    values["outputs"] = msgspec.json.decode(values["outputs"])
    return ResultRow(**values)
