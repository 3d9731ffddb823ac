"""Bytes to disk: in pieces, counted, hashed and flushed; whole or gone."""

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from jiceng.kernel.errors import Refusal, Unavailable

MB = 1024 * 1024
LARGEST = 20 * MB
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Written(msgspec.Struct, frozen=True):
    """A file that lies on disk, flushed."""

    size: int
    sha256: bytes


async def write(pieces: AsyncIterator[bytes], path: Path, name: str, *, largest: int) -> Written:
    """Write `pieces` to the new file `path`; on any fault nothing stays.

    Raises:
        Refusal: more than `largest` bytes (413). Unavailable: the disk is full or broken.
    """
    digest, size = hashlib.sha256(), 0
    file = -1
    try:
        await asyncio.to_thread(_private, path.parent)
        file = await asyncio.to_thread(os.open, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        async for piece in pieces:
            size += len(piece)
            _refuse_beyond(size, largest, name)
            digest.update(piece)
            await asyncio.to_thread(_put, file, piece)
        await asyncio.to_thread(os.fsync, file)
    except BaseException as error:
        drop(path)
        if isinstance(error, OSError):
            raise _broken(error, name) from error
        raise
    finally:
        if file >= 0:
            os.close(file)
    return Written(size, digest.digest())


def settle(arrived: Path, place: Path) -> None:
    """Give a written file its lasting name, and make the name last.

    Raises:
        Unavailable: the disk is full or broken.
    """
    try:
        arrived.rename(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _broken(error, place.name) from error


def drop(path: Path) -> None:
    """Delete a file that is not to stay, if it is there; at once, also while the task is being cancelled."""
    path.unlink(missing_ok=True)


def _refuse_beyond(size: int, largest: int, name: str) -> None:
    if size > largest:
        raise Refusal(
            f"文件超过 {largest // MB} MB 的上限",
            name,
            "请压缩图片、拆成几个文件后再上传",
            413,
            what_en=f"the file is larger than {largest // MB} MB",
            todo_en="make pictures smaller or upload it in parts",
        )


def _private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for this account alone."""
    if not folder.is_dir():
        _private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _put(file: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(file, rest) :]


def _broken(error: OSError, name: str) -> Unavailable:
    if error.errno in _FULL:
        return Unavailable(
            "服务器的磁盘满了，文件没有保存",
            name,
            "请联系运维人员清理磁盘，然后再上传一次",
            what_en="the server's disk is full, the file was not stored",
        )
    return Unavailable(
        "服务器写不了文件，文件没有保存",
        name,
        "请联系运维人员检查数据目录，然后再上传一次",
        what_en=f"the file could not be written ({errno.errorcode.get(error.errno or 0, 'unknown')})",
    )
