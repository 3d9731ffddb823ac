"""The plugin host: what is installed here, and what each plugin offers.

Every plugin is asked in a limited child process of its own (`hosting.answering` runs its PluginManager
there), so that what one does wrong stays with it; schemes come back as data and are examined again.
"""

from __future__ import annotations

import logging
import sys
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.children import Limits, Request, ask
from jiceng.kernel.errors import Refusal
from jiceng.kernel.plugins import entry_points, refused_plugins
from jiceng.schemes.hosting.answering import Question, Told
from jiceng_sdk import hooks
from jiceng_sdk.faults import Faults
from jiceng_sdk.rulebook.carried import unpack_schemes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import EntryPoint

    from jiceng.kernel.children import Answer
    from jiceng_sdk.rulebook import Scheme

log = logging.getLogger(__name__)
LIMITS = Limits(megabytes=1024, cpu_seconds=20, seconds=30, answer_megabytes=32)
"""What a plugin may use up while it is imported and offers its schemes."""

ANSWER = "jiceng.schemes.hosting.answering:answer"
PRELOADED = ("jiceng.schemes.hosting.answering",)
ENDINGS = {
    "raised": "程序出错",
    "ended": "进程意外结束",
    "too_long": "超过时间仍未应答",
    "too_big": "应答太大",
}
"""How a plugin can fail to answer, in words."""


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


def load(entry_points: Iterable[EntryPoint], limits: Limits = LIMITS) -> dict[str, Installed]:
    """Ask each plugin for its schemes, in a child process of its own; faults are kept, never raised."""
    points = list(entry_points)
    questions = [msgspec.msgpack.encode(Question(point.name, point.value)) for point in points]
    requests = [Request(ANSWER, question, limits) for question in questions]
    answers = ask(requests, PRELOADED, sys.path)
    return {point.name: _installed(point, answer) for point, answer in zip(points, answers, strict=True)}


@cache
def installed() -> Mapping[str, Installed]:
    """Every plugin installed on this machine that may be loaded, once per process."""
    return load(entry_points(hooks.ENTRY_POINTS))


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
    for one in refused_plugins():
        if plugin in one.plugins:
            return f"插件 {plugin} 不准加载（包 {one.package} {one.version}）：{one.zh}"
    if plugin not in present:
        return f"插件 {plugin} 未安装（包名 jiceng-{plugin.replace('_', '-')}）"
    return f"插件 {plugin} 不能加载（包 {present[plugin].package}）：{present[plugin].broken}"


def _installed(point: EntryPoint, answer: Answer) -> Installed:
    package = point.dist.name if point.dist else point.value.split(".")[0]
    version = point.dist.version if point.dist else ""
    try:
        return Installed(point.name, package, version, _understood(answer))
    except (_NoAnswer, Faults, msgspec.DecodeError) as fault:
        reason = str(fault)
        log.warning("plugin %s (%s) does not load: %s", point.name, package, reason)
        return Installed(point.name, package, version, broken=reason)


class _NoAnswer(Exception):  # noqa: N818 - what happened
    """The plugin raised, hung, ate too much or ended its process; says which."""


def _understood(answer: Answer) -> tuple[Scheme, ...]:
    if answer.outcome != "answered":
        raise _NoAnswer(f"{ENDINGS[answer.outcome]}（{answer.words}）")
    told = msgspec.msgpack.decode(answer.data, type=Told)
    if told.fault:
        raise _NoAnswer(told.fault)
    return unpack_schemes(told.schemes)
