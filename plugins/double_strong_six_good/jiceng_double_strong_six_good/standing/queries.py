"""Reads where enterprises stand, from the results of the scheme's runs: what is seen here only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng.api.database import current_tenant, fetch
from jiceng.api.pages import accounts_named
from jiceng.api.results import latest_results, points_of
from jiceng_double_strong_six_good.firms.queries import firms
from jiceng_double_strong_six_good.standing.schemas import Board, Standing, Verdict
from jiceng_double_strong_six_good.vocabulary import CRITERIA, SCHEME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng_double_strong_six_good.firms.schemas import Firm

_VERDICTS = """
select distinct on (unit) unit, tier, run, reason, by, at from six_good_verdict
where tenant_id = $1 and year = $2 order by unit, at desc
"""


async def board(year: int, today_seen: Mapping[UUID, Firm]) -> Board | None:
    """The year's enterprises with tiers and points, or None while the year was not evaluated.

    `today_seen` are the units that may be seen today; for a year that is over its last day counts.
    """
    found = await latest_results(SCHEME, since=date(year - 1, 1, 1), until=date(year, 12, 31))
    now = [one for one in found if one.last_day.year == year]
    if not now:
        return None
    before = {one.subject: one.grade or "" for one in found if one.last_day.year == year - 1}
    seen = today_seen if year >= today().year else await firms(date(year, 12, 31))
    points = await points_of(now[0].run, tuple(CRITERIA))
    confirmed = await verdicts(year)
    rows = (
        Standing(
            firm=seen[one.subject],
            run=one.run,
            status=one.status,
            tier=one.grade or "",
            before=before.get(one.subject, ""),
            score=one.score,
            points=points.get(one.subject, {}),
            confirmed=confirmed.get(one.subject),
        )
        for one in now
        if one.subject in seen
    )
    return Board(year, tuple(row for row in rows if row.tier or row.firm.takes_part))


async def verdicts(year: int) -> dict[UUID, Verdict]:
    """The tiers confirmed for a year, the last word on each unit."""
    rows = await fetch(_VERDICTS, current_tenant(), year)
    people = await accounts_named({row["by"] for row in rows if row["by"]})
    return {
        row["unit"]: Verdict(
            tier=row["tier"],
            run=row["run"],
            reason=row["reason"],
            by=people.get(row["by"], ""),
            at=row["at"],
        )
        for row in rows
    }


async def tiers(year: int, seen: Mapping[UUID, Firm]) -> dict[UUID, str]:
    """The computed tiers of the year of these units; asks for less than `board`."""
    found = await latest_results(SCHEME, since=date(year, 1, 1), until=date(year, 12, 31))
    return {one.subject: one.grade for one in found if one.grade and one.subject in seen}


async def tier_of(unit: UUID, year: int) -> str:
    """The computed tier of a unit in a year; "" for none."""
    found = await latest_results(SCHEME, subject=unit, since=date(year, 1, 1), until=date(year, 12, 31))
    return (found[-1].grade or "") if found else ""


async def years() -> list[int]:
    """The years that were evaluated, the latest first."""
    return sorted({one.last_day.year for one in await latest_results(SCHEME)}, reverse=True)
