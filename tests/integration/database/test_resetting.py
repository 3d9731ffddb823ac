"""What ends a transaction makes the session like new in the same round trip: nothing is left for the next."""

from contextlib import suppress

import asyncpg
import pytest

from jiceng.kernel import database as db
from jiceng.kernel.errors import Conflict

LOCKS = "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
ROWS = "select name from tenant_plugin where tenant_id = 1"


@pytest.fixture
async def asked(database: object) -> list[str]:
    """Every statement that goes over the one connection of the pool."""
    del database
    statements: list[str] = []
    held = await db.engine.pools.take("app")
    held.add_query_logger(lambda record: statements.append(record.query))
    await db.engine.pools.give_back("app", held)
    statements.clear()
    return statements


async def session() -> tuple[str, int]:
    held = await db.engine.pools.take("app")
    found = await held.fetchval("show application_name"), await held.fetchval(LOCKS)
    await db.engine.pools.give_back("app", held)
    return found


async def leave_traces() -> None:
    await db.execute("set application_name = 'left behind'")
    await db.fetch("select pg_advisory_lock(7)")


async def test_a_read_alone_takes_three_round_trips(asked: list[str]) -> None:
    with db.tenant_scope(1):
        assert await db.fetch(ROWS) == []
    assert len(asked) == 3
    assert asked[0].startswith("BEGIN; SET LOCAL app.tenant_id = '1'")
    assert asked[1] == ROWS
    assert asked[2].startswith("CLOSE ALL; COMMIT; ")
    assert "RESET ALL" in asked[2]


async def test_a_transaction_takes_two_round_trips_more_than_what_is_in_it(asked: list[str]) -> None:
    with db.tenant_scope(1):
        async with db.transaction():
            await db.fetch(ROWS)
            await db.fetch(ROWS)
    assert len(asked) == 4


@pytest.mark.usefixtures("database")
async def test_nothing_is_left_in_the_session_after_a_commit() -> None:
    with db.tenant_scope(1):
        async with db.transaction():
            await leave_traces()
        assert await session() == ("jiceng-app", 0)
        await db.execute("set application_name = 'left behind'")
        assert await session() == ("jiceng-app", 0)


async def undone() -> None:
    async with db.transaction():
        await leave_traces()
        raise ZeroDivisionError


async def failed() -> None:
    async with db.transaction():
        await leave_traces()
        with suppress(asyncpg.DivisionByZeroError):
            await db.fetch("select 1 / 0")


@pytest.mark.usefixtures("database")
async def test_nothing_is_left_in_the_session_after_a_rollback() -> None:
    with db.tenant_scope(1):
        with pytest.raises(ZeroDivisionError):
            await undone()
        assert await session() == ("jiceng-app", 0)


@pytest.mark.usefixtures("database")
async def test_nothing_is_left_in_the_session_after_a_failed_commit() -> None:
    with db.tenant_scope(1):
        with pytest.raises(Conflict, match="操作没有保存"):
            await failed()
        assert await session() == ("jiceng-app", 0)


@pytest.mark.usefixtures("database")
async def test_nothing_is_left_in_the_session_outside_every_tenant() -> None:
    await db.execute("set application_name = 'left behind'")
    assert await session() == ("jiceng-app", 0)
