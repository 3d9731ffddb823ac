"""Reads for the calendar and the district: what is due in a month, how reporting went by month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from jiceng.api import today, working_days
from jiceng.api.database import current_tenant, fetch
from jiceng.api.roster import seen_arguments
from jiceng_project_ledger.followup import settings
from jiceng_project_ledger.followup.due import Kind, add_months, beginning, due
from jiceng_project_ledger.followup.standing import Calendar
from jiceng_project_ledger.library.queries import SEEN
from jiceng_project_ledger.views.calendar import Mark, days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jiceng_project_ledger.followup.schemas import Standing
    from jiceng_project_ledger.views.rows import Entry

_STEPS = f"""
select p.id, p.title, s.name, s.ends, s.done is null and s.ends < $6 as late
from ledger_step s join ledger_project p on p.tenant_id = $1 and p.id = s.project
where s.tenant_id = $1 and {SEEN} and p.state in ('in_progress', 'extended') and s.ends between $4 and $5
order by s.ends, p.number
"""  # noqa: S608 - constants
_ANSWERS = f"""
select d.quarter, d.answer_due, p.title, d.answered_on is null and d.answer_due < $6 as late
from ledger_dispatch d join ledger_project p on p.tenant_id = $1 and p.id = d.project
where d.tenant_id = $1 and {SEEN} and d.answer_due between $4 and $5
order by d.answer_due, p.number
"""  # noqa: S608 - constants
_PERIODS = {
    Kind.MONTH: ("%(month)s 月汇报，应报 %(n)s 项", "reports?month="),
    Kind.QUARTER: ("%(month)s 起的季度调度", "dispatch?quarter="),
    Kind.HALF: ("%(month)s 起的半年初评", "ratings?kind=half&year="),
    Kind.YEAR: ("%(month)s 起的年终总评", "ratings?kind=year&year="),
}


async def marks(month: date, running: int) -> list[Mark]:
    """What is due in the month: reports and ratings of periods, steps, answers."""
    last = add_months(month, 1) - timedelta(days=1)
    span = (current_tenant(), *await seen_arguments(today()), month, last, today())
    rhythm, days = await settings.rhythm(), await working_days()
    found = [
        mark
        for kind in Kind
        for first in _ended_before(kind, month)
        if (mark := _period(kind, first, due(kind, first, rhythm, days).day, running)).day.replace(day=1)
        == month
    ]
    found += [
        Mark(
            row["ends"],
            "%(title)s：%(step)s",
            {"title": row["title"], "step": row["name"]},
            f"projects/{row['id']}",
            row["late"],
        )
        for row in await fetch(_STEPS, *span)
    ]
    found += [
        Mark(
            row["answer_due"],
            "%(title)s：答复调度",
            {"title": row["title"]},
            f"dispatch?quarter={row['quarter']:%Y-%m}",
            row["late"],
        )
        for row in await fetch(_ANSWERS, *span)
    ]
    return found


async def working(month: date) -> dict[date, bool | None]:
    """Which days of the month are worked; None where nobody entered the year."""
    calendar = await working_days()
    known = month.year in calendar.years
    return {day: calendar.is_working(day) if known else None for day in days_of(month)}


async def reporting(entries: Iterable[Entry], year: int) -> dict[int, tuple[int, int]]:
    """By month of the year: how many reports were due by today, and how many came in time."""
    calendar = Calendar(await settings.rhythm(), await working_days())
    found: dict[int, tuple[int, int]] = {}
    for entry in entries:
        for month, in_time in _months(entry.standing, calendar):
            if month.year == year:
                due_so_far, kept = found.get(month.month, (0, 0))
                found[month.month] = (due_so_far + 1, kept + in_time)
    return found


def _months(stands: Standing, calendar: Calendar) -> Iterator[tuple[date, bool]]:
    day = today()
    there = {one.month: one for one in stands.reports if one.stands(day)}
    for month in calendar.due_by(stands.project, day, stands.handed_in):
        yield month, month in there and not there[month].late


def _ended_before(kind: Kind, month: date) -> list[date]:
    """Periods whose due day may fall into the month."""
    months = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 12, Kind.YEAR: 12}[kind]
    first = beginning(kind, month)
    return [first, add_months(first, -months), add_months(first, -2 * months)]


def _period(kind: Kind, first: date, day: date, running: int) -> Mark:
    words, path = _PERIODS[kind]
    year_only = kind in {Kind.HALF, Kind.YEAR}
    values: dict[str, str | int] = {"month": f"{first:%Y-%m}", "n": running}
    return Mark(day, words, values, path + (f"{first.year}" if year_only else f"{first:%Y-%m}"))
