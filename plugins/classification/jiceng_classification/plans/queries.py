"""Reads of plans: only those of organizations the person at work may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound, today
from jiceng.api.database import current_tenant, fetch, fetch_row
from jiceng.api.roster import seen_arguments
from jiceng_classification.plans.schemas import Move, Plan, Report
from jiceng_classification.plans.states import State

if TYPE_CHECKING:
    from uuid import UUID

_PLANS = """
select p.id, p.organization, p.year, p.programme, p.causes, p.goal, p.measures, p.helper, p.first_secretary,
       p.deadline, p.state, p.started, p.ended, p.made_by, p.handed_in_by, last.percent,
       coalesce(told.months, array[]::date[]) as months
from classification_plan p
left join lateral (select r.percent from classification_report r where r.tenant_id = $1 and r.plan = p.id
    and r.month >= date_trunc('month', p.started)::date order by r.month desc, r.at desc limit 1) last on true
left join lateral (select array_agg(distinct r.month) as months from classification_report r
    where r.tenant_id = $1 and r.plan = p.id) told on true
where p.tenant_id = $1 and ($2::uuid[] is null or p.organization = any($2))
"""
"""What was reported before a plan was reopened says nothing of how far it is now."""
_REPORTS = """
select month, percent, progress, by, at from classification_report
where tenant_id = $1 and plan = $2 order by month desc, at desc
"""
_MOVES = """
select act, before, after, reason, by, at from classification_move
where tenant_id = $1 and plan = $2 order by at
"""


async def plans(year: int) -> dict[UUID, Plan]:
    """The year's plans that may be seen here, by organization."""
    rows = await fetch(f"{_PLANS} and p.year = $3", current_tenant(), await _seen(), year)
    return {row["organization"]: _plan(row) for row in rows}


async def open_plans() -> list[Plan]:
    """The plans of all years that may be seen here and are carried out or wait for their acceptance."""
    rows = await fetch(
        f"{_PLANS} and p.state in ('running', 'handed_in') order by p.year desc, p.programme, p.id",
        *(current_tenant(), await _seen()),
    )
    return [_plan(row) for row in rows]


async def plan(plan_id: UUID) -> Plan:
    """One plan; raises NotFound for one that is not there or may not be seen."""
    row = await fetch_row(f"{_PLANS} and p.id = $3", current_tenant(), await _seen(), plan_id)
    if row is None:
        raise NotFound("没有这份方案")
    return _plan(row)


async def reports(plan_id: UUID) -> list[Report]:
    """What was reported, the latest month first, the latest word on a month first."""
    return [Report(**row) for row in await fetch(_REPORTS, current_tenant(), plan_id)]


async def moves(plan_id: UUID) -> list[Move]:
    """What was done to a plan, the first first."""
    return [Move(**row) for row in await fetch(_MOVES, current_tenant(), plan_id)]


async def _seen() -> list[UUID] | None:
    places, _ = await seen_arguments(today())
    found: list[UUID] | None = places
    return found


def _plan(row: dict[str, Any]) -> Plan:
    kept = dict(row)
    kept |= {
        "state": State(kept["state"]),
        "causes": tuple(kept["causes"]),
        "months": tuple(kept["months"]),
    }
    return Plan(**kept)
