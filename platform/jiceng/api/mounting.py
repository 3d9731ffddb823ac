"""Where a plugin's pages stand: below /t/<tenant>/<plugin>, and nowhere in a tenant that has it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar import Router
from litestar.exceptions import NotFoundException

from jiceng.api.workflows import workflows

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler
    from litestar.types import Guard

PLUGINS = "plugins"
"""Under this name the gate leaves what the tenant has switched on, in the state of each request."""


def address(plugin: str) -> str:
    """The path segment of a plugin: `star_rating` stands at star-rating."""
    return plugin.replace("_", "-")


def only_while_on(plugin: str) -> Guard:
    """A guard that answers like an absent page in a tenant that has the plugin switched off."""

    async def guard(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
        if plugin not in connection.scope["state"].get(PLUGINS, ()):
            raise NotFoundException

    return guard


def routers() -> list[Router]:
    """One router for each plugin with pages."""
    return [
        Router(
            f"/t/{{tenant:str}}/{address(workflow.plugin)}",
            route_handlers=workflow.pages,
            guards=[only_while_on(workflow.plugin)],
        )
        for workflow in workflows().values()
        if workflow.pages
    ]
