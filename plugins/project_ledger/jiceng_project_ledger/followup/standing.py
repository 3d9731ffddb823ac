"""Where projects stand on a day: progress against the plan, missed reports, findings, and the light."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jiceng.api import today, working_days
from jiceng.api.database import current_tenant, fetch
from jiceng_project_ledger.certification.queries import open_findings
from jiceng_project_ledger.followup import queries, settings
from jiceng_project_ledger.followup.due import Due, Kind, add_months, due
from jiceng_project_ledger.followup.lights import Progress, light
from jiceng_project_ledger.followup.schemas import MonthRow, Report, Standing
from jiceng_project_ledger.states import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from jiceng_project_ledger.followup.due import Rhythm, WorkingDays
    from jiceng_project_ledger.library.schemas import Project

RECENT = 3
"""Of so many months before the day a missed report counts for the light."""
_LAST_DAY = {Kind.HALF: (6, 30), Kind.YEAR: (12, 31)}
_STEPS = """
select s.project,
  coalesce(sum(s.weight) filter (where s.ends <= $3), 0)::int as planned,
  coalesce(sum(s.weight) filter (where s.done <= $3), 0)::int as done,
  (array_agg(s.name order by s.ends) filter (where s.done is null and s.ends < $3))[1] as late_step,
  min(s.ends) filter (where s.done is null and s.ends < $3) as late_since,
  (array_agg(h.name order by s.seq) filter (where s.done is null))[1] as phase
from ledger_step s
left join ledger_phase h on h.tenant_id = $1 and h.project = s.project and h.seq = s.phase
where s.tenant_id = $1 and s.project = any($2) group by s.project
"""
_SPENT = """
select project, sum(case when reverses is null then amount else -amount end)::bigint as fen
from ledger_payment where tenant_id = $1 and project = any($2) group by project
"""
_HANDED_IN = """
select project, (max(at) at time zone 'Asia/Shanghai')::date as day from ledger_move
where tenant_id = $1 and project = any($2) and act = 'hand_in' group by project
"""


async def standings(projects: Sequence[Project], day: date | None = None) -> list[Standing]:
    """Where each of the projects stands on a day, today by default; in their order."""
    at = day or today()
    ids = [project.id for project in projects]
    steps = {row["project"]: row for row in await fetch(_STEPS, current_tenant(), ids, at)}
    findings = await open_findings(ids)
    spent = await _by_project(_SPENT, ids, "fen")
    until = await _by_project(_HANDED_IN, ids, "day")
    reports = await queries.reports(ids)
    limits, rhythm, days = await settings.limits(), await settings.rhythm(), await working_days()
    calendar = Calendar(rhythm, days)
    found = []
    for project in projects:
        said = reports.get(project.id, [])
        missed = calendar.missed(project, said, at, until.get(project.id))
        known = _progress(steps.get(project.id), findings.get(project.id, 0), missed, at)
        found.append(
            Standing(
                project=project,
                progress=known,
                phase=(steps[project.id]["phase"] or "") if project.id in steps else "",
                light=light(known, limits) if project.running else None,
                missed=missed,
                reports=tuple(said),
                spent=spent.get(project.id, 0),
                handed_in=until.get(project.id),
            )
        )
    return found


async def standing(project: Project, day: date | None = None) -> Standing:
    """Where one project stands."""
    return (await standings([project], day))[0]


async def reported(projects: Sequence[Project], year: int) -> dict[UUID, tuple[int, int]]:
    """Of the year's months: how many reports were due by today, and how many of them came in time."""
    day, found = today(), {}
    calendar = Calendar(await settings.rhythm(), await working_days())
    reports = await queries.reports([one.id for one in projects])
    handed_in = await _by_project(_HANDED_IN, [one.id for one in projects], "day")
    for project in projects:
        said = {one.month: one for one in reports.get(project.id, []) if one.stands(day)}
        months = [
            month for month in calendar.due_by(project, day, handed_in.get(project.id)) if month.year == year
        ]
        in_time = sum(month in said and not said[month].late for month in months)
        found[project.id] = (len(months), in_time)
    return found


async def month_rows(found: Iterable[Standing], month: date, day: date | None = None) -> list[MonthRow]:
    """The projects that owe a report of the month, each with its report and whether it is overdue."""
    at = day or today()
    of_month = due(Kind.MONTH, month, await settings.rhythm(), await working_days())
    rows = []
    for one in found:
        report = next((said for said in one.reports if said.month == month), None)
        if report is not None or owes(one.project, month, at):
            there = report is not None and report.stands(at)
            rows.append(MonthRow(one, report, of_month, not there and of_month.day < at))
    return rows


def carried_out(project: Project, year: int, kind: Kind = Kind.YEAR) -> bool:
    """Whether the project was carried out in the year, or in its first half; not yet in a year to come."""
    if project.began is None or project.began > date(year, *_LAST_DAY[kind]):
        return False
    return year <= (project.ended or today()).year


def owes(project: Project, month: date, day: date) -> bool:
    """Whether a project has to report a month: from the one it began in, while it runs."""
    if project.began is None or month > day or month < project.began.replace(day=1):
        return False
    if project.ended is not None:
        return month < project.ended.replace(day=1)
    return project.running


class Calendar:
    """The due days of months, worked out once for all projects."""

    def __init__(self, rhythm: Rhythm, days: WorkingDays) -> None:
        self._rhythm = rhythm
        self._days = days
        self._known: dict[date, Due] = {}

    def of(self, month: date) -> Due:
        """When the month's report is due."""
        if month not in self._known:
            self._known[month] = due(Kind.MONTH, month, self._rhythm, self._days)
        return self._known[month]

    def due_by(self, project: Project, day: date, handed_in: date | None) -> list[date]:
        """The months whose report was due before a day, and before the project was handed in or ended.

        Once it is handed in no report is taken any more: what was not due by then is not owed.
        """
        if project.began is None:
            return []
        asked = handed_in if project.state in {State.ACCEPTANCE, State.CLOSED} else None
        last = asked or project.ended or day
        month, found = project.began.replace(day=1), []
        while month < last.replace(day=1):
            if self.of(month).day < min(day, last):
                found.append(month)
            month = add_months(month, 1)
        return found

    def missed(
        self, project: Project, said: Iterable[Report], day: date, handed_in: date | None
    ) -> tuple[date, ...]:
        """The months whose report is overdue on a day."""
        there = {one.month for one in said if one.stands(day)}
        return tuple(month for month in self.due_by(project, day, handed_in) if month not in there)


def _progress(
    steps: Mapping[str, Any] | None, findings: int, missed: tuple[date, ...], day: date
) -> Progress:
    recent = add_months(day, -RECENT)
    late = sum(month >= recent for month in missed)
    if steps is None:
        return Progress(missed=late, findings=findings)
    return Progress(
        planned=Decimal(steps["planned"]),
        done=Decimal(steps["done"]),
        late_step=steps["late_step"] or "",
        days_late=(day - steps["late_since"]).days if steps["late_since"] else 0,
        missed=late,
        findings=findings,
    )


async def _by_project(sql: str, ids: Sequence[UUID], value: str) -> dict[UUID, Any]:
    return {row["project"]: row[value] for row in await fetch(sql, current_tenant(), list(ids))}
