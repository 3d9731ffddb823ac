"""Every way into a plugin goes through here: entry points of distributions that this process may load.

In development all that is installed; in production what a list names (JICENG_PLUGINS) that the operator
signed (JICENG_PLUGIN_SIGNER, his public key) and whose files are still those. Read from the environment,
since tables of plugins are looked for before anything has settings.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.errors import Refusal
from jiceng.kernel.plugins.contents import UnfitDistribution, contents_digest
from jiceng.kernel.plugins.listing import Listed, read_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from importlib.metadata import Distribution, EntryPoint

log = logging.getLogger(__name__)
GROUPS = ("jiceng.plugins", "jiceng.workflows", "jiceng.tables")
"""What a plugin may offer: schemes, pages and jobs, tables."""


class RefusedPlugin(msgspec.Struct, frozen=True):
    """A distribution that offers plugins and is not loaded; `zh` and `en` say why."""

    package: str
    version: str
    plugins: tuple[str, ...]
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}：{self.zh}（{self.en}）"


class Judged(msgspec.Struct, frozen=True):
    """What may be loaded, and what is installed and may not."""

    allowed: tuple[EntryPoint, ...]
    refused: tuple[RefusedPlugin, ...]


def entry_points(group: str) -> list[EntryPoint]:
    """The entry points of a group that this process may load, in the order of their names."""
    return sorted((one for one in judged().allowed if one.group == group), key=lambda one: one.name)


def refused_plugins() -> tuple[RefusedPlugin, ...]:
    """What is installed and not loaded."""
    return judged().refused


@cache
def judged() -> Judged:
    """Of this process; what is refused is told to its log once."""
    found = judge(metadata.distributions(), os.environ)
    for one in found.refused:
        log.error("plugin not loaded: %s", one)
    return found


def judge(distributions: Iterable[Distribution], environment: Mapping[str, str]) -> Judged:
    """What may be loaded of these distributions."""
    offering = {one.name: one for one in reversed(list(distributions)) if _offered(one)}
    if environment.get("JICENG_MODE") != "production":
        return Judged(tuple(point for one in offering.values() for point in _offered(one)), ())
    listed, why = _listed(environment)
    allowed: list[EntryPoint] = []
    refused: list[RefusedPlugin] = []
    for name, one in sorted(offering.items()):
        reason = why or _unlike(one, listed.get(name))
        points = _offered(one)
        if reason is None:
            allowed += points
        else:
            refused.append(RefusedPlugin(name, one.version, tuple(sorted({p.name for p in points})), *reason))
    return Judged(tuple(allowed), tuple(refused))


def _listed(environment: Mapping[str, str]) -> tuple[dict[str, Listed], tuple[str, str] | None]:
    """The list by name, or why nothing is allowed."""
    file, signer = environment.get("JICENG_PLUGINS", ""), environment.get("JICENG_PLUGIN_SIGNER", "")
    if not file or not signer:
        return {}, ("没有签名的插件清单", "JICENG_PLUGINS and JICENG_PLUGIN_SIGNER name no signed list")
    try:
        return {one.name: one for one in read_list(Path(file).read_bytes(), signer)}, None
    except OSError as error:
        return {}, ("插件清单打不开", f"JICENG_PLUGINS cannot be read: {error.strerror}")
    except Refusal as refused:
        return {}, (refused.what_zh, refused.what_en)


def _unlike(distribution: Distribution, listed: Listed | None) -> tuple[str, str] | None:
    """Why a distribution is not the one that the list names; None when it is."""
    if listed is None:
        return "不在清单里", "it is not listed"
    try:
        digest = contents_digest(distribution)
    except UnfitDistribution as unfit:
        return unfit.zh, unfit.en
    if distribution.version != listed.version:
        return f"清单里是 {listed.version} 版", f"the list names version {listed.version}"
    if digest != listed.digest:
        return "文件与清单不符，被改动过", "its files are not those that were listed"
    return None


def _offered(distribution: Distribution) -> list[EntryPoint]:
    return [point for point in distribution.entry_points if point.group in GROUPS]
