"""Reminders of what is due soon or overdue: made once each at night, gone when the paper is there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.api import today, working_days
from jiceng.api.database import current_tenant, execute, fetch, joined, new_id
from jiceng.api.pages import Event, record
from jiceng_project_ledger.followup import settings
from jiceng_project_ledger.followup.due import Kind, add_months
from jiceng_project_ledger.followup.standing import Calendar, standings
from jiceng_project_ledger.library.queries import Wanted, projects
from jiceng_project_ledger.library.vocabulary import PLUGIN
from jiceng_project_ledger.states import RUNNING

if TYPE_CHECKING:
    from datetime import date

    from jiceng.api.jobs import Job

NIGHT = "project_ledger.night"
SOON = timedelta(days=3)
_UNANSWERED = """
select project, quarter, answer_due from ledger_dispatch
where tenant_id = $1 and answer_due <= $2 and answered_on is null
"""
_REMIND = """
insert into ledger_reminder (tenant_id, id, project, kind, period, stage, due, made_on)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (tenant_id, project, kind, period, stage) do nothing
"""


async def night(job: Job) -> None:
    """Make the reminders of the day in one transaction; done twice it changes nothing more."""
    async with job.finish():
        await remind(today())


async def remind(day: date) -> int:
    """Remind of monthly reports and answers that are due within three days, or overdue; how many were new."""
    calendar = Calendar(await settings.rhythm(), await working_days())
    month = add_months(day, -1)
    due = calendar.of(month)
    made = 0
    async with joined():
        running = await projects(Wanted(states=tuple(sorted(RUNNING))))
        for one in await standings(running, day):
            for missed in one.missed:
                made += await _remind(
                    one.project.id, "month", missed, "overdue", calendar.of(missed).day, day
                )
            there = any(said.month == month and said.stands(day) for said in one.reports)
            began = one.project.began is not None and one.project.began.replace(day=1) <= month
            if began and not there and due.day - SOON <= day <= due.day:
                made += await _remind(one.project.id, Kind.MONTH, month, "soon", due.day, day)
        for row in await fetch(_UNANSWERED, current_tenant(), day + SOON):
            stage = "overdue" if row["answer_due"] < day else "soon"
            made += await _remind(row["project"], "dispatch", row["quarter"], stage, row["answer_due"], day)
        if made:
            record(Event.WORK_MOVED, plugin=PLUGIN, kind="reminders", count=made)
    return made


async def _remind(project: object, kind: str, period: date, stage: str, due: date, day: date) -> int:
    return await execute(_REMIND, current_tenant(), new_id(), project, kind, period, stage, due, day)
