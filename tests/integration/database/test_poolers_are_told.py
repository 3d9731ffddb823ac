"""A pooler that the settings do not name, or that breaks what isolation needs, is refused in plain words."""

import re
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import msgspec
import pytest
from tests.support.pgbouncer import Bouncer, bouncing, needs_pgbouncer, through

from jiceng.kernel import database as db
from jiceng.kernel.database.dumping import back_up
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate, registered_tables
from jiceng.kernel.database.pooler import judge_urls, stands_between
from jiceng.kernel.database.selfcheck import refuse_bad_roles
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings

pytestmark = needs_pgbouncer


@pytest.fixture(scope="module")
def bouncer(settings: Settings) -> Iterator[Bouncer]:
    with bouncing(settings, size=2) as made:
        yield made


def port_of(bouncer: Bouncer) -> int:
    return int(re.findall(r"127\.0\.0\.1:(\d+)", bouncer.console)[0])


async def told(settings: Settings) -> set[tuple[str, str]]:
    """Rule and variable of every finding."""
    return {(found.rule, found.where.split(" ")[0]) for found in await judge_urls(settings)}


async def test_without_a_pooler_there_is_nothing_to_tell(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.database_url)
    assert not await stands_between(connection)
    await connection.close()
    assert await told(settings) == set()


async def test_a_declared_transaction_pooler_is_fine(bouncer: Bouncer) -> None:
    assert await check_database(bouncer.settings, registered_tables()) == []
    await db.connect(bouncer.settings)
    await refuse_bad_roles()
    await db.close()


async def test_an_undeclared_one_stops_the_service_and_is_told_by_check(bouncer: Bouncer) -> None:
    undeclared = msgspec.structs.replace(bouncer.settings, pooler=False)
    await db.connect(undeclared)
    try:
        with pytest.raises(Refusal, match="JICENG_POOLER=transaction"):
            await refuse_bad_roles()
    finally:
        await db.close()
    variables = ("JICENG_DATABASE_URL", "JICENG_RELAY_URL", "JICENG_OPERATOR_URL")
    assert await told(undeclared) == {("pooler-undeclared", variable) for variable in variables}
    (first, *_) = await check_database(undeclared, registered_tables())
    assert "地址经过连接池，却没有声明。设置 JICENG_POOLER=transaction，或直连 PostgreSQL" in str(first)
    assert "@127.0.0.1:" in first.where
    assert ":jiceng" not in first.where, "no password"


async def test_what_needs_a_session_does_not_go_through_one(bouncer: Bouncer) -> None:
    port = port_of(bouncer)
    migrating = through(bouncer.settings.migrate_url, port)
    backing_up = through(bouncer.settings.backup_url, port)
    led = msgspec.structs.replace(
        bouncer.settings, migrate_url=migrating, backup_url=backing_up, superuser_url=""
    )
    with pytest.raises(Refusal, match="升级、恢复和备份不能经过它"):
        await migrate(led)
    with pytest.raises(Refusal, match="JICENG_BACKUP_URL"):
        await back_up(led, Path("/proc/never made"))
    assert await told(led) == {
        ("pooler-not-allowed", "JICENG_MIGRATE_URL"),
        ("pooler-not-allowed", "JICENG_BACKUP_URL"),
    }


async def test_one_that_runs_every_statement_elsewhere_is_told(settings: Settings) -> None:
    with bouncing(settings, mode="statement") as made:
        rules = {rule for rule, _ in await told(made.settings)}
    assert rules == {"pooler-splits-transactions"}


async def test_one_that_logs_everybody_in_as_the_same_role_is_told(settings: Settings) -> None:
    with bouncing(settings, forced="jiceng_app") as made:
        assert await told(made.settings) == {
            ("login-changed", "JICENG_RELAY_URL"),
            ("login-changed", "JICENG_OPERATOR_URL"),
        }
