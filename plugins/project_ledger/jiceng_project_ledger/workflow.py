"""What the plugin adds to the service: its pages, one entry of the menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import MenuEntry, hookimpl
from jiceng.api.pages import Permission
from jiceng_project_ledger.library.web import PAGES as LIBRARY

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler


@hookimpl
def jiceng_pages() -> tuple[ControllerRouterHandler, ...]:
    """Every page of every part."""
    return (*LIBRARY,)


@hookimpl
def jiceng_menu() -> tuple[MenuEntry, ...]:
    """One entry: the library, from where everything else is reached."""
    return (MenuEntry("项目", "", Permission.VIEW_FACTS),)
