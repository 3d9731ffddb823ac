"""The hooks a plugin with a workflow may answer: pages, menu, jobs, schedules, workbooks.

The module that answers them is named by an entry point of the group `jiceng.workflows`, under the plugin's
name. It runs inside the service, unlike the module of the group `jiceng.plugins`, which is asked for schemes
in a limited child. A plugin answers only for tenants that have it switched on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pluggy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from litestar.types import ControllerRouterHandler

    from jiceng.accounts.access import Permission
    from jiceng.kernel.jobs import Handler
    from jiceng.kernel.jobs.schedule import Schedule
    from jiceng.kernel.spreadsheets import CellFault

WORKFLOWS = "jiceng.workflows"
PROJECT = "jiceng"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class MenuEntry(msgspec.Struct, frozen=True):
    """One entry of the main navigation: `title` is Chinese and in its catalog; `path` below /<plugin>."""

    title: str
    path: str
    permission: Permission


class JobKind(msgspec.Struct, frozen=True):
    """A kind of job: `name` begins with the plugin's name and a dot; `title` is what pages call it."""

    name: str
    title: str
    handler: Handler


class Numbers(msgspec.Struct, frozen=True):
    """Who the roster has, or is about to have: the id of every number, by kind of subject."""

    members: Mapping[str, str]
    organizations: Mapping[str, str]
    units: Mapping[str, str]


class Sheet(msgspec.Struct, frozen=True):
    """A workbook a tenant's folder may hold as <plugin>/<name>.xlsx.

    `examine(data, place, numbers)` returns every fault and touches no database: the tenant may not be there
    yet. `bring_in(data, place)` runs inside the tenant's open transaction, after roster and facts, and
    returns how many rows it brought in; brought in twice, a row counts once. In the order they are given.
    """

    name: str
    title: str
    examine: Callable[[bytes, str, Numbers], Sequence[CellFault]]
    bring_in: Callable[[bytes, str], Awaitable[int]]


@hookspec
def jiceng_pages() -> Sequence[ControllerRouterHandler] | None:
    """Offer pages; their paths are taken below /t/<tenant>/<plugin>.

    Called by the web application once, when it starts. Every route declares its permission. A tenant that has
    the plugin switched off answers 404 on all of them. None means: this plugin has no pages.
    """


@hookspec
def jiceng_menu() -> Sequence[MenuEntry] | None:
    """Offer entries of the main navigation.

    Called by the web application once, when it starts; shown to who has the permission, in tenants that have
    the plugin switched on. None means: no entry.
    """


@hookspec
def jiceng_jobs() -> Sequence[JobKind] | None:
    """Offer kinds of jobs.

    Called by every worker once, when it starts. A job of a tenant that has switched the plugin off ends
    without doing anything. None means: no jobs.
    """


@hookspec
def jiceng_schedules() -> Sequence[Schedule] | None:
    """Offer schedules of this plugin's jobs.

    Called by workers and by onboarding once per process; a tick is planted in every tenant. None means: none.
    """


@hookspec
def jiceng_sheets() -> Sequence[Sheet] | None:
    """Offer workbooks that a tenant's folder may bring along.

    Called by onboarding once per process. None means: no workbooks.
    """
