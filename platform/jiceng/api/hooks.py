"""The hooks a plugin with a workflow may answer: pages, menu, jobs, schedules, workbooks, home page.

The module that answers them is named by an entry point of the group `jiceng.workflows`, under the plugin's
name. It runs inside the service, unlike the module of the group `jiceng.plugins`, which is asked for schemes
in a limited child. A plugin answers only for tenants that have it switched on.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import msgspec
import pluggy

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from uuid import UUID

    from litestar.types import ControllerRouterHandler

    from jiceng.accounts.access import Permission
    from jiceng.accounts.schemas import SignedIn
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


class Earlier(msgspec.Struct, frozen=True):
    """What a figure was before: `title` is Chinese and says when ("上年末"), `whole` as in the figure."""

    title: str
    value: Decimal | int
    whole: int | None = None

    @property
    def rate(self) -> Decimal | None:
        """The part in percent, two places; None for what is no part of something."""
        return _rate(self.value, self.whole)


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number worth telling first; `title` is Chinese and in the plugin's catalog.

    With `whole` the value is a part of so many: shown as 216/308 and as a rate. `path` below /<plugin> leads
    to the page that tells more.
    """

    title: str
    value: Decimal | int
    whole: int | None = None
    before: Earlier | None = None
    path: str = ""

    @property
    def rate(self) -> Decimal | None:
        """The part in percent, two places; None for what is no part of something."""
        return _rate(self.value, self.whole)

    @property
    def rise(self) -> Decimal | int | None:
        """How much more it is than before, percentage points of rates; None where nothing compares."""
        if self.before is None:
            return None
        if self.rate is None or self.before.rate is None:
            return None if self.whole is not None else self.value - self.before.value
        return self.rate - self.before.rate


class KeyFigures(msgspec.Struct, frozen=True):
    """Figures for who has `permission`; `read` is called when they are shown, in the tenant.

    It reads what the person who looks may see; without a person (the demo) it sees all.
    """

    permission: Permission
    read: Callable[[], Awaitable[Sequence[Figure]]]


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Work that waits: `title` is Chinese and in the plugin's catalog, `path` below /<plugin> leads to it.

    `late`: past its day. A `count` of 0 is not shown.
    """

    title: str
    count: int
    path: str = ""
    late: bool = False


class Waits(msgspec.Struct, frozen=True):
    """What waits for a person who has `permission`; `read` is called when his home page is shown."""

    permission: Permission
    read: Callable[[SignedIn], Awaitable[Sequence[Waiting]]]


class DemoAct(msgspec.Struct, frozen=True):
    """Something a person does in the demo with the results of a year; `name` is what demo.toml calls it.

    `play(year, by)` runs inside the tenant, in no transaction, and calls the plugin's own services as that
    person (the id of an account). Played twice, it is done once.
    """

    name: str
    play: Callable[[int, UUID], Awaitable[None]]


def _rate(value: Decimal | int, whole: int | None) -> Decimal | None:
    return (Decimal(value) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


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


@hookspec
def jiceng_figures() -> Sequence[KeyFigures] | None:
    """Offer key figures for the tenant's home page and for what the demo prints.

    Called by the web application and by the demo once per process; the figures themselves are read whenever
    they are shown. A reader that fails or takes too long shows nothing. None means: no figures.
    """


@hookspec
def jiceng_waiting() -> Sequence[Waits] | None:
    """Offer what waits for the person who looks: to be checked, decided, reported; what is past its day.

    Called by the web application once, when it starts; each reader is asked whenever a home page is shown.
    A reader that fails or takes too long shows nothing. None means: nothing ever waits.
    """


@hookspec
def jiceng_demo() -> Sequence[DemoAct] | None:
    """Offer acts that show the plugin's whole way in the demo: what people decide once results are there.

    Called by the demo once per process; an act is played for the years that a tenant's demo.toml names.
    None means: nothing is done beside the results.
    """
