"""Asks the plugins that are on for key figures and for what waits, each reader by itself.

A reader that raises or takes too long shows nothing and is logged: a home page never stands or falls with
one plugin.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from jiceng.accounts.access import may
from jiceng.api.hooks import Figure, Waiting
from jiceng.api.mounting import address
from jiceng.api.workflows import workflows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Container, Sequence

    from jiceng.accounts.schemas import SignedIn

log = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds a reader may take."""
Told = TypeVar("Told", Figure, Waiting)


class FiguresOf(msgspec.Struct, frozen=True):
    """What one plugin tells: `title` is that of its first entry in the navigation."""

    title: str
    figures: tuple[Figure, ...]


async def figures(plugins: Container[str], user: SignedIn | None) -> list[FiguresOf]:
    """The figures of the plugins that are on, those the person may see; all of them for nobody (None)."""
    found = []
    for workflow in workflows().values():
        if workflow.plugin not in plugins:
            continue
        told: list[Figure] = []
        for offered in workflow.figures:
            if user is None or may(user, offered.permission):
                told += await _heard(workflow.plugin, offered.read)
        if told:
            title = workflow.menu[0].title if workflow.menu else ""
            found.append(FiguresOf(title, tuple(_placed(workflow.plugin, one) for one in told)))
    return found


async def waiting(plugins: Container[str], user: SignedIn) -> list[Waiting]:
    """What waits for the person in the plugins that are on, plugin by plugin."""
    found: list[Waiting] = []
    for workflow in workflows().values():
        if workflow.plugin not in plugins:
            continue
        for offered in workflow.waiting:
            if may(user, offered.permission):
                told = await _heard(workflow.plugin, partial(offered.read, user))
                found += [_placed(workflow.plugin, one) for one in told if one.count]
    return found


async def _heard(plugin: str, read: Callable[[], Awaitable[Sequence[Told]]]) -> Sequence[Told]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await read()
    except Exception:
        log.exception("plugin %s does not tell its figures", plugin)
        return ()


def _placed(plugin: str, told: Told) -> Told:
    """Its path below the tenant."""
    return msgspec.structs.replace(told, path=f"{address(plugin)}/{told.path}".rstrip("/"))
