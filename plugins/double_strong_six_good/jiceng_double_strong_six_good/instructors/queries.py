"""Reads of instructors: only at units the person at work may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import NotFound
from jiceng.api.database import current_tenant, fetch, fetch_row
from jiceng_double_strong_six_good.firms.queries import may_be_seen
from jiceng_double_strong_six_good.instructors.schemas import Instructor, Visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm

_INSTRUCTORS = """
select i.id, i.unit, i.name, i.employer, i.since, i.until, i.task, i.ended,
    (select count(*) from six_good_visit v where v.tenant_id = $1 and v.instructor = i.id) as visits,
    (select max(v.day) from six_good_visit v where v.tenant_id = $1 and v.instructor = i.id) as last_visit
from six_good_instructor i where i.tenant_id = $1
"""
_VISITS = """
select day, done, next, by, at from six_good_visit
where tenant_id = $1 and instructor = $2 order by day desc, at desc
"""


async def instructors(seen: Mapping[UUID, Firm]) -> list[Instructor]:
    """Everyone at one of these units: those still there first, then by the day they came."""
    rows = await fetch(f"{_INSTRUCTORS} order by i.ended is not null, i.since desc, i.id", current_tenant())
    return [Instructor(**row) for row in rows if row["unit"] in seen]


async def at_unit(unit: UUID) -> list[Instructor]:
    """Everyone who was sent to a unit; whoever asks has shown that it may be seen."""
    rows = await fetch(f"{_INSTRUCTORS} and i.unit = $2 order by i.since desc", current_tenant(), unit)
    return [Instructor(**row) for row in rows]


async def instructor(instructor_id: UUID) -> Instructor:
    """One instructor; raises NotFound for one that is not there or at a unit out of sight."""
    row = await fetch_row(f"{_INSTRUCTORS} and i.id = $2", current_tenant(), instructor_id)
    if row is None or not await may_be_seen(row["unit"]):
        raise NotFound("没有这位指导员")
    return Instructor(**row)


async def visits(instructor_id: UUID) -> list[Visit]:
    """The visits, the latest first."""
    return [Visit(**row) for row in await fetch(_VISITS, current_tenant(), instructor_id)]
