"""The plugin host: the only place that runs a PluginManager.

Every plugin gets a manager of its own, so that each is called separately and what one raises stays with it.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

import msgspec
import pluggy

from jiceng.kernel.errors import Refusal
from jiceng_sdk import hooks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

    from jiceng_sdk.rulebook import Scheme

log = logging.getLogger(__name__)


class Installed(msgspec.Struct, frozen=True):
    """One plugin found on this machine; `broken` says why it cannot be used, or is empty."""

    name: str
    package: str
    version: str
    schemes: tuple[Scheme, ...] = ()
    broken: str = ""


class Offer(msgspec.Struct, frozen=True):
    """A scheme with the plugin that offers it."""

    plugin: str
    version: str
    scheme: Scheme


class PluginMissing(Refusal):
    """A tenant has a plugin switched on that is not installed here, or does not load."""

    status = 500


def load(entry_points: Iterable[EntryPoint]) -> dict[str, Installed]:
    """Load plugins by their entry points and ask each for its schemes; faults are kept, never raised."""
    return {point.name: _loaded(point) for point in entry_points}


@cache
def installed() -> Mapping[str, Installed]:
    """Every plugin installed on this machine, loaded once per process."""
    return load(metadata.entry_points(group=hooks.ENTRY_POINTS))


def offer(key: str, present: Mapping[str, Installed] | None = None) -> Offer | None:
    """The scheme with this id, from whichever installed plugin offers it; None when none does."""
    for plugin in (installed() if present is None else present).values():
        for scheme in plugin.schemes:
            if scheme.card.id == key:
                return Offer(plugin.name, plugin.version, scheme)
    return None


def check_plugins(
    plugins_by_tenant: Mapping[str, Iterable[str]], present: Mapping[str, Installed] | None = None
) -> None:
    """Refuse to start while a tenant relies on a plugin that is not here; names all of them at once."""
    present = installed() if present is None else present
    faults = [
        f"租户 {tenant}：{_lack(plugin, present)}"
        for tenant, plugins in sorted(plugins_by_tenant.items())
        for plugin in sorted(plugins)
        if plugin not in present or present[plugin].broken
    ]
    if faults:
        raise PluginMissing(
            "有租户启用了本机不能使用的插件",
            where="；".join(faults),
            todo_zh="请安装所缺的包，或在租户的 tenant.toml 中停用该插件后重新 apply",
            what_en="a tenant relies on a plugin that cannot be used here",
            todo_en="install the package named, or switch the plugin off for that tenant",
        )


def _lack(plugin: str, present: Mapping[str, Installed]) -> str:
    if plugin not in present:
        return f"插件 {plugin} 未安装（包名 jiceng-{plugin.replace('_', '-')}）"
    return f"插件 {plugin} 不能加载（包 {present[plugin].package}）：{present[plugin].broken}"


def _loaded(point: EntryPoint) -> Installed:
    package = point.dist.name if point.dist else point.value.split(".")[0]
    version = point.dist.version if point.dist else ""
    try:
        schemes = _ask(point)
    except Exception as fault:  # noqa: BLE001 - whatever a plugin raises must not stop the others
        reason = f"{type(fault).__name__}: {fault}"
        log.warning("plugin %s (%s) does not load: %s", point.name, package, reason)
        return Installed(point.name, package, version, broken=reason)
    return Installed(point.name, package, version, schemes)


def _ask(point: EntryPoint) -> tuple[Scheme, ...]:
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    manager.register(point.load(), name=point.name)
    manager.check_pending()
    answers = manager.hook.jiceng_schemes()
    return tuple(scheme for answer in answers for scheme in answer)
