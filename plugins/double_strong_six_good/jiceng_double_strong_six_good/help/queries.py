"""Reads of help: only of units the person at work may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound
from jiceng.api.database import current_tenant, fetch, fetch_row
from jiceng_double_strong_six_good.firms.queries import may_be_seen
from jiceng_double_strong_six_good.help.schemas import Help, Progress
from jiceng_double_strong_six_good.help.states import State

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm

_PLANS = """
select h.id, h.unit, h.year, h.problems, h.measures, h.helper, h.deadline, h.state, h.started, h.ended,
       h.handed_in_by, last.percent, coalesce(told.months, array[]::date[]) as months
from six_good_help h
left join lateral (select r.percent from six_good_progress r where r.tenant_id = $1 and r.help = h.id
    and r.month >= date_trunc('month', h.started)::date order by r.month desc, r.at desc limit 1) last on true
left join lateral (select array_agg(distinct r.month) as months from six_good_progress r
    where r.tenant_id = $1 and r.help = h.id) told on true
where h.tenant_id = $1
"""
_PROGRESS = """
select month, percent, progress, by, at from six_good_progress
where tenant_id = $1 and help = $2 order by month desc, at desc
"""


async def plans(year: int, seen: Mapping[UUID, Firm]) -> dict[UUID, Help]:
    """The plans for those of these units that were found wanting in the year, by unit."""
    rows = await fetch(f"{_PLANS} and h.year = $2", current_tenant(), year)
    return {row["unit"]: _help(row) for row in rows if row["unit"] in seen}


async def running(seen: Mapping[UUID, Firm]) -> list[Help]:
    """The plans of all years for these units that are carried out or wait for their acceptance."""
    rows = await fetch(
        f"{_PLANS} and h.state in ('running', 'handed_in') order by h.year desc, h.id", current_tenant()
    )
    return [_help(row) for row in rows if row["unit"] in seen]


async def plan(plan_id: UUID) -> Help:
    """One plan; raises NotFound for one that is not there or may not be seen."""
    row = await fetch_row(f"{_PLANS} and h.id = $2", current_tenant(), plan_id)
    if row is None or not await may_be_seen(row["unit"]):
        raise NotFound("没有这份帮扶方案")
    return _help(row)


async def progress(plan_id: UUID) -> list[Progress]:
    """What was reported, the latest month first, the latest word on a month first."""
    return [Progress(**row) for row in await fetch(_PROGRESS, current_tenant(), plan_id)]


def _help(row: Any) -> Help:  # noqa: ANN401 - a database row
    return Help(**{**row, "state": State(row["state"]), "months": tuple(row["months"])})
