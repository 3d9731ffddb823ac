"""The drill of docs/operators.md: a dump by role backup, restored, is the same database, as well fenced."""

import subprocess
from pathlib import Path
from typing import Any

import asyncpg
from tests.support.appraisal import claimed, small_town, with_points

from jiceng.kernel.database import tenant_scope
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate, registered_tables
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.servers.binaries import _postgres_install
from jiceng.kernel.settings import Settings


async def counted(settings: Settings) -> dict[str, int]:
    """How many rows each table has, seen by the role that sees all."""
    connection = await asyncpg.connect(settings.backup_url)
    found: dict[str, Any] = {}
    for table in registered_tables():
        name = table._meta.tablename
        found[name] = await connection.fetchval(f"select count(*) from {name}")  # noqa: S608 - our tables
    await connection.close()
    return found


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_postgres_install()[0] / "bin" / program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


async def test_a_dump_restored_has_every_row_and_every_fence(
    two_tenants: tuple[int, int], settings: Settings, own_settings: Settings, tmp_path: Path
) -> None:
    for tenant in two_tenants:
        with tenant_scope(tenant):
            people = await small_town(2)
            await with_points()
            await claimed(people["D001"], 5)
    dump = str(tmp_path / "jiceng.dump")
    run("pg_dump", "--format=custom", "--file", dump, settings.backup_url)
    there = with_database(own_settings.superuser_url, database_of(own_settings.database_url))
    connection = await asyncpg.connect(there)
    await connection.execute("drop schema public cascade; create schema public")
    await connection.close()
    run("pg_restore", "--dbname", there, dump)
    report = await migrate(own_settings)
    assert not any(report.ran.values())
    before, after = await counted(settings), await counted(own_settings)
    assert before == after
    assert (after["member"], after["fact"]) == (4, 10)
    assert await check_database(own_settings, registered_tables()) == []
