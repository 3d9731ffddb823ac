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
    rows = await fetch("select id from stored_file where tenant_id = $1", current_tenant())
    known = {str(row["id"]): row["id"] for row in rows}
    folder, arriving = tenant_folder(), arriving_folder()
    removed, there = await asyncio.to_thread(_tidy, folder, arriving, set(known), clock.now() - OLD)
    return Swept(removed, tuple(sorted(held for name, held in known.items() if name not in there)))


def _tidy(folder: Path, arriving: Path, known: set[str], before: datetime) -> tuple[int, set[str]]:
    removed, there = 0, set()
    for path in [*_files(folder), *_files(arriving)]:
        if path.parent == folder and path.name in known:
            there.add(path.name)
        elif path.stat().st_mtime < before.timestamp():
            path.unlink()
            removed += 1
    return removed, there


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
