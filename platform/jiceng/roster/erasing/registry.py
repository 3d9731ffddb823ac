"""The list of erased persons beside the database: a backup from before is brought back, and they go again.

One line a person, in `<data_dir>/erased.jsonl`: tenant, member's id, ground, document, moment. No name.
"""

import asyncio
import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec

from jiceng.kernel.clock import now
from jiceng.kernel.database import after_commit, current_tenant, fetch
from jiceng.kernel.files.folders import data_folder

_ALL = "select member, ground, document from erasure where tenant_id = $1 order by erased_at"


class Erased(msgspec.Struct, frozen=True):
    """One erased person."""

    tenant: int
    member: UUID
    ground: str
    document: str
    at: str


def note_it(member: UUID, ground: str, document: str) -> None:
    """Add a line once the open transaction has committed."""
    line = Erased(current_tenant(), member, ground, document, now().isoformat())
    after_commit(partial(asyncio.to_thread, _add, [line]))


async def complete_list() -> int:
    """Add what the current tenant's table has and the list has not (a crash in between); how many."""
    known = {line.member for line in await asyncio.to_thread(read_list) if line.tenant == current_tenant()}
    rows = [row for row in await fetch(_ALL, current_tenant()) if row["member"] not in known]
    moment = now().isoformat()
    lines = [Erased(current_tenant(), row["member"], row["ground"], row["document"], moment) for row in rows]
    await asyncio.to_thread(_add, lines)
    return len(lines)


def read_list() -> list[Erased]:
    """Every line of the list; empty when nobody was ever erased."""
    try:
        return [msgspec.json.decode(line, type=Erased) for line in _file().read_bytes().splitlines()]
    except FileNotFoundError:
        return []


def _add(lines: Iterable[Erased]) -> None:
    data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    if not data:
        return
    there = os.open(_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(there, data)
        os.fsync(there)
    finally:
        os.close(there)


def _file() -> Path:
    return data_folder() / "erased.jsonl"
