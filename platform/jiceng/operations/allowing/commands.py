"""The command-line door: `jiceng plugins list` and `jiceng plugins sign`."""

from __future__ import annotations

import os
from importlib import metadata
from typing import TYPE_CHECKING

from jiceng.kernel.errors import Refusal
from jiceng.kernel.plugins import judge
from jiceng.kernel.plugins.contents import UnfitDistribution, contents_digest
from jiceng.kernel.plugins.listing import Listed, new_key, read_key, signed_list, signer_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from importlib.metadata import Distribution
    from pathlib import Path

    from rich.console import Console


_DEVELOPMENT = (
    "这台机器是开发模式，装上的插件都会加载；上面说的是生产模式会怎样。"
    "Development mode loads every installed plugin; the above is what production would do."
)


def list_command(console: Console, environment: Mapping[str, str] = os.environ) -> int:
    """Print every installed plugin and whether production would load it; 1 when it would refuse one."""
    production = {**environment, "JICENG_MODE": "production"}
    refused = {one.package: one for one in judge(metadata.distributions(), production).refused}
    for name, one in _offering().items():
        words = str(refused[name]) if name in refused else f"{name} {one.version}：在清单里（listed）"
        console.print(words, style="red" if name in refused else "", markup=False, soft_wrap=True)
    if environment.get("JICENG_MODE") != "production":
        console.print(_DEVELOPMENT, soft_wrap=True)
    return 1 if refused else 0


def sign_command(out: Path, key: Path, names: Sequence[str], console: Console) -> int:
    """Write the signed list of the plugins named (all, when none is) as they are installed here.

    The key is made when its file is not there; what JICENG_PLUGIN_SIGNER has to be is printed.

    Raises:
        Refusal: a name that is not installed, an editable installation, a file that cannot be written.
    """
    chosen = _chosen(names)
    try:
        private = read_key(key) if key.exists() else new_key(key)
        out.write_bytes(signed_list(chosen, private))
    except OSError as error:
        raise Refusal(
            f"读写不了文件：{error.strerror}",
            str(error.filename),
            "请换一个可写的位置",
            what_en=f"cannot read or write: {error.strerror}",
        ) from error
    for one in chosen:
        console.print(f"{one.name} {one.version} {one.digest}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"JICENG_PLUGINS={out.absolute()}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"JICENG_PLUGIN_SIGNER={signer_of(private)}", markup=False, highlight=False, soft_wrap=True)
    return 0


def _chosen(names: Sequence[str]) -> list[Listed]:
    offering = _offering()
    if strange := sorted(set(names) - offering.keys()):
        raise Refusal(
            "没有安装这些插件",
            "、".join(strange),
            "请用 jiceng plugins list 查看包名",
            what_en="these plugins are not installed",
        )
    return [_listed(offering[name]) for name in names or offering]


def _listed(distribution: Distribution) -> Listed:
    try:
        return Listed(distribution.name, distribution.version, contents_digest(distribution))
    except UnfitDistribution as unfit:
        raise Refusal(
            f"不能列入清单：{unfit.zh}",
            distribution.name,
            "请安装发布的包（wheel），不要用可编辑安装",
            what_en=f"{distribution.name} cannot be listed: {unfit.en}",
            todo_en="install the wheel",
        ) from unfit


def _offering() -> dict[str, Distribution]:
    """The distributions with plugins, by name."""
    points = judge(metadata.distributions(), {}).allowed
    return {point.dist.name: point.dist for point in points if point.dist is not None}
