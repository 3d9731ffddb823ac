"""The list of erased persons beside the database: a backup from before is brought back, and they go again.

One line a person, in `<data_dir>/erased.jsonl`: tenant, member's id, ground, document, moment. No name.
"""

import asyncio
import os
import re
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec

from jiceng.kernel.clock import now
from jiceng.kernel.database import after_commit, current_tenant, fetch
from jiceng.kernel.files.folders import data_folder

_ALL = "select member, ground, document from erasure where tenant_id = $1 order by erased_at"

_MEMBER = re.compile(r'"member":"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"')


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
    """Every line of the list that can be read; empty when nobody was ever erased."""
    return [found for _, found in _lines() if isinstance(found, Erased)]


def unreadable() -> list[tuple[int, str]]:
    """Lines that are none, by number: cut by a crash while they were written, or changed by somebody.

    Not one whose person stands in another line: what a crash cut was added again the night after.
    """
    lines = _lines()
    known = {found.member for _, found in lines if isinstance(found, Erased)}
    return [
        (number, found)
        for number, found in lines
        if isinstance(found, str) and not ((named := _MEMBER.search(found)) and UUID(named[1]) in known)
    ]


def _lines() -> list[tuple[int, Erased | str]]:
    """Every line with its number, as text where it cannot be read."""
    try:
        texts = _file().read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [(number, _line(text)) for number, text in enumerate(texts, start=1) if text.strip()]


def _line(text: bytes) -> Erased | str:
    try:
        return msgspec.json.decode(text, type=Erased)
    except msgspec.MsgspecError:
        return text.decode("utf-8", "replace")


def _add(lines: Iterable[Erased]) -> None:
    """Add lines at the end; one that a crash cut is ended first, so that nothing is written onto it."""
    data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    if not data:
        return
    there = os.open(_file(), os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        end = os.lseek(there, 0, os.SEEK_END)
        if end and os.pread(there, 1, end - 1) != b"\n":
            data = b"\n" + data
        os.write(there, data)
        os.fsync(there)
    finally:
        os.close(there)


def _file() -> Path:
    return data_folder() / "erased.jsonl"
