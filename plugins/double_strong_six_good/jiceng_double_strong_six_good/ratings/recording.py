"""Recording what was accepted as facts of a year: new ones handed in, differing ones corrected."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from jiceng.api import submit_facts, today
from jiceng.api.facts import correct_fact, facts_of, rulebook_for
from jiceng_double_strong_six_good.vocabulary import SCHEME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from jiceng.api.facts import FactShown


async def known(unit: UUID, year: int) -> list[FactShown]:
    """The facts of a unit in a year that count: none corrected or withdrawn."""
    found = await facts_of(unit)
    return [one for one in found if one.scheme == SCHEME and one.occurred.year == year and not one.state]


def day_of(year: int) -> date:
    """The day facts of a year are recorded for: today, or the year's last day when it is over."""
    return min(today(), date(year, 12, 31))


async def put_values(unit: UUID, year: int, values: Mapping[str, Any], reason: str, by: UUID | None) -> None:
    """Record single values by fact; one that differs is corrected, one the rulebook lacks is left out.

    Raises Conflict and Invalid as the facts themselves do (a closed period, a value out of range).
    """
    facts = (await rulebook_for(SCHEME, today())).book.facts
    there = {one.kind: one for one in await known(unit, year) if "value" in one.values}
    for name, value in values.items():
        before = there.get(name)
        if name not in facts or (before is not None and before.values["value"] == value):
            continue
        if before is not None:
            await correct_fact(before.seq, {"value": value}, reason=reason, by=by)
            continue
        rows = pl.DataFrame(
            [{"subject": str(unit), "date": day_of(year), "value": value, "evidence": reason}]
        )
        await submit_facts(SCHEME, name, rows, source=reason, by=by, anew=True)


async def put_marks(
    unit: UUID, year: int, party: str, marks: Mapping[str, Decimal], reason: str, by: UUID | None
) -> int:
    """Record one party's marks by criterion (its title); what differs is corrected. How many changed."""
    there = marks_by_party(await known(unit, year)).get(party, {})
    changed = 0
    fresh: list[dict[str, object]] = []
    for criterion, mark in marks.items():
        fields = {"party": party, "criterion": criterion, "mark": mark}
        before = there.get(criterion)
        if before is None:
            fresh.append({"subject": str(unit), "date": day_of(year), **fields, "evidence": reason})
        elif before.values["mark"] != mark:
            await correct_fact(before.seq, fields, reason=reason, by=by)
            changed += 1
    if fresh:
        await submit_facts(SCHEME, "rating", pl.DataFrame(fresh), source=reason, by=by, anew=True)
    return changed + len(fresh)


def marks_by_party(facts: Sequence[FactShown]) -> dict[str, dict[str, FactShown]]:
    """The ratings among some facts: party → criterion → the newest one."""
    found: dict[str, dict[str, FactShown]] = {}
    for one in facts:
        if one.kind == "rating":
            party, criterion = str(one.values["party"]), str(one.values["criterion"])
            found.setdefault(party, {}).setdefault(criterion, one)
    return found
