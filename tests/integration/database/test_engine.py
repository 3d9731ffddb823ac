"""Whichever way a query comes in, it runs inside its tenant or not at all."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable
from functools import partial

import asyncpg
import msgspec
import pytest

from jiceng.kernel import database as db
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.engine import TenantEngine
from jiceng.kernel.errors import Conflict, Unavailable
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings
from jiceng.tenancy.tables import TenantPlugin

INSERT = (
    "insert into tenant_plugin (tenant_id, id, name, enabled, changed_at) values ($1, $2, $3, true, now())"
)
COUNT = "select count(*) from tenant_plugin where tenant_id = $1"


async def plugin(tenant: int, name: str) -> None:
    await db.execute(INSERT, tenant, new_id(), name)


async def names() -> list[str]:
    rows = await db.fetch(
        "select name from tenant_plugin where tenant_id = $1 order by name", db.current_tenant()
    )
    return [row["name"] for row in rows]


async def inside(*steps: Callable[[], Awaitable[object]]) -> None:
    """Run the steps one after the other in one transaction."""
    async with db.transaction():
        for step in steps:
            await step()


async def savepoint_with(*steps: Callable[[], Awaitable[object]]) -> None:
    async with db.savepoint():
        for step in steps:
            await step()


async def boom() -> None:
    raise ZeroDivisionError


def nothing_borrowed() -> bool:
    idle, size = db.engine.pools.idle("app")
    return idle == size


@pytest.mark.usefixtures("database")
async def test_piccolo_writes_and_reads_within_the_current_tenant() -> None:
    with db.tenant_scope(1):
        await TenantPlugin(name="points").save()
        assert [row["tenant_id"] for row in await TenantPlugin.select()] == [1]
    with db.tenant_scope(2):
        assert await TenantPlugin.select() == []
        assert await TenantPlugin.count() == 0
        await TenantPlugin.update({TenantPlugin.name: "stolen"}, force=True)
        await TenantPlugin.delete(force=True)
    with db.tenant_scope(1):
        assert await names() == ["points"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "query",
    [
        TenantPlugin.select(),
        TenantPlugin.objects(),
        TenantPlugin.count(),
        TenantPlugin.exists(),
        TenantPlugin.delete(force=True),
        TenantPlugin.update({TenantPlugin.name: "x"}, force=True),
        TenantPlugin.raw("select * from tenant_plugin"),
    ],
    ids=lambda query: type(query).__name__,
)
async def test_without_a_tenant_every_kind_of_query_raises(query: TenantPlugin) -> None:
    with pytest.raises(db.NoTenant, match="tenant_plugin"):
        await query  # type: ignore[misc]


@pytest.mark.usefixtures("database")
async def test_without_a_tenant_raw_statements_transactions_and_new_rows_raise() -> None:
    for attempt in (
        db.fetch("select 1 from tenant_plugin"),
        db.execute("delete from only tenant_plugin"),
        db.fetch_value("select count(*) from tenant t join tenant_plugin p on p.tenant_id = t.id"),
        db.bulk_read("select 1 as x"),
    ):
        with pytest.raises(db.NoTenant):
            await attempt
    with pytest.raises(db.NoTenant):
        db.transaction()
    with pytest.raises(db.NoTenant):
        TenantPlugin(name="points")
    assert await db.fetch("select * from tenant") == [], "the registry needs no tenant"


@pytest.mark.usefixtures("database")
async def test_ways_that_open_another_connection_raise() -> None:
    with db.tenant_scope(1):
        with pytest.raises(db.OtherConnection, match="run_sync"):
            TenantPlugin.select().run_sync()
        with pytest.raises(db.OtherConnection, match="node"):
            await TenantPlugin.select().run(node="replica")
        with pytest.raises(db.OtherConnection, match="bulk_read"):
            await TenantPlugin.select().batch()
        with pytest.raises(db.OtherConnection, match="atomic"):
            db.engine.atomic()
        with pytest.raises(db.OtherConnection, match="migrations"):
            await TenantPlugin.alter().drop_table()
        with pytest.raises(db.OtherConnection, match="pools"):
            await db.engine.get_new_connection()


@pytest.mark.usefixtures("database")
async def test_a_transaction_commits_everything_or_nothing() -> None:
    with db.tenant_scope(1):
        with pytest.raises(ZeroDivisionError):
            await inside(partial(plugin, 1, "a"), TenantPlugin(name="b").save, boom)
        assert await names() == []
        async with db.transaction():
            await plugin(1, "a")
            await TenantPlugin(name="b").save()
        assert await names() == ["a", "b"]
    assert nothing_borrowed()


@pytest.mark.usefixtures("database")
async def test_transactions_do_not_nest_and_the_tenant_cannot_change_inside() -> None:
    with db.tenant_scope(1):
        async with db.transaction():
            with pytest.raises(db.NestedTransaction):
                async with db.transaction():
                    pass
            with pytest.raises(db.NestedTransaction):
                async with db.engine.transaction():
                    pass
            with pytest.raises(RuntimeError, match="cannot change"), db.tenant_scope(2):
                pass
            async with db.joined() as outer:
                assert outer is db.in_transaction()
            await plugin(1, "still usable")
        async with db.joined():
            await plugin(1, "own one")
        assert await names() == ["own one", "still usable"]


@pytest.mark.usefixtures("database")
async def test_a_savepoint_undoes_its_part_only() -> None:
    with db.tenant_scope(1):
        async with db.transaction():
            await plugin(1, "kept")
            with pytest.raises(asyncpg.UniqueViolationError):
                await savepoint_with(partial(plugin, 1, "undone"), partial(plugin, 1, "kept"))
            await plugin(1, "after")
        assert await names() == ["after", "kept"]


@pytest.mark.usefixtures("database")
async def test_a_failed_statement_that_was_swallowed_does_not_pass_as_saved() -> None:
    async def swallowing() -> None:
        with pytest.raises(asyncpg.UniqueViolationError):
            await plugin(1, "a")

    with db.tenant_scope(1):
        with pytest.raises(Conflict, match="没有保存"):
            await inside(partial(plugin, 1, "a"), swallowing)
        assert await names() == []
    assert nothing_borrowed()


@pytest.mark.usefixtures("database")
async def test_callbacks_run_after_the_commit_and_never_after_a_rollback() -> None:
    seen: list[int] = []

    async def look() -> None:
        seen.append(await db.fetch_value(COUNT, 1))

    async def announce() -> None:
        db.after_commit(look)

    with db.tenant_scope(1):
        async with db.transaction():
            await plugin(1, "a")
            db.after_commit(look)
            assert seen == []
        assert seen == [1], "it sees the committed row, outside the transaction"
        with pytest.raises(ZeroDivisionError):
            await inside(announce, boom)
    assert seen == [1]


@pytest.mark.usefixtures("database")
async def test_what_comes_before_the_commit_commits_with_it_and_undoes_it_when_it_fails() -> None:
    async def fail() -> None:
        await plugin(1, "with it")
        raise OSError("cannot be written")

    async def last(write: Callable[[], Awaitable[None]]) -> None:
        async with db.transaction():
            await plugin(1, "act")
            db.before_commit(write)
            assert await names() == ["act"], "it waits for the end"

    with db.tenant_scope(1):
        with pytest.raises(OSError, match="cannot be written"):
            await last(fail)
        assert await names() == []
        await last(partial(plugin, 1, "with it"))
        assert await names() == ["act", "with it"]
    assert nothing_borrowed()


@pytest.mark.usefixtures("database")
async def test_cancelled_before_the_commit_nothing_is_saved_and_the_connection_returns() -> None:
    reached = asyncio.Event()

    async def forever() -> None:
        reached.set()
        await db.execute("select pg_sleep(60)")

    async def act() -> None:
        async with db.transaction():
            await plugin(1, "act")
            db.before_commit(forever)

    with db.tenant_scope(1):
        task = asyncio.create_task(act())
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await names() == []
    assert nothing_borrowed()


@pytest.mark.usefixtures("database")
async def test_an_undone_savepoint_takes_its_callbacks_along() -> None:
    said: list[str] = []

    async def say(word: str) -> None:
        said.append(word)

    async def announce(word: str) -> None:
        db.before_commit(partial(say, f"before {word}"))
        db.after_commit(partial(say, f"after {word}"))

    with db.tenant_scope(1):
        async with db.transaction():
            await announce("act")
            with pytest.raises(ZeroDivisionError):
                await savepoint_with(partial(announce, "undone"), boom)
    assert said == ["before act", "after act"]


@pytest.mark.usefixtures("database")
async def test_a_callback_that_fails_leaves_the_commit_as_it_is() -> None:
    async def fail() -> None:
        raise OSError("no bell")

    with db.tenant_scope(1):
        async with db.transaction():
            await plugin(1, "a")
            db.after_commit(fail)
        assert await names() == ["a"]


@pytest.mark.usefixtures("database")
async def test_gathered_tasks_cannot_share_a_transaction() -> None:
    with db.tenant_scope(1):
        async with db.transaction():
            answers = await asyncio.gather(db.fetch("select 1"), db.fetch("select 2"), return_exceptions=True)
            assert [type(answer) for answer in answers] == [RuntimeError, RuntimeError]
            assert "another task opened" in str(answers[0])
            fresh = asyncio.create_task(db.fetch_value("select 3"), context=contextvars.Context())
            assert await fresh == 3, "a fresh context has no transaction and no tenant"


CUT = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises for a connection cut under it, whichever message it was waiting for."""


async def test_a_cut_connection_does_not_shrink_the_pool(database: Settings, superuser: Connection) -> None:
    async def cut() -> None:
        pid = await db.fetch_value("select pg_backend_pid()")
        await superuser.execute("select pg_terminate_backend($1, 5000)", pid)

    with db.tenant_scope(1):
        for _ in range(database.pool_size + 2):
            with pytest.raises(CUT):
                await inside(cut, partial(db.fetch, "select 1"))
        await plugin(1, "still works")
    assert nothing_borrowed()


async def test_an_exhausted_pool_says_so_in_time(settings: Settings) -> None:
    small = TenantEngine()
    await small.connect(msgspec.structs.replace(settings, pool_size=1, acquire_timeout=0.3))
    held = await small.pools.take("app")
    with pytest.raises(Unavailable, match="系统繁忙"):
        await small.pools.take("app")
    await small.pools.give_back("app", held)
    assert await small.run("select 1", (), method="fetchval") == 1
    await small.close()


async def test_closing_does_not_wait_for_ever_for_a_borrower(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jiceng.kernel.database.pools._RELEASE_SECONDS", 0.05)
    own = TenantEngine()
    await own.connect(settings)
    pools = own.pools
    held = await pools.take("app")
    await own.close()
    await pools.give_back("app", held)
    with pytest.raises(asyncpg.InterfaceError):
        await held.execute("select 1")


async def test_the_tenant_of_one_request_is_gone_for_the_next(database: Settings) -> None:
    del database
    with db.tenant_scope(1):
        await plugin(1, "a")
    for _ in range(30):
        assert await db.fetch_value("select current_setting('app.tenant_id', true)") in {None, ""}


@pytest.mark.parametrize(("pooler", "kept"), [(False, True), (True, False)])
async def test_behind_a_transaction_pooler_no_statement_is_kept_by_name(
    pooler: bool,
    kept: bool,
    settings: Settings,
) -> None:
    own = TenantEngine()
    await own.connect(msgspec.structs.replace(settings, pooler=pooler, pool_size=1))
    for _ in range(3):
        await own.run("select $1::int", (1,))
    names = await own.run("select name from pg_prepared_statements", ())
    assert any(row["name"].startswith("__asyncpg") for row in names) is kept
    await own.close()
