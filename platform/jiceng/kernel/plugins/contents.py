"""What a distribution consists of: one digest over every file that its RECORD names."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import Distribution, PackagePath

_MADE_HERE = ("INSTALLER", "RECORD", "REQUESTED", "direct_url.json")
"""Written by the installer on this machine: they say how, not what."""


class UnfitDistribution(Exception):  # noqa: N818 - says what it is
    """Its files cannot be vouched for; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def contents_digest(distribution: Distribution) -> str:
    """SHA-256 over name and content of every file of the distribution, as they lie on the disk now.

    Compiled files are left out: Python makes them here.

    Raises:
        UnfitDistribution: installed as editable, without a RECORD, or with files missing.
    """
    if _editable(distribution):
        raise UnfitDistribution("是可编辑安装，文件不在安装目录里", "it is an editable installation")
    files = [file for file in distribution.files or () if not _left_out(file)]
    if not files:
        raise UnfitDistribution("没有文件清单（RECORD）", "it has no RECORD")
    total = hashlib.sha256()
    for file in sorted(files, key=str):
        try:
            content = file.read_binary()
        except OSError as error:
            raise UnfitDistribution(f"缺少文件 {file}", f"the file {file} is missing") from error
        total.update(f"{file}\0{hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


def _editable(distribution: Distribution) -> bool:
    said = distribution.read_text("direct_url.json")
    return bool(said and json.loads(said).get("dir_info", {}).get("editable"))


def _left_out(file: PackagePath) -> bool:
    return file.suffix == ".pyc" or (file.parent.suffix == ".dist-info" and file.name in _MADE_HERE)
