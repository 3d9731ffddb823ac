"""Files and rows that lost each other: bytes without a row are removed, rows without bytes are told."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.files.folders import arriving_folder, tenant_folder

OLD = timedelta(hours=1)
"""Younger files may belong to a transaction that is still open."""


class Swept(msgspec.Struct, frozen=True):
    """How many files without a row were removed, and the rows whose bytes are not there."""

    removed: int
    missing: tuple[UUID, ...]


async def sweep() -> Swept:
    """Tidy the current tenant's folder."""
    before = await _known()
    folder, arriving = tenant_folder(), arriving_folder()
    names = {str(file) for file in before}
    removed, there = await asyncio.to_thread(_tidy, folder, arriving, names, clock.now() - OLD)
    # What somebody removed meanwhile is not lost: it had its row when we looked, and has none now.
    still = await _known()
    return Swept(removed, tuple(sorted(file for file in before & still if str(file) not in there)))


async def _known() -> set[UUID]:
    rows = await fetch("select id from stored_file where tenant_id = $1", current_tenant())
    return {row["id"] for row in rows}


def _tidy(folder: Path, arriving: Path, known: set[str], before: datetime) -> tuple[int, set[str]]:
    removed, there = 0, set()
    for path in [*_files(folder), *_files(arriving)]:
        if path.parent == folder and path.name in known:
            there.add(path.name)
        elif (changed := _changed(path)) is not None and changed < before.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed, there


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _changed(path: Path) -> float | None:
    """When the file was last written; None when it was given its place, or given up, since we looked."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None
