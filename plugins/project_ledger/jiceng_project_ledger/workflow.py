"""What the plugin adds to the service: its pages, one entry of the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import KeyFigures, MenuEntry, Sheet, Waits, hookimpl
from jiceng.api.pages import Permission
from jiceng_project_ledger import home
from jiceng_project_ledger.assessment import jobs as assessing
from jiceng_project_ledger.assessment.web import PAGES as ASSESSMENT
from jiceng_project_ledger.certification.web import PAGES as CERTIFICATION
from jiceng_project_ledger.costs.web import PAGES as COSTS
from jiceng_project_ledger.course.web import PAGES as COURSE
from jiceng_project_ledger.followup.dispatch.web import PAGES as DISPATCH
from jiceng_project_ledger.followup.jobs import JOBS, SCHEDULES
from jiceng_project_ledger.followup.ratings.web import PAGES as RATINGS
from jiceng_project_ledger.followup.web import PAGES as FOLLOW_UP
from jiceng_project_ledger.library.web import PAGES as LIBRARY
from jiceng_project_ledger.planning.web import PAGES as PLANNING
from jiceng_project_ledger.reviewing.web import PAGES as REVIEWING
from jiceng_project_ledger.sheets.bringing_in import bring_projects
from jiceng_project_ledger.sheets.reading import read_projects
from jiceng_project_ledger.sheets.web import PAGES as SHEETS
from jiceng_project_ledger.views.web import PAGES as VIEWS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from jiceng.api.files import CellFault
    from jiceng.api.hooks import JobKind, Numbers
    from jiceng.api.jobs import Schedule


@hookimpl
def jiceng_pages() -> tuple[ControllerRouterHandler, ...]:
    """Every page of every part."""
    return (
        *LIBRARY,
        *COURSE,
        *REVIEWING,
        *PLANNING,
        *COSTS,
        *CERTIFICATION,
        *ASSESSMENT,
        *FOLLOW_UP,
        *DISPATCH,
        *RATINGS,
        *VIEWS,
        *SHEETS,
    )


@hookimpl
def jiceng_menu() -> tuple[MenuEntry, ...]:
    """One entry: the library, from where everything else is reached."""
    return (MenuEntry("党建项目", "", Permission.VIEW_FACTS),)


@hookimpl
def jiceng_jobs() -> tuple[JobKind, ...]:
    """The night's reminders; facts and proposals of the assessment."""
    return (*JOBS, *assessing.JOBS)


@hookimpl
def jiceng_schedules() -> tuple[Schedule, ...]:
    """Every night."""
    return (*SCHEDULES, *assessing.SCHEDULES)


@hookimpl
def jiceng_sheets() -> tuple[Sheet, ...]:
    """Projects a tenant brings along, with all that belongs to them."""
    return (Sheet("projects", "项目台账", _examine, bring_projects),)


@hookimpl
def jiceng_figures() -> tuple[KeyFigures, ...]:
    """Lights of the running projects."""
    return (KeyFigures(Permission.VIEW_FACTS, home.figures),)


@hookimpl
def jiceng_waiting() -> tuple[Waits, ...]:
    """What somebody above decides; reports and answers that are due or overdue."""
    return (Waits(Permission.CHECK_WORK, home.to_check), Waits(Permission.VIEW_FACTS, home.overdue))


def _examine(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_projects(data, place, numbers).faults
