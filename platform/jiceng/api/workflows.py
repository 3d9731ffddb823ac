"""The workflows installed here: each plugin's answers to the hooks, asked once per process.

Every plugin is asked by itself: what one raises is kept as its reason and the others are not touched; the
service refuses to start only while a tenant relies on the broken one (`refuse_broken`).
"""

from __future__ import annotations

import logging
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pluggy

from jiceng.api import hooks
from jiceng.kernel.errors import Refusal
from jiceng.kernel.plugins import entry_points
from jiceng.tenancy.queries import enabled_plugins

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

    from litestar.types import ControllerRouterHandler

    from jiceng.api.hooks import DemoAct, JobKind, KeyFigures, MenuEntry, Sheet, Waits
    from jiceng.kernel.jobs import Handler, Job
    from jiceng.kernel.jobs.schedule import Schedule

log = logging.getLogger(__name__)


class Workflow(msgspec.Struct, frozen=True):
    """What one plugin adds to the service; `broken` says why it adds nothing, or is empty.

    `folders` are those of its templates, `catalogs` its English words.
    """

    plugin: str
    pages: tuple[ControllerRouterHandler, ...] = ()
    menu: tuple[MenuEntry, ...] = ()
    jobs: tuple[JobKind, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    figures: tuple[KeyFigures, ...] = ()
    waiting: tuple[Waits, ...] = ()
    acts: tuple[DemoAct, ...] = ()
    folders: tuple[Path, ...] = ()
    catalogs: tuple[Path, ...] = ()
    broken: str = ""


class WorkflowBroken(Refusal):
    """A tenant has a plugin switched on whose pages and jobs cannot be loaded here."""

    status = 500


def load(entry_points: Iterable[EntryPoint]) -> dict[str, Workflow]:
    """Ask each plugin for its answers; faults are kept with their plugin, never raised."""
    return {point.name: _asked(point) for point in entry_points}


@cache
def workflows() -> Mapping[str, Workflow]:
    """Every workflow on this machine that may be loaded, by plugin, in the order of names."""
    return load(entry_points(hooks.WORKFLOWS))


def handlers() -> dict[str, Handler]:
    """Every plugin's jobs by kind; in a tenant that has the plugin switched off a job does nothing."""
    return {
        kind.name: _only_while_on(workflow.plugin, kind.handler)
        for workflow in workflows().values()
        for kind in workflow.jobs
    }


def job_titles() -> dict[str, str]:
    """What pages call each plugin's kinds of jobs."""
    return {kind.name: kind.title for workflow in workflows().values() for kind in workflow.jobs}


def schedules() -> dict[str, Schedule]:
    """Every plugin's schedules by name."""
    return {each.name: each for workflow in workflows().values() for each in workflow.schedules}


def refuse_broken(plugins_by_tenant: Mapping[str, Iterable[str]]) -> None:
    """Refuse to start while a tenant relies on a workflow that does not load; names all of them at once.

    Raises:
        WorkflowBroken: with tenant, plugin and what it raised.
    """
    found = workflows()
    faults = [
        f"租户 {tenant}：插件 {plugin} 不能加载：{found[plugin].broken}"
        for tenant, plugins in sorted(plugins_by_tenant.items())
        for plugin in sorted(plugins)
        if plugin in found and found[plugin].broken
    ]
    if faults:
        raise WorkflowBroken(
            "有租户启用了本机不能使用的插件",
            where="；".join(faults),
            todo_zh="请安装能用的版本，或在租户的 tenant.toml 中停用该插件后重新 apply",
            what_en="a tenant relies on a plugin that cannot be used here",
            todo_en="install a version that works, or switch the plugin off for that tenant",
        )


def _only_while_on(plugin: str, handler: Handler) -> Handler:
    async def handle(job: Job) -> None:
        if plugin in await enabled_plugins():
            await handler(job)

    return handle


def _asked(point: EntryPoint) -> Workflow:
    try:
        return _answers(point)
    except Exception as fault:
        log.exception("plugin %s does not load", point.name)
        return Workflow(point.name, broken=f"{type(fault).__name__}: {fault}")


def _answers(point: EntryPoint) -> Workflow:
    module = point.load()
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(module, name=point.name)
    manager.check_pending()
    hook = manager.hook
    home = Path(module.__file__).parent
    found = Workflow(
        point.name,
        pages=_flat(hook.jiceng_pages()),
        menu=_flat(hook.jiceng_menu()),
        jobs=_flat(hook.jiceng_jobs()),
        schedules=_flat(hook.jiceng_schedules()),
        sheets=_flat(hook.jiceng_sheets()),
        figures=_flat(hook.jiceng_figures()),
        waiting=_flat(hook.jiceng_waiting()),
        acts=_flat(hook.jiceng_demo()),
        folders=tuple(sorted({*home.glob("templates"), *home.glob("*/templates")})),
        catalogs=tuple(sorted(home.glob("locale/en/*.po"))),
    )
    _refuse_foreign_names(found)
    return found


def _flat(answers: Iterable[Iterable[Any]]) -> tuple[Any, ...]:
    return tuple(each for answer in answers for each in answer)


def _refuse_foreign_names(workflow: Workflow) -> None:
    """A plugin may add, never override: its kinds of jobs and schedules carry its name."""
    named = [*(kind.name for kind in workflow.jobs), *(each.name for each in workflow.schedules)]
    named += [each.kind for each in workflow.schedules]
    foreign = sorted({name for name in named if not name.startswith(f"{workflow.plugin}.")})
    if foreign:
        raise ValueError(
            f"jobs and schedules must begin with {workflow.plugin!r} and a dot: {', '.join(foreign)}"
        )
