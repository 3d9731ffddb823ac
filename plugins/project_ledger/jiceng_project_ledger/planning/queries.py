"""Reads of plans. The project itself must have been read before, which checks that it may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.api.database import current_tenant, fetch
from jiceng_project_ledger.planning.schemas import Phase, Plan, PlanChange, Step

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

_PHASES = """
select project, name, starts, ends from ledger_phase where tenant_id = $1 and project = any($2)
order by project, seq
"""
_STEPS = """
select project, phase, name, starts, ends, weight, deliverable, done, proof, file from ledger_step
where tenant_id = $1 and project = any($2) order by project, seq
"""
_CHANGES = """
select id, seq, reason, before::text as before, after::text as after, state, asked_by, asked_at, decision,
       decided_by, decided_at
from ledger_plan_change where tenant_id = $1 and project = $2 order by seq desc
"""


async def plans(projects: Collection[UUID]) -> dict[UUID, Plan]:
    """The plans that hold now, by project; one without a plan is not in it."""
    phases: dict[UUID, list[Phase]] = {}
    steps: dict[UUID, list[Step]] = {}
    for row in await fetch(_PHASES, current_tenant(), list(projects)):
        phases.setdefault(row["project"], []).append(Phase(row["name"], row["starts"], row["ends"]))
    for row in await fetch(_STEPS, current_tenant(), list(projects)):
        kept = dict(row)
        steps.setdefault(kept.pop("project"), []).append(Step(**kept))
    return {project: Plan(tuple(phases.get(project, ())), tuple(found)) for project, found in steps.items()}


async def plan(project: UUID) -> Plan:
    """The plan that holds now; empty while nothing is planned."""
    return (await plans([project])).get(project, Plan())


async def changes(project: UUID) -> list[PlanChange]:
    """Changes asked for, the latest first."""
    return [_change(dict(row)) for row in await fetch(_CHANGES, current_tenant(), project)]


def _change(row: dict[str, Any]) -> PlanChange:
    both = {name: msgspec.json.decode(row[name], type=Plan) for name in ("before", "after")}
    return PlanChange(**row | both)
