"""The drill of docs/operators.md: a dump by role backup, restored, is the same database, as well fenced."""

import io
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest
from rich.console import Console
from tests.support.appraisal import claimed, small_town, with_points

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.database.dumping import back_up, restore
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate, registered_tables
from jiceng.kernel.errors import Conflict, Unavailable
from jiceng.kernel.settings import Settings
from jiceng.operations.backups.commands import backup_command


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
