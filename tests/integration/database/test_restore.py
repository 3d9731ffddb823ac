"""The drill of docs/operators.md: a dump by role backup, restored, is the same database, as well fenced."""

import io
import re
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from rich.console import Console
from tests.support.appraisal import claimed, small_town, with_points

from jiceng.kernel.crypto.keyring import _known as keys_in_memory
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import close, connect, dumping, tenant_scope
from jiceng.kernel.database.dumping import back_up, restore
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate, registered_tables
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.errors import Conflict, Refusal, Unavailable
from jiceng.kernel.settings import Settings
from jiceng.operations.backups.commands import backup_command, restore_command


async def counted(settings: Settings) -> dict[str, int]:
    """How many rows each table has, seen by the role that sees all."""
    connection = await asyncpg.connect(settings.backup_url)
    found: dict[str, Any] = {}
    for table in registered_tables():
        name = table._meta.tablename
        found[name] = await connection.fetchval(f"select count(*) from {name}")  # noqa: S608 - our tables
    await connection.close()
    return found


async def test_a_dump_restored_has_every_row_and_every_fence(
    two_tenants: tuple[int, int], settings: Settings, own_settings: Settings, tmp_path: Path
) -> None:
    for tenant in two_tenants:
        with tenant_scope(tenant):
            people = await small_town(2)
            await with_points()
            await claimed(people["D001"], 5)
    made = await back_up(settings, tmp_path / "dumps")
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in made.path.parent.iterdir()] == [made.path.name]
    await restore(own_settings, made.path)
    report = await migrate(own_settings)
    assert not any(report.ran.values())
    before, after = await counted(settings), await counted(own_settings)
    assert before == after
    assert (after["member"], after["fact"]) == (4, 10)
    assert await check_database(own_settings, registered_tables()) == []


async def test_a_database_in_use_is_not_restored_over(
    two_tenants: tuple[int, int], settings: Settings, tmp_path: Path
) -> None:
    del two_tenants
    made = await back_up(settings, tmp_path)
    with pytest.raises(Conflict, match="数据库里已有租户"):
        await restore(settings, made.path)
    assert (await counted(settings))["tenant"] == 2


async def test_a_file_that_is_no_dump_of_ours_changes_nothing(
    database: Settings, superuser: Any, own_settings: Settings, tmp_path: Path
) -> None:
    noise, foreign = tmp_path / "noise.dump", tmp_path / "foreign.dump"
    noise.write_bytes(b"PGDMP" + bytes(100))
    before = await counted(own_settings)
    with pytest.raises(Refusal, match="不是本平台的完整备份，没有恢复：pg_restore 没有成功"):
        await restore(own_settings, noise)
    await superuser.execute("create schema elsewhere; create table elsewhere.things (id int)")
    try:
        major = superuser.get_server_version().major
        only = ("--format=custom", "--schema=elsewhere", "--file", str(foreign))
        here = with_database(database.superuser_url, database_of(database.database_url))
        await dumping._run("pg_dump", major, here, *only)
    finally:
        await superuser.execute("drop schema elsewhere cascade")
    with pytest.raises(Refusal, match="不是本平台的完整备份，没有恢复：里面没有租户表"):
        await restore(own_settings, foreign)
    assert await counted(own_settings) == before


async def test_a_dump_that_was_cut_is_told_as_such_and_a_whole_one_is_restored_after_it(
    two_tenants: tuple[int, int], settings: Settings, own_settings: Settings, tmp_path: Path
) -> None:
    del two_tenants
    made = await back_up(settings, tmp_path)
    cut = tmp_path / "cut.dump"
    cut.write_bytes(made.path.read_bytes()[:-200])  # the list of contents stands in front
    with pytest.raises(Refusal, match="文件可能不完整") as refused:
        await restore(own_settings, cut)
    assert refused.value.where == str(cut)
    await restore(own_settings, made.path)
    assert (await counted(own_settings))["tenant"] == 2


async def test_a_restore_without_the_keys_says_that_they_are_missing(
    two_tenants: tuple[int, int], settings: Settings, own_settings: Settings, tmp_path: Path
) -> None:
    with tenant_scope(two_tenants[0]):
        await keyring()
    made = await back_up(settings, tmp_path)
    await close()
    keys_in_memory.clear()
    said = Console(record=True, width=400, file=io.StringIO())
    elsewhere = msgspec.structs.replace(own_settings, keys=tmp_path / "keys", data_dir=tmp_path)
    try:
        assert await restore_command(elsewhere, made.path, said) == 2
    finally:
        await connect(settings)
    assert re.search(
        r"加密的内容还解不开：缺少密钥文件，数据解不开（intl-wrap-\d+\.key）", said.export_text()
    )


async def test_a_dump_much_smaller_than_the_one_before_raises_an_alarm(
    database: Settings, tmp_path: Path
) -> None:
    (tmp_path / "jiceng-20260101T000000Z.dump").write_bytes(bytes(10**7))
    said = Console(record=True, width=200, file=io.StringIO())
    assert await backup_command(database, tmp_path, said) == 2
    assert "比上一份（9.5 MB）小了很多" in said.export_text()
    assert await backup_command(database, tmp_path / "new", said) == 0


async def test_without_a_database_nothing_is_left_in_the_folder(settings: Settings, tmp_path: Path) -> None:
    nowhere = msgspec.structs.replace(settings, backup_url="postgresql://jiceng_backup:pw@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="JICENG_BACKUP_URL"):
        await back_up(nowhere, tmp_path / "dumps")
    assert not (tmp_path / "dumps").exists()
