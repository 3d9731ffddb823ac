"""Reads the ledger: the projects carried out in a year with where they stand and how they were rated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng_project_ledger.followup import queries
from jiceng_project_ledger.followup.standing import carried_out, standings
from jiceng_project_ledger.library.queries import Wanted, projects
from jiceng_project_ledger.states import LED
from jiceng_project_ledger.views.rows import Entry

if TYPE_CHECKING:
    from jiceng_project_ledger.library.schemas import Project


async def entries(year: int) -> list[Entry]:
    """Every project of the year's ledger that may be seen here, in the order of numbers."""
    led = [one for one in await projects(Wanted(states=tuple(sorted(LED)))) if in_ledger(one, year)]
    led.sort(key=lambda one: one.number)
    day = today()
    verdicts = await queries.verdicts([one.id for one in led])
    return [
        Entry(
            stands,
            day,
            {
                kind: verdict
                for (of, kind), verdict in verdicts.get(stands.project.id, {}).items()
                if of == year
            },
        )
        for stands in await standings(led, day)
    ]


def in_ledger(project: Project, year: int) -> bool:
    """Whether the project stands in the year's ledger: approved for it, or carried out in it."""
    return (project.began is None and project.year == year) or carried_out(project, year)
