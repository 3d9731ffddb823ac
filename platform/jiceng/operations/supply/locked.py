"""The lock file, read: every distribution with its exact version and the hashes it may have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


class Locked(msgspec.Struct, frozen=True):
    """One distribution of the lock; the hashes are those of its files on every platform."""

    name: str
    version: str
    hashes: tuple[str, ...]


def read_lock(file: Path) -> tuple[Locked, ...]:
    """Every distribution of a requirements file with hashes, by name.

    Raises:
        Refusal: the file cannot be read, or a line pins no version or carries no hash.
    """
    try:
        text = file.read_text("utf-8")
    except OSError as error:
        raise Refusal(f"读不出锁定文件：{error.strerror}", str(file), "请在源代码目录里运行") from error
    found = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        if not block.strip() or block.startswith("#"):
            continue
        pinned, hashes = _PINNED.match(block), tuple(_HASH.findall(block))
        if pinned is None or not hashes:
            line = block.splitlines()[0][:80]
            raise Refusal("锁定文件里有一行没有确切的版本或校验值", line, "请运行 make lock 重新生成")
        found.append(Locked(pinned[1].lower().replace("_", "-"), pinned[2], hashes))
    return tuple(sorted(found, key=lambda one: (one.name, one.version)))
