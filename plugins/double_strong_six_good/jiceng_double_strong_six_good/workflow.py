"""What the plugin adds to the service: its pages, one entry of the menu, its workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import DemoAct, KeyFigures, MenuEntry, Sheet, Waits, hookimpl
from jiceng.api.pages import Permission
from jiceng_double_strong_six_good import demo, home, web
from jiceng_double_strong_six_good.coverage import web as coverage
from jiceng_double_strong_six_good.declarations import web as declarations
from jiceng_double_strong_six_good.enterprise import web as enterprise
from jiceng_double_strong_six_good.help import web as help_pages
from jiceng_double_strong_six_good.instructors import web as instructors
from jiceng_double_strong_six_good.sheets import web as sheets
from jiceng_double_strong_six_good.sheets.bringing_in import (
    bring_declarations,
    bring_help,
    bring_instructors,
)
from jiceng_double_strong_six_good.sheets.reading import read_declarations, read_help, read_instructors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from jiceng.api.files import CellFault
    from jiceng.api.hooks import Numbers


@hookimpl
def jiceng_pages() -> Sequence[ControllerRouterHandler]:
    """The board, enterprises, declarations, coverage, help, instructors, workbooks."""
    return [
        page
        for part in (web, enterprise, declarations, coverage, help_pages, instructors, sheets)
        for page in part.PAGES
    ]


@hookimpl
def jiceng_menu() -> tuple[MenuEntry, ...]:
    """One entry, from where everything else is reached."""
    return (MenuEntry("双强六好", "", Permission.VIEW_RESULTS),)


@hookimpl
def jiceng_sheets() -> tuple[Sheet, ...]:
    """The ledgers a tenant brings along."""
    return (
        Sheet("declarations", "企业申报", _declarations, bring_declarations),
        Sheet("help", "后进帮扶", _help, bring_help),
        Sheet("instructors", "指导员", _instructors, bring_instructors),
    )


@hookimpl
def jiceng_figures() -> tuple[KeyFigures, ...]:
    """Coverage and model sites."""
    return (KeyFigures(Permission.VIEW_RESULTS, home.figures),)


@hookimpl
def jiceng_waiting() -> tuple[Waits, ...]:
    """Declarations and tiers to decide; help, visits, instructors that are late."""
    return (Waits(Permission.CHECK_WORK, home.to_check), Waits(Permission.TAKE_PART, home.to_do))


@hookimpl
def jiceng_demo() -> tuple[DemoAct, ...]:
    """Tiers confirmed by a named person."""
    return (DemoAct("confirm_tiers", demo.confirm_tiers),)


def _declarations(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_declarations(data, place, numbers.units).faults


def _help(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_help(data, place, numbers.units).faults


def _instructors(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_instructors(data, place, numbers.units).faults
