"""What backup and backfill are for: the owner's and the app's dumps and updates miss every row in silence."""

import subprocess

import asyncpg
import pytest

from jiceng.kernel import database as db
from jiceng.kernel.servers.accounts import server_account
from jiceng.kernel.servers.binaries import find_binaries
from jiceng.kernel.settings import Settings
from jiceng.tenancy import service


def dump(url: str, *options: str) -> subprocess.CompletedProcess[str]:
    program = find_binaries(server_account()).postgres / "pg_dump"
    command = [str(program), "--data-only", "--table=tenant_plugin", *options, url]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)


async def _fill() -> None:
    for tenant, name in ((1, "points"), (2, "star")):
        with db.tenant_scope(tenant):
            await service.set_plugin(name, on=True)


async def test_the_backup_role_dumps_every_tenant(database: Settings) -> None:
    await _fill()
    made = dump(database.backup_url)
    assert made.returncode == 0, made.stderr
    assert "points" in made.stdout
    assert "star" in made.stdout


async def test_the_app_role_cannot_dump_or_dumps_nothing(database: Settings) -> None:
    await _fill()
    assert "row-level security" in dump(database.database_url).stderr
    made = dump(database.database_url, "--enable-row-security")
    assert "points" not in made.stdout, "the trap: a dump without rows and without an error"


async def test_the_backup_role_reads_and_changes_nothing(database: Settings) -> None:
    await _fill()
    connection = await asyncpg.connect(database.backup_url)
    assert await connection.fetchval("select count(*) from tenant_plugin") == 2
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("delete from tenant_plugin")
    await connection.close()


async def test_a_data_migration_by_the_owner_changes_nothing_and_by_backfill_everything(
    database: Settings,
) -> None:
    await _fill()
    update = "update tenant_plugin set enabled = false where enabled"
    owner = await asyncpg.connect(database.migrate_url)
    await owner.execute("set role jiceng_owner")
    assert await owner.execute(update) == "UPDATE 0", "the trap: success without a row"
    await owner.close()
    backfill = await asyncpg.connect(database.backfill_url)
    assert await backfill.execute(update) == "UPDATE 2"
    await backfill.close()
