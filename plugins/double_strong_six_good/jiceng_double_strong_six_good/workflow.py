"""What the plugin adds to the service: its pages, one entry of the menu, its workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api.hooks import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from litestar.types import ControllerRouterHandler


@hookimpl
def jiceng_pages() -> Sequence[ControllerRouterHandler]:
    """Its pages."""
    return ()
