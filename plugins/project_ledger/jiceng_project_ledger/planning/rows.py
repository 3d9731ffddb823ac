"""A plan as rows of its two tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng_project_ledger.planning.schemas import Plan


def phase_rows(project_id: UUID, plan: Plan) -> pl.DataFrame:
    """Rows of `ledger_phase`."""
    return pl.DataFrame(
        {
            "project": [str(project_id)] * len(plan.phases),
            "seq": list(range(1, len(plan.phases) + 1)),
            "name": [phase.name.strip() for phase in plan.phases],
            "starts": [phase.starts for phase in plan.phases],
            "ends": [phase.ends for phase in plan.phases],
        }
    )


def step_rows(project_id: UUID, plan: Plan, by: UUID | None) -> pl.DataFrame:
    """Rows of `ledger_step`; `by` marked done what is done."""
    steps = plan.steps
    return pl.DataFrame(
        {
            "project": [str(project_id)] * len(steps),
            "phase": [step.phase for step in steps],
            "seq": list(range(1, len(steps) + 1)),
            "name": [step.name.strip() for step in steps],
            "starts": [step.starts for step in steps],
            "ends": [step.ends for step in steps],
            "weight": [step.weight for step in steps],
            "deliverable": [step.deliverable.strip() for step in steps],
            "done": pl.Series([step.done for step in steps], dtype=pl.Date),
            "proof": [step.proof for step in steps],
            "file": [str(step.file) if step.file else None for step in steps],
            "done_by": [str(by) if by and step.done else None for step in steps],
        },
        schema_overrides={"file": pl.Utf8, "done_by": pl.Utf8},
    )
