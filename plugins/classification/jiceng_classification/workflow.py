"""What the plugin adds to the service: its pages, one entry of the menu, the workbook of plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import KeyFigures, MenuEntry, Sheet, Waits, hookimpl
from jiceng.api.pages import Permission
from jiceng_classification import home
from jiceng_classification.sheets.bringing_in import bring_plans
from jiceng_classification.sheets.reading import read_plans
from jiceng_classification.web import PAGES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler

    from jiceng.api.files import CellFault
    from jiceng.api.hooks import Numbers


@hookimpl
def jiceng_pages() -> Sequence[ControllerRouterHandler]:
    """The board, the programmes, the plans, the register."""
    return PAGES


@hookimpl
def jiceng_menu() -> tuple[MenuEntry, ...]:
    """One entry, from where everything else is reached."""
    return (MenuEntry("分类定级", "", Permission.VIEW_RESULTS),)


@hookimpl
def jiceng_sheets() -> tuple[Sheet, ...]:
    """The plans a tenant brings along."""
    return (Sheet("plans", "转化提升方案", _examine, bring_plans),)


@hookimpl
def jiceng_figures() -> tuple[KeyFigures, ...]:
    """The weak, and those of last year that rose."""
    return (KeyFigures(Permission.VIEW_RESULTS, home.figures),)


@hookimpl
def jiceng_waiting() -> tuple[Waits, ...]:
    """Plans that are late or wait for their acceptance."""
    return (Waits(Permission.TAKE_PART, home.to_do),)


def _examine(data: bytes, place: str, numbers: Numbers) -> Sequence[CellFault]:
    return read_plans(data, place, numbers).faults
