"""An export verifies without a database, and every byte of it counts."""

import io
import random
import re
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from jiceng.kernel.audit import Event, head, record_now, verify_chain
from jiceng.kernel.audit.exporting import export, verify_export
from jiceng.kernel.audit.signing import key_line, plain_line
from jiceng.kernel.ciphers.devices import use_device
from jiceng.kernel.clock import today
from jiceng.kernel.database import close, tenant_scope
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.errors import Invalid, Refusal
from jiceng.kernel.settings import Settings
from jiceng.operations.auditing.commands import (
    export_command,
    key_command,
    verify_command,
    verify_file_command,
)
from jiceng.operations.auditing.heads import read_heads, read_keys
from jiceng.operations.auditing.keeping import keep_log
from jiceng.tenancy.service import set_setting

CUT = "delete from audit_entry where seq > 3"


async def exported(entries: int) -> bytes:
    for _ in range(entries):
        await record_now(Event.MEMBERS_READ, ("organization", None), count=25)
    out = io.BytesIO()
    await export(out)
    return out.getvalue()


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


@pytest.mark.usefixtures("database")
async def test_every_changed_byte_and_every_missing_line_of_an_export_is_found() -> None:
    at = random.Random(7)  # noqa: S311 - mutations, not secrets
    with tenant_scope(1):
        content = await exported(8)
        end = await head()
    assert verify_export(lines(content)) == (end, [])
    for _ in range(3_000):
        place = at.randrange(len(content))
        byte = (content[place] + at.randrange(1, 256)) % 256
        touched = content[:place] + bytes([byte]) + content[place + 1 :]
        assert verify_export(lines(touched))[1], f"byte {place} became {byte:02x} unnoticed"
    whole = lines(content)
    for place in range(len(whole)):
        assert verify_export(whole[:place] + whole[place + 1 :])[1], f"line {place} went unnoticed"
        assert verify_export(whole[:place])[1], f"cut before line {place} unnoticed"
    assert [each.rule for each in verify_export([])[1]] == ["form"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04\xff\n\x00", b"{}\n{}\n", "第 3 条链头\n".encode()])
@pytest.mark.parametrize("compared", [False, True])
def test_a_file_that_is_no_export_is_told_to_be_none(
    content: bytes, tmp_path: Path, *, compared: bool
) -> None:
    other = tmp_path / "roster.xlsx"
    other.write_bytes(content)
    with pytest.raises(Refusal, match=r"这不是 jiceng audit export 写出的日志文件.*第一行已被改动") as told:
        verify_file_command(other, other if compared else None, None, Console(file=io.StringIO()))
    assert told.value.where == str(other)


async def test_the_commands_tell_what_was_cut_off_against_heads_kept_elsewhere(
    two_tenants: tuple[int, int], database: Settings, superuser: Connection, tmp_path: Path
) -> None:
    with tenant_scope(two_tenants[0]):
        for _ in range(5):
            await record_now(Event.RUN_OPENED)
    await close()
    said = Console(file=io.StringIO(), width=300)
    taken, kept = tmp_path / "log.jsonl", tmp_path / "heads.txt"
    assert await export_command(database, "donghu", taken, said) == 0
    assert await verify_command(database, "", None, None, said) == 0
    kept.write_text(said.file.getvalue())  # type: ignore[attr-defined]
    told = await superuser.fetch("select distinct event from audit_entry")
    assert {"audit_verified", "audit_exported"} <= {row["event"] for row in told}
    assert [each.seq for each in read_heads(kept)[two_tenants[0]]] == [6, 7]
    assert verify_file_command(taken, kept, None, said) == 1, "the export was taken before the last head"
    assert verify_file_command(taken, taken, None, said) == 0
    async with superuser.transaction():
        await superuser.execute("set local session_replication_role = replica")
        await superuser.execute(CUT)
        await superuser.execute(
            "update audit_head h set seq = 3, hash = e.hash from audit_entry e"
            " where e.tenant_id = h.tenant_id and e.seq = 3"
        )
    assert await verify_command(database, "donghu", None, None, said) == 0, "alone it is consistent"
    assert await verify_command(database, "donghu", kept, None, said) == 1
    assert await verify_command(database, "donghu", taken, None, said) == 1
    with pytest.raises(Refusal, match="没有这个租户"):
        await verify_command(database, "nowhere", None, None, said)
    with pytest.raises(Refusal, match="写不了文件"):
        await export_command(database, "donghu", tmp_path / "no" / "log.jsonl", said)
    assert files(tmp_path) == ["heads.txt", "log.jsonl"]


def test_a_file_without_heads_is_refused_in_words(tmp_path: Path) -> None:
    for content in (b"", b"nothing", b"{}\n"):
        (tmp_path / "heads").write_bytes(content)
        with pytest.raises(Refusal, match="链头"):
            read_heads(tmp_path / "heads")


@pytest.mark.usefixtures("database")
async def test_the_nightly_care_proves_the_log_and_fails_when_it_was_touched(superuser: Connection) -> None:
    with tenant_scope(1):
        for _ in range(3):
            await record_now(Event.RUN_OPENED)
        assert plain_line("donghu", await keep_log()).startswith("donghu tenant=1 seq=3 hash=")
        async with superuser.transaction():
            await superuser.execute("set local session_replication_role = replica")
            await superuser.execute("update audit_entry set person = gen_random_uuid() where seq = 2")
        with pytest.raises(Refusal, match="最早在第 2 条"):
            await keep_log()
        assert [each.rule for each in (await verify_chain())[1]] == ["changed"]


async def test_a_retention_below_six_months_is_refused_when_it_is_set(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        for wrong in (5, "36", True, 6.5):
            with pytest.raises(Invalid, match="6 至 1200"):
                await set_setting("audit_retention_months", wrong, today())
        await set_setting("audit_retention_months", 6, today())


@pytest.mark.parametrize("crypto", ["intl", "gm"])
async def test_heads_are_signed_and_checked_offline_with_the_public_key(
    two_tenants: tuple[int, int], database: Settings, tmp_path: Path, crypto: str
) -> None:
    chosen = msgspec.structs.replace(database, crypto=crypto)
    use_device(chosen)
    with tenant_scope(two_tenants[0]):
        await record_now(Event.RUN_OPENED)
    await close()
    said, told = Console(file=io.StringIO(), width=400), Console(file=io.StringIO(), width=400)
    heads, keys, log = tmp_path / "heads.txt", tmp_path / "keys.txt", tmp_path / "log.jsonl"
    assert await verify_command(chosen, "donghu", None, None, said) == 0
    heads.write_text(said.file.getvalue())  # type: ignore[attr-defined]
    assert await key_command(chosen, told) == 0
    keys.write_text(told.file.getvalue())  # type: ignore[attr-defined]
    assert await export_command(chosen, "donghu", log, said) == 0
    assert {"intl": "ed25519:", "gm": "sm2-sm3:"}[crypto] in heads.read_text()
    assert {"intl": "sha256", "gm": "sm3"}[crypto].encode() in log.read_bytes()
    assert verify_file_command(log, heads, keys, said) == 0
    line = heads.read_text()
    for touched in (re.sub(r"seq=\d", "seq=9", line), re.sub(r"hash=.", "hash=g", line)):
        heads.write_text(touched)
        with pytest.raises(Refusal, match="链头"):
            verify_file_command(log, heads, keys, said)
    heads.write_text(line)
    keys.write_text(keys.read_text().replace("public=", "public=A"))
    with pytest.raises(Refusal, match="没有有效的签名"):
        verify_file_command(log, heads, keys, said)
    with pytest.raises(Refusal, match="没有公钥"):
        read_keys(heads)
    use_device(database)


async def test_an_unsigned_head_does_not_pass_where_a_signature_is_asked_for(
    two_tenants: tuple[int, int], database: Settings, tmp_path: Path
) -> None:
    del database
    with tenant_scope(two_tenants[0]):
        content, end = await exported(2), await head()
        (tmp_path / "keys").write_text(key_line())
    (tmp_path / "log").write_bytes(content)
    (tmp_path / "heads").write_text(plain_line("donghu", end))
    keys = read_keys(tmp_path / "keys")
    assert read_heads(tmp_path / "heads")[two_tenants[0]] == [end]
    for name in ("heads", "log"):
        with pytest.raises(Refusal, match="签名"):
            read_heads(tmp_path / name, keys)


async def test_a_chain_goes_on_with_the_other_suite(database: Settings, two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        for crypto in ("intl", "gm", "intl"):
            use_device(msgspec.structs.replace(database, crypto=crypto))
            await record_now(Event.RUN_OPENED)
        content = await exported(0)
        assert (await verify_chain())[1] == []
    assert verify_export(lines(content))[1] == []
    assert [line.count(b'"sm3"') for line in lines(content)] == [0, 0, 0, 1, 0, 0]
    use_device(database)
