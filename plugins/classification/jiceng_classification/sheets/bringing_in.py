"""Brings the workbook of plans in, in one transaction; a plan that is there already stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.api import Invalid, today
from jiceng.api.database import bulk_insert, current_tenant, execute, fetch, joined, new_id, next_block
from jiceng.api.hooks import Numbers
from jiceng.api.pages import Event, record
from jiceng.api.roster import subject_numbers
from jiceng_classification.plans.tables import ClassificationPlan, ClassificationReport
from jiceng_classification.plans.vocabulary import PLUGIN
from jiceng_classification.sheets.reading import STATES, causes_of, read_plans

if TYPE_CHECKING:
    from collections.abc import Sequence


async def bring_plans(data: bytes, place: str) -> int:
    """Keep the plans the years do not have yet, with their reports; returns how many plans.

    Raises Invalid with every fault at its cell.
    """
    organizations = await subject_numbers("organization", today(), everybody=True)
    book = read_plans(data, place, Numbers(members={}, organizations=organizations, units={}))
    if book.faults:
        raise Invalid(book.faults, where=place)
    async with joined():
        await next_block(f"{PLUGIN}/import")  # two workbooks at once: the second waits and sees the first's
        rows = await fetch(
            "select organization, year from classification_plan where tenant_id = $1", current_tenant()
        )
        there = {(str(row["organization"]), row["year"]) for row in rows}
        fresh = [row for row in book.plans if (organizations[row["number"]], row["year"]) not in there]
        ids = {(row["number"], row["year"]): str(new_id()) for row in fresh}
        if fresh:
            await bulk_insert(ClassificationPlan, _plans(fresh, ids, organizations))
            await execute("discard plans")  # the key of reports was planned for an empty table
            said = [row for row in book.reports if (row["number"], row["year"]) in ids]
            if said:
                await bulk_insert(ClassificationReport, _reports(said, ids))
            record(Event.WORK_MOVED, plugin=PLUGIN, kind="plans", rows=len(fresh))
    return len(fresh)


def _plans(
    rows: Sequence[dict[str, Any]], ids: dict[tuple[Any, Any], str], organizations: dict[str, str]
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "id": [ids[row["number"], row["year"]] for row in rows],
            "organization": [organizations[row["number"]] for row in rows],
            "causes": [list(causes_of(row["causes"])) for row in rows],
            "state": [STATES[row["state"]].value for row in rows],
            **{
                name: [row[name] or "" for row in rows]
                for name in ("goal", "measures", "helper", "first_secretary")
            },
            **{
                name: [row[name] for row in rows]
                for name in ("year", "programme", "deadline", "started", "ended")
            },
        },
        schema_overrides={
            "causes": pl.List(pl.Utf8),
            "deadline": pl.Date,
            "started": pl.Date,
            "ended": pl.Date,
        },
    )


def _reports(rows: Sequence[dict[str, Any]], ids: dict[tuple[Any, Any], str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "plan": [ids[row["number"], row["year"]] for row in rows],
            **{name: [row[name] for row in rows] for name in ("month", "percent", "progress")},
        }
    )
