"""What the plugin adds to the service: pages of stars over the years and of the lists that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import KeyFigures, MenuEntry, hookimpl
from jiceng.api.pages import Permission
from jiceng_star_rating import home
from jiceng_star_rating.web import PAGES

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler


@hookimpl
def jiceng_pages() -> tuple[ControllerRouterHandler, ...]:
    """Stars over the years, one organization's history, the lists of plaques, awards and demotions."""
    return PAGES


@hookimpl
def jiceng_menu() -> tuple[MenuEntry, ...]:
    """One entry: the stars."""
    return (MenuEntry("星级", "", Permission.VIEW_RESULTS),)


@hookimpl
def jiceng_figures() -> tuple[KeyFigures, ...]:
    """Stars in effect, and what changed."""
    return (KeyFigures(Permission.VIEW_RESULTS, home.figures),)
