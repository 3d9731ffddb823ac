"""Workbooks to hand back to whoever sent them: the same files, every fault marked in its cell."""

from collections.abc import Callable, Sequence
from pathlib import Path

from jiceng.kernel.errors import Refusal
from jiceng.kernel.spreadsheets import CellFault, mark
from jiceng.operations.schemas import TenantSource

Marker = Callable[[TenantSource, str, Sequence[CellFault]], None]
"""Is told of each workbook with faults: whose, its path below the folder, all its faults."""


def into(folder: Path, source: Path) -> Marker:
    """A marker that writes `<folder>/<slug>/<path>`; a copy of an earlier time is replaced.

    Raises:
        Refusal: the folder is, holds or lies in the source, whose files must stay as they came.
    """
    here, there = folder.resolve(), source.resolve()
    if here.is_relative_to(there) or there.is_relative_to(here):
        raise Refusal(
            "标好错误的文件不能写进接入文件夹",
            str(folder),
            "请换一个别处的文件夹",
            what_en="marked workbooks cannot be written into the source",
            todo_en="name a folder elsewhere",
        )

    def marked(tenant: TenantSource, path: str, faults: Sequence[CellFault]) -> None:
        if tenant.folder is None:
            return
        copy = here / tenant.slug / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(mark((tenant.folder / path).read_bytes(), path, faults))

    return marked
