"""Through a PgBouncer in transaction mode, all over a few server connections: nothing crosses (T05)."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import asyncpg
import polars as pl
import pytest
from tests.support.database import copied
from tests.support.filling import fill
from tests.support.fuzzing import fuzz
from tests.support.job_tools import WORKER, put, until, worker_environment
from tests.support.pgbouncer import Bouncer, bouncing, needs_pgbouncer
from tests.support.probing import FOREIGN, OWN, TABLES, leaks

from jiceng.kernel import database as db
from jiceng.kernel.clock import now
from jiceng.kernel.database.catalog import read_tables
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.settings import Settings
from jiceng.tenancy.tables import TenantSummary

pytestmark = needs_pgbouncer
PARTS = 4
"""The long run in tests of their own: several processes of `make soak` share them."""
SERVERS = 3
"""Fewer than the service's own five connections, so that they change between transactions."""
USUAL = {
    "done",
    "CancelledError",  # by the fuzz itself
    "Conflict",  # a COMMIT that PostgreSQL answered with ROLLBACK
    "ZeroDivisionError",  # by the fuzz itself
    "InterfaceError",
    "InternalClientError",
    "ConnectionDoesNotExistError",  # the three a cut connection ends in
}


@pytest.fixture
def bouncer(settings: Settings) -> Iterator[Bouncer]:
    with bouncing(settings, size=SERVERS) as made:
        yield made


@pytest.fixture
async def through(bouncer: Bouncer, superuser: Connection) -> AsyncIterator[Settings]:
    """The service's connections, all through the pooler."""
    await db.connect(bouncer.settings)
    yield bouncer.settings
    await db.close()
    await superuser.execute("truncate tenant_plugin, tenant_summary, job, counter")


async def fuzzed(bouncer: Bouncer, superuser: Connection, operations: int, seed: int) -> Counter[str]:
    """Interleaved operations through the pooler; then none of its connections is held by anybody."""
    outcomes = await fuzz(bouncer.settings, operations, seed)
    assert set(outcomes) <= USUAL
    (app,) = [pool for pool in await bouncer.pools() if pool["user"] == "jiceng_app"]
    held = {name: app[name] for name in ("cl_active", "cl_waiting", "sv_active", "sv_login", "maxwait")}
    assert set(held.values()) == {"0"}, held
    stuck = "select count(*) from pg_stat_activity where datname = current_database() and state <> 'idle'"
    assert await superuser.fetchval(f"{stuck} and usename = 'jiceng_app'") == 0
    await superuser.execute("truncate tenant_plugin")
    return outcomes


async def test_two_thousand_interleaved_operations_over_three_server_connections(
    bouncer: Bouncer, superuser: Connection
) -> None:
    outcomes = await fuzzed(bouncer, superuser, 2_000, seed=20261122)
    assert outcomes["done"] > 500
    assert outcomes["CancelledError"] > 100
    assert outcomes["Conflict"] > 50, "commits that failed"


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
async def test_a_hundred_and_sixty_thousand_interleaved_operations(
    bouncer: Bouncer, superuser: Connection, part: int
) -> None:
    rounds = int(os.environ.get("JICENG_POOLED_OPERATIONS", "160000")) // PARTS // 20_000
    for seed in range(part * rounds, (part + 1) * rounds):
        await fuzzed(bouncer, superuser, 20_000, seed)


async def test_no_table_gives_a_row_away_to_the_next_on_the_same_server_connection(
    server: Settings, template: str
) -> None:
    with copied(server, template, "pooled") as copy:
        past = await asyncpg.connect(with_database(copy.superuser_url, database_of(copy.database_url)))
        await fill(past, (OWN, FOREIGN))
        states = await read_tables(past)
        await past.close()
        with bouncing(copy, size=1) as made:
            url = made.settings.database_url
            one, other = [await asyncpg.connect(url, statement_cache_size=0) for _ in range(2)]
            seen = {}
            for table in TABLES:
                async with other.transaction():
                    await other.execute(f"set local app.tenant_id = '{FOREIGN}'")
                    seen[table] = await other.fetchval(f'select count(*) from "{table}"')  # noqa: S608
                assert await one.fetchval(f'select count(*) from "{table}"') == 0, table  # noqa: S608
                assert await leaks(one, states[table]) == set(), table
            assert seen == dict.fromkeys(TABLES, 1)
            (pool,) = await made.pools()
            assert (pool["cl_active"], pool["sv_idle"]) == ("2", "1"), "both on one server connection"
            await one.close()
            await other.close()


@pytest.mark.usefixtures("through")
async def test_neither_tenant_nor_time_limit_stays_on_a_server_connection() -> None:
    async def asked(number: int) -> tuple[object, object, object]:
        if number % 2:
            return await db.fetch_value("select nullif(current_setting('app.tenant_id', true), '')"), 0, 0
        with db.tenant_scope(number), db.statements_within(7):
            async with db.transaction():
                limit = await db.fetch_value("show statement_timeout")
                return number, await db.fetch_value("select current_setting('app.tenant_id')::int"), limit

    answers = await asyncio.gather(*(asked(number) for number in range(1, 401)))
    assert answers == [(None, 0, 0) if n % 2 else (n, n, "7s") for n in range(1, 401)]
    assert {await db.fetch_value("show statement_timeout") for _ in range(30)} == {"2min"}, "the role's own"


@pytest.mark.usefixtures("through")
async def test_every_question_gets_its_own_answer() -> None:
    async def asked(number: int) -> bool:
        wanted = number + number % 7 * 1000
        return bool(await db.fetch_value(f"select $1::int + {number % 7} * 1000", number) == wanted)

    assert all(await asyncio.gather(*(asked(number) for number in range(2000))))


@pytest.mark.usefixtures("through")
async def test_columns_go_in_and_out_for_their_tenant_only() -> None:
    frame = pl.DataFrame({"topic": [f"t{n}" for n in range(5000)], "amount": range(5000)})
    for tenant in (1, 2):
        with db.tenant_scope(tenant):
            async with db.transaction():
                await db.bulk_insert(TenantSummary, frame.with_columns(counted_at=pl.lit(now())))
    for tenant in (1, 2, 3):
        with db.tenant_scope(tenant):
            read = await db.bulk_read("select tenant_id, amount from tenant_summary")
            assert read["tenant_id"].unique().to_list() == ([tenant] if tenant < 3 else [])


async def test_workers_do_their_jobs_through_it(through: Settings) -> None:
    worker = await asyncio.create_subprocess_exec(*WORKER, env=worker_environment(through))
    try:
        wanted = [(1 + n % 3, await put(1 + n % 3, "evaluate", n=n)) for n in range(30)]
        for tenant, job in wanted:
            await until(tenant, job, "done")
    finally:
        worker.kill()
        await worker.wait()
    for n in range(30):
        with db.tenant_scope(1 + n % 3):
            assert await db.highest(f"result/{n}") == 1
