"""Files are kept whole or not at all, each for its tenant, within its quota, proven when they are read."""

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.support.sample_files import pdf, pieces, png

from jiceng.kernel import database as db
from jiceng.kernel import files
from jiceng.kernel.audit import entries
from jiceng.kernel.clock import now, showing
from jiceng.kernel.errors import NotFound, Refusal, Unavailable
from jiceng.kernel.files import FileInfo, sweeping
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings
from jiceng.operations.auditing.files import keep_files

MEMBER, ABSENT = UUID(int=42), UUID(int=43)


@pytest.fixture
def folder(database: Settings, tmp_path: Path) -> Path:
    files.keep_files_in(msgspec.structs.replace(database, data_dir=tmp_path))
    return tmp_path / "files"


def lying(folder: Path) -> list[str]:
    """The files below the folder, by path."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def keep(
    content: bytes, name: str = "记录.pdf", *, quota: int = 10**9, largest: int = 10**7
) -> FileInfo:
    return await files.store(
        pieces(content), name, about=("member", MEMBER), by=None, quota=quota, largest=largest
    )


async def undone(content: bytes) -> None:
    async with db.transaction():
        await keep(content)
        raise ZeroDivisionError


async def removed_in_vain(file: UUID) -> None:
    async with db.transaction():
        await files.remove(file)
        raise ZeroDivisionError


async def test_a_file_comes_back_as_it_was_and_both_ways_are_told(folder: Path) -> None:
    with db.tenant_scope(1):
        kept = await keep(pdf())
        assert await files.content(kept.id) == (kept, pdf())
        assert [each.id for each in await files.stored_about(MEMBER)] == [kept.id]
        assert kept.sha256 == hashlib.sha256(pdf()).digest()
        told = [(entry.event, entry.object_id) async for block in entries() for entry in block]
        assert told == [("file_stored", str(kept.id)), ("file_read", str(kept.id))]
    assert lying(folder) == [f"1/{kept.id}"]
    assert (folder / "1" / str(kept.id)).stat().st_mode & 0o077 == 0
    assert (folder / "1").stat().st_mode & 0o077 == 0


async def test_another_tenants_file_is_absent(folder: Path) -> None:
    with db.tenant_scope(1):
        kept = await keep(pdf())
    with db.tenant_scope(2):
        for file in (kept.id, ABSENT):
            for act in (files.stored, files.content, files.remove):
                with pytest.raises(NotFound, match="没有这个文件"):
                    await act(file)
        assert await files.stored_about(MEMBER) == []
        assert await files.used() == 0
    assert lying(folder) == [f"1/{kept.id}"]


async def test_what_is_refused_leaves_nothing(folder: Path) -> None:
    with db.tenant_scope(1):
        with pytest.raises(Refusal, match=r"不是完好的 \.png"):
            await keep(pdf(), "记录.png")
        with pytest.raises(Refusal, match="超过 1 MB") as refused:
            await keep(png() * 20_000, "大.png", largest=1024 * 1024)
        assert refused.value.status == 413
        assert await files.used() == 0
    assert lying(folder) == []


async def test_an_upload_that_breaks_off_leaves_nothing(folder: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"%PDF-1.7"
        raise ConnectionResetError(errno.ECONNRESET, "gone")

    with db.tenant_scope(1), pytest.raises(Unavailable):
        await files.store(broken(), "记录.pdf", about=("member", MEMBER), by=None)
    assert lying(folder) == []


async def test_the_quota_holds_for_the_tenant_alone(folder: Path) -> None:
    room = 2 * len(pdf()) + 10
    with db.tenant_scope(1):
        await keep(pdf(), quota=room)
        await keep(pdf(), quota=room)
        with pytest.raises(Refusal, match="放不下") as refused:
            await keep(pdf(), quota=room)
        assert refused.value.status == 413
        assert await files.used() == 2 * len(pdf())
    with db.tenant_scope(2):
        await keep(pdf(), quota=room)
    assert len(lying(folder)) == 3


@pytest.mark.parametrize("step", ["write", "fsync"])
async def test_a_full_disk_is_told_in_words_and_leaves_nothing(
    step: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with db.tenant_scope(1), monkeypatch.context() as patched:
        patched.setattr(os, step, full)
        with pytest.raises(Unavailable, match="磁盘满了，文件没有保存"):
            await keep(pdf())
    with db.tenant_scope(1):
        assert await files.used() == 0
    assert lying(folder) == []


async def test_bytes_that_changed_on_the_disk_are_not_given_out(folder: Path) -> None:
    with db.tenant_scope(1):
        kept = await keep(pdf())
        place = folder / "1" / str(kept.id)
        place.write_bytes(pdf().replace(b"Kids", b"kids"))
        with pytest.raises(Unavailable, match="丢失或损坏"):
            await files.content(kept.id)
        place.unlink()
        with pytest.raises(Unavailable, match="丢失或损坏"):
            await files.content(kept.id)


async def test_a_removed_file_goes_with_the_commit_and_stays_without(folder: Path) -> None:
    with db.tenant_scope(1):
        kept = await keep(pdf())
        with pytest.raises(ZeroDivisionError):
            await removed_in_vain(kept.id)
        assert (await files.content(kept.id))[1] == pdf()
        await files.remove(kept.id)
        with pytest.raises(NotFound):
            await files.stored(kept.id)
    assert lying(folder) == []


async def test_what_an_undone_transaction_left_is_swept_when_it_is_old(folder: Path) -> None:
    with db.tenant_scope(1):
        kept, lost = await keep(pdf()), await keep(png(), "照片.png")
        with pytest.raises(ZeroDivisionError):
            await undone(pdf())
        assert await files.used() == len(pdf()) + len(png())
        assert len(lying(folder)) == 3
        (folder / "1" / "arriving" / str(new_id())).write_bytes(b"half")
        (folder / "1" / str(lost.id)).unlink()
        assert (await files.sweep()).removed == 0, "they may belong to a transaction that is still open"
        with showing(now() + timedelta(hours=2)):
            assert await files.sweep() == files.Swept(2, (lost.id,))
    assert lying(folder) == [f"1/{kept.id}"]


async def test_the_whole_file_is_never_in_memory_while_it_arrives(folder: Path) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1024 * 1024
            yield b"\0" * (1024 * 1024)

    with db.tenant_scope(1), pytest.raises(Refusal, match="超过 20 MB"):
        await files.store(endless(), "大.pdf", about=("member", MEMBER), by=None)
    assert sent == 21 * 1024 * 1024, "it stops at the limit, whatever else is sent"
    assert lying(folder) == []


async def test_the_nightly_count_tells_of_bytes_that_are_gone(folder: Path) -> None:
    with db.tenant_scope(1):
        kept = await keep(pdf())
        assert await keep_files() == files.Swept(0, ())
        (folder / "1" / str(kept.id)).unlink()
        with pytest.raises(Refusal, match=f"有 1 个文件的内容丢失，如 {kept.id}"):
            await keep_files()


@pytest.mark.parametrize(
    ("scanner", "refused"),
    [
        ("true", None),
        ("false", "病毒扫描程序报告这个文件有问题"),
        ("sh -c 'exit 2'", "没有应答"),
        ("no-such-scanner", "没有应答"),
    ],
)
async def test_the_virus_scanner_is_asked_and_without_its_answer_nothing_is_kept(
    scanner: str, refused: str | None, folder: Path, database: Settings
) -> None:
    files.keep_files_in(msgspec.structs.replace(database, data_dir=folder.parent, scan_command=scanner))
    with db.tenant_scope(1):
        if refused is None:
            await keep(pdf())
            assert len(lying(folder)) == 1
            return
        with pytest.raises(Refusal, match=refused):
            await keep(pdf())
        assert lying(folder) == []
        told = [(entry.event, entry.success) async for block in entries() for entry in block]
        assert told == ([("file_stored", False)] if scanner == "false" else [])


async def test_the_virus_scanner_is_told_no_secret_of_ours(
    folder: Path, database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JICENG_DATABASE_URL", "postgresql://app:secret@db/jiceng")
    clean = """sh -c 'test -z "$JICENG_DATABASE_URL" -a -n "$PATH"'"""
    files.keep_files_in(msgspec.structs.replace(database, data_dir=folder.parent, scan_command=clean))
    with db.tenant_scope(1):
        await keep(pdf())
    assert len(lying(folder)) == 1


async def test_what_comes_and_goes_while_files_are_counted_is_neither_lost_nor_a_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.tenant_scope(1):
        going = await keep(pdf())
        arriving = folder / "1" / "arriving"
        (arriving / str(new_id())).write_bytes(b"%PDF-1.7 ...")
        listed = sweeping._files

        def listed_then_settled(place: Path) -> list[Path]:
            found = listed(place)
            for path in found if place == arriving else []:
                path.unlink()
            return found

        async def meanwhile(work: Callable[..., Any], *given: Any) -> Any:
            if work is sweeping._tidy:
                await files.remove(going.id)
            return work(*given)

        monkeypatch.setattr(sweeping, "_files", listed_then_settled)
        monkeypatch.setattr(asyncio, "to_thread", meanwhile)
        assert await files.sweep() == files.Swept(0, ())
