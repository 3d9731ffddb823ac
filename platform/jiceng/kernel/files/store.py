"""The file store: put in, taken out, removed; each with its row and its audit entry, all or nothing."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import msgspec

from jiceng.kernel import clock
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.database import (
    after_commit,
    current_tenant,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    joined,
    next_block,
)
from jiceng.kernel.errors import NotFound, Refusal, Unavailable
from jiceng.kernel.files.folders import arriving_folder, place_of
from jiceng.kernel.files.kinds import clean_name, recognise
from jiceng.kernel.files.scanning import scan
from jiceng.kernel.files.writing import LARGEST, MB, drop, settle, write
from jiceng.kernel.ids import new_id

USUAL_QUOTA = 2048 * MB
_COLUMNS = "id, name, media_type, size, sha256, about_kind, about_id, stored_by, stored_at, sensitivity"
_ONE = f"select {_COLUMNS} from stored_file where tenant_id = $1 and id = $2"  # noqa: S608 - our own names
_ABOUT = (
    f"select {_COLUMNS} from stored_file"  # noqa: S608 - our own names
    " where tenant_id = $1 and about_id = $2 order by stored_at desc, id desc"
)
_ADD = """
insert into stored_file
(tenant_id, id, name, media_type, size, sha256, about_kind, about_id, stored_by, stored_at, sensitivity)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_USED = "select coalesce(sum(size), 0)::bigint from stored_file where tenant_id = $1"


class FileInfo(msgspec.Struct, frozen=True):
    """What is known of a stored file."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: bytes
    about_kind: str
    about_id: UUID | None
    stored_by: UUID | None
    stored_at: datetime
    sensitivity: int = 0


async def store(
    pieces: AsyncIterator[bytes],
    name: str,
    *,
    about: tuple[str, UUID],
    by: UUID | None,
    sensitivity: int = 0,
    quota: int = USUAL_QUOTA,
    largest: int = LARGEST,
) -> FileInfo:
    """Keep a file about something, for the current tenant; joins the open transaction.

    Its kind is told by its content; `sensitivity` is its label, for the reader's door to enforce.
    `quota` is what all files of the tenant may take up, in bytes.

    Raises:
        Refusal: too large (413), beyond the quota (413), of no kept kind or infected (415), empty (422).
        Unavailable: the disk is full, or the virus scanner does not answer.
    """
    kept, file = clean_name(name), new_id()
    _refuse_beyond(await used(), 1, quota, kept)
    arrived = arriving_folder() / str(file)
    written = await write(pieces, arrived, kept, largest=largest)
    try:
        kind = await asyncio.to_thread(recognise, arrived, kept)
        await scan(arrived, kept)
        told = kept, kind.media_type, written.size, written.sha256, *about, by, clock.now(), sensitivity
        info = FileInfo(file, *told)
        async with joined():
            await _enter(info, arrived, quota)
    except BaseException:
        drop(arrived)
        raise
    return info


async def _enter(info: FileInfo, arrived: Path, quota: int) -> None:
    """Write the row and give the file its place. A commit that fails leaves a file without a row: `sweep`."""
    await next_block("files")  # the counter's row stays locked: two at once cannot both take the last space
    _refuse_beyond(await used(), info.size, quota, info.name)
    await execute(
        _ADD,
        current_tenant(),
        info.id,
        info.name,
        info.media_type,
        info.size,
        info.sha256,
        info.about_kind,
        info.about_id,
        info.stored_by,
        info.stored_at,
        info.sensitivity,
    )
    record(Event.FILE_STORED, ("stored_file", info.id), size=info.size)
    await asyncio.to_thread(settle, arrived, place_of(info.id))


async def used() -> int:
    """Bytes that the current tenant's files take up."""
    total: int = await fetch_value(_USED, current_tenant())
    return total


async def stored(file: UUID) -> FileInfo:
    """What is known of a file; NotFound for an absent one and for another tenant's alike."""
    row = await fetch_row(_ONE, current_tenant(), file)
    if row is None:
        raise NotFound("没有这个文件")
    return FileInfo(**dict(row))


async def stored_about(about: UUID) -> list[FileInfo]:
    """The files about something, newest first."""
    return [FileInfo(**dict(row)) for row in await fetch(_ABOUT, current_tenant(), about)]


async def content(file: UUID) -> tuple[FileInfo, bytes]:
    """A file and its bytes, proven against the hash they were stored with; the read is recorded.

    Raises:
        NotFound: absent, or another tenant's. Unavailable: the bytes are gone or not those that were stored.
    """
    info = await stored(file)
    held = await asyncio.to_thread(_read, place_of(file))
    if held is None or hashlib.sha256(held).digest() != info.sha256:
        raise Unavailable(
            "文件的内容丢失或损坏，不能下载",
            info.name,
            "请联系运维人员从备份恢复",
            what_en="the stored bytes are missing or damaged",
        )
    await record_now(Event.FILE_READ, ("stored_file", file), size=info.size)
    return info, held


async def remove(file: UUID) -> FileInfo:
    """Remove a file: its row now, its bytes once that has committed. NotFound as `stored`."""
    async with joined():
        info = await stored(file)
        await execute("delete from stored_file where tenant_id = $1 and id = $2", current_tenant(), file)
        record(Event.FILE_REMOVED, ("stored_file", file), size=info.size)
        after_commit(partial(_unlink, place_of(file)))
    return info


async def _unlink(path: Path) -> None:
    await asyncio.to_thread(path.unlink, missing_ok=True)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _refuse_beyond(taken: int, more: int, quota: int, name: str) -> None:
    if taken + more > quota:
        raise Refusal(
            f"本单位的文件已用 {taken // MB} MB，放不下了（上限 {quota // MB} MB）",
            name,
            "请先删除不再需要的文件，或请管理员调高上限",
            413,
            what_en="the tenant's file quota is used up",
            todo_en="remove files no longer needed, or ask the administrator for more room",
        )
