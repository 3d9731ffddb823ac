"""Reads of reports, dispatch, ratings and reminders; a project is read first, so only what may be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound, today
from jiceng.api.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.api.roster import seen_arguments
from jiceng_project_ledger.followup.schemas import (
    DispatchLine,
    Rating,
    Reminder,
    Report,
    ReportMove,
    Verdict,
)
from jiceng_project_ledger.followup.states import State
from jiceng_project_ledger.library.queries import SEEN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

_REPORTS = """
select id, project, month, state, percent, work, trouble, ahead, figure, handed_in_on, due, correct_by,
       words, handed_in_by
from ledger_report where tenant_id = $1
"""
_MOVES = """
select act, words, by, at from ledger_report_move where tenant_id = $1 and report = $2 order by at
"""
_DISPATCH = f"""
select d.id, d.project, d.quarter, d.colour, d.why, d.made_on, d.instruction, d.answer_due,
       d.instructed_name, d.answer, d.answered_on
from ledger_dispatch d join ledger_project p on p.tenant_id = $1 and p.id = d.project
where d.tenant_id = $1 and {SEEN}
"""  # noqa: S608 - constants
_RATINGS = """
select project, rater, rater_name, score, comment from ledger_rating
where tenant_id = $1 and project = any($2) and year = $3 and kind = $4 order by at
"""
_VERDICTS = """
select project, year, kind, score, raters, reason, confirmed_name, at from ledger_verdict
where tenant_id = $1 and project = any($2) order by year, kind
"""
_REMINDERS = f"""
select r.project, p.number, p.title, r.kind, r.period, min(r.stage) as stage,
  max(coalesce(d.answer_due, r.due)) as due
from ledger_reminder r join ledger_project p on p.tenant_id = $1 and p.id = r.project
left join ledger_dispatch d on d.tenant_id = $1 and r.kind = 'dispatch'
  and d.project = r.project and d.quarter = r.period
where r.tenant_id = $1 and {SEEN} and p.state in ('in_progress', 'extended')
  and case r.kind
    when 'month' then not exists (select 1 from ledger_report l where l.tenant_id = $1
      and l.project = r.project and l.month = r.period
      and (l.state in ('handed_in', 'accepted') or (l.state = 'returned' and l.correct_by >= $4)))
    else d.answered_on is null
  end
group by r.project, p.number, p.title, r.kind, r.period
order by due, p.number
"""  # noqa: S608 - constants
"""An answer is due on the day that was told last, whatever the day was when somebody was reminded."""
_REOPENED = """
select max(until) from ledger_reopening where tenant_id = $1 and project = $2 and month = $3
"""


async def reports(projects: Sequence[UUID], since: date | None = None) -> dict[UUID, list[Report]]:
    """The reports of projects, the earliest month first; of months from `since` on."""
    sql = f"{_REPORTS} and project = any($2) and ($3::date is null or month >= $3) order by month"
    found: dict[UUID, list[Report]] = {}
    for row in await fetch(sql, current_tenant(), list(projects), since):
        found.setdefault(row["project"], []).append(_report(row))
    return found


async def report(project: UUID, month: date) -> Report | None:
    """A project's report of a month, or None."""
    row = await fetch_row(f"{_REPORTS} and project = $2 and month = $3", current_tenant(), project, month)
    return None if row is None else _report(row)


async def moves(report_id: UUID) -> list[ReportMove]:
    """What was done to a report, the first first."""
    return [ReportMove(**row) for row in await fetch(_MOVES, current_tenant(), report_id)]


async def reopened(project: UUID, month: date) -> date | None:
    """Until when a month is open again for the project, or None."""
    until: date | None = await fetch_value(_REOPENED, current_tenant(), project, month)
    return until


async def dispatched(quarter: date) -> list[DispatchLine]:
    """The quarter's lines that may be seen here, red before yellow."""
    rows = await fetch(
        f"{_DISPATCH} and d.quarter = $4 order by d.colour, p.number",
        *(current_tenant(), *await seen_arguments(today()), quarter),
    )
    return [DispatchLine(**row) for row in rows]


async def dispatches_of(project: UUID) -> list[DispatchLine]:
    """A project's lines of every quarter, the latest first."""
    rows = await fetch(
        f"{_DISPATCH} and d.project = $4 order by d.quarter desc",
        *(current_tenant(), *await seen_arguments(today()), project),
    )
    return [DispatchLine(**row) for row in rows]


async def dispatch_line(line: UUID) -> DispatchLine:
    """One line; raises NotFound for one that is not there or may not be seen."""
    row = await fetch_row(
        f"{_DISPATCH} and d.id = $4", current_tenant(), *await seen_arguments(today()), line
    )
    if row is None:
        raise NotFound("没有这条调度")
    return DispatchLine(**row)


async def ratings(projects: Sequence[UUID], year: int, kind: str) -> dict[UUID, list[Rating]]:
    """What the raters gave, in the order they gave it."""
    found: dict[UUID, list[Rating]] = {}
    for row in await fetch(_RATINGS, current_tenant(), list(projects), year, kind):
        found.setdefault(row["project"], []).append(Rating(**row))
    return found


async def verdicts(projects: Sequence[UUID]) -> dict[UUID, dict[tuple[int, str], Verdict]]:
    """The confirmed ratings of projects by year and kind."""
    found: dict[UUID, dict[tuple[int, str], Verdict]] = {}
    for row in await fetch(_VERDICTS, current_tenant(), list(projects)):
        found.setdefault(row["project"], {})[row["year"], row["kind"]] = Verdict(**row)
    return found


async def reminders() -> list[Reminder]:
    """What somebody was reminded of and is still awaited, the earliest due first."""
    rows = await fetch(_REMINDERS, current_tenant(), *await seen_arguments(today()), today())
    return [Reminder(**row) for row in rows]


def _report(row: Any) -> Report:  # noqa: ANN401 - a row of the database
    return Report(**{**row, "state": State(row["state"])})
