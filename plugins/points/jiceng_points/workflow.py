"""What the plugin adds to the service: pages, menu, jobs, schedules, workbooks."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from jiceng.api.hooks import JobKind, KeyFigures, MenuEntry, Sheet, Waits, hookimpl
from jiceng.api.jobs import Schedule
from jiceng.api.pages import Permission
from jiceng_points import home
from jiceng_points.claims.verifying import POST
from jiceng_points.claims.web import PAGES as CLAIMS
from jiceng_points.ledger import web as ledger
from jiceng_points.own.web import PAGES as OWN
from jiceng_points.redemption import jobs as redemption_jobs
from jiceng_points.redemption import web as redemption
from jiceng_points.redemption.keeping import web as keeping
from jiceng_points.redemption.sheets.bringing_in import bring_gifts
from jiceng_points.redemption.sheets.reading import read_gifts
from jiceng_points.rhythm.jobs import NIGHT, night
from jiceng_points.rhythm.posting import carry_out
from jiceng_points.rhythm.web import PAGES as RHYTHM
from jiceng_points.sheets.bringing_in import bring_claims, bring_shelf
from jiceng_points.sheets.reading import read_claims, read_shelf
from jiceng_points.sheets.web import PAGES as SHEETS
from jiceng_points.shelf.asking.web import PAGES as ASKING
from jiceng_points.shelf.web import PAGES as SHELF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from jiceng.api.files import CellFault
    from jiceng.api.hooks import Numbers


@hookimpl
def jiceng_pages() -> tuple[ControllerRouterHandler, ...]:
    """Every page of every part."""
    exchange = (*ledger.ROUTES, *redemption.ROUTES, *keeping.ROUTES)
    return (*SHELF, *ASKING, *CLAIMS, *OWN, *RHYTHM, *SHEETS, *exchange)


@hookimpl
def jiceng_menu() -> tuple[MenuEntry, ...]:
    """One entry: the shelf, from where everything else is reached."""
    return (MenuEntry("积分", "", Permission.VIEW_FACTS),)


@hookimpl
def jiceng_jobs() -> tuple[JobKind, ...]:
    """Verified claims into facts, the night's work, ended holds."""
    return (
        JobKind(POST, "核验结果入账", carry_out),
        JobKind(NIGHT, "积分每日办理", night),
        *redemption_jobs.JOBS,
    )


@hookimpl
def jiceng_schedules() -> tuple[Schedule, ...]:
    """The night's work every night; facts are handed in when they are due, and then once more."""
    return (Schedule(name=NIGHT, kind=NIGHT, at=time(1, 40)), *redemption_jobs.SCHEDULES)


@hookimpl
def jiceng_sheets() -> tuple[Sheet, ...]:
    """The shelf, the claims, gifts and balances a tenant brings along, in this order."""
    return (
        Sheet("shelf", "货架", _examine_shelf, bring_shelf),
        Sheet("claims", "认领", _examine_claims, bring_claims),
        Sheet("gifts", "兑换物品和上年结转", _examine_gifts, bring_gifts),
    )


@hookimpl
def jiceng_figures() -> tuple[KeyFigures, ...]:
    """How far the year is."""
    return (KeyFigures(Permission.VIEW_FACTS, home.figures),)


@hookimpl
def jiceng_waiting() -> tuple[Waits, ...]:
    """What is to be checked, answered, done by oneself."""
    return (
        Waits(Permission.CHECK_WORK, home.to_check),
        Waits(Permission.ENTER_FACTS, home.to_answer),
        Waits(Permission.TAKE_PART, home.to_do),
    )


def _examine_shelf(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_shelf(data, place, numbers).faults


def _examine_claims(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_claims(data, place, numbers).faults


def _examine_gifts(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_gifts(data, place, numbers).faults
