"""The wire to the database fails: cut at COMMIT (T58), or swallowing all (T59); effects happen once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import msgspec
import pytest
from tests.support.job_tools import WORKER, put, until, worker_environment
from tests.support.proxies import Wire, wire

from jiceng.kernel import database as db
from jiceng.kernel.database import pools, tenant_scope
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.roles import database_of
from jiceng.kernel.jobs import Job, enqueue, run_due_jobs
from jiceng.kernel.settings import Settings

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def counted(job: Job) -> None:
    """One effect per job: a number that every repetition would raise."""
    async with job.finish():
        await db.next_block(f"result/{job.args['n']}")


@asynccontextmanager
async def over(made: Wire, settings: Settings) -> AsyncIterator[None]:
    """The service's own connections go over the wire; the relay's do not."""
    await db.close()
    await db.connect(msgspec.structs.replace(settings, database_url=made.url))
    try:
        yield
    finally:
        made.cut_one_in = 0
        await db.close()
        await db.connect(settings)


async def asked_for(tenant: int, number: int, wanted: str) -> UUID:
    """Ask for a job as somebody does who does not know whether it was saved: again, under the same key."""
    while True:
        try:
            with tenant_scope(tenant):
                async with db.transaction():
                    return await enqueue("count", {"n": number}, unique=wanted)
        except LOST:
            continue


async def everything_happens_once(
    settings: Settings, tenant: int, superuser: Connection, jobs: int, cuts: int
) -> None:
    """Cut every second COMMIT of jobs until as many cuts as wanted were made; each has one effect."""
    async with wire(settings.database_url) as made, over(made, settings):
        started = 0
        while sum(made.cuts.values()) < cuts or started < jobs:
            made.cut_one_in = 0.5
            for _ in range(jobs if not started else 10):
                await asked_for(tenant, started, f"result/{started}")
                started += 1
            while await superuser.fetchval("select count(*) from job where state <> 'done'"):
                await superuser.execute("update job set due_at = now(), attempts = 0 where state <> 'done'")
                await run_due_jobs({"count": counted})
        assert min(made.cuts.values()) > 0, "cut before, while and after"
    rows = await superuser.fetch("select name, value from counter where name like 'result/%'")
    assert {row["name"]: row["value"] for row in rows} == {f"result/{n}": 1 for n in range(started)}
    assert await superuser.fetchval("select count(*) from job") == started


async def test_jobs_cut_off_at_thirty_commits_have_one_effect_each(
    database: Settings, two_tenants: tuple[int, int], superuser: Connection
) -> None:
    await everything_happens_once(database, two_tenants[0], superuser, jobs=12, cuts=30)


@pytest.mark.soak
async def test_jobs_cut_off_at_a_thousand_commits_have_one_effect_each(
    database: Settings, two_tenants: tuple[int, int], superuser: Connection
) -> None:
    await everything_happens_once(database, two_tenants[0], superuser, jobs=500, cuts=1000)


_HOLDING = "select 1 from pg_stat_activity where usename = 'jiceng_app' and state = 'idle in transaction'"


_CONNECTED = (
    "select count(*) from pg_stat_activity where usename = 'jiceng_relay' and datname = current_database()"
)


async def taken_over_within(
    settings: Settings, tenant: int, superuser: Connection, *pace: str
) -> tuple[float, int]:
    """Seconds from the moment a worker holding its job's row can no longer be reached to the job's end.

    Another worker is there already, as in real use: how long it takes to start does not count.
    """
    job_id = await put(tenant, "held_once", n=0)
    async with wire(settings.database_url) as own, wire(settings.relay_url) as relay:
        urls = {"JICENG_DATABASE_URL": own.url, "JICENG_RELAY_URL": relay.url}
        environment = worker_environment(settings)
        cut_off = await asyncio.create_subprocess_exec(*WORKER, *pace, env={**environment, **urls})
        other = None
        try:
            await until(tenant, job_id, "running")
            while not await superuser.fetchval(f"{_HOLDING} and datname = current_database()"):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            before = await superuser.fetchval(_CONNECTED)
            other = await asyncio.create_subprocess_exec(*WORKER, *pace, env=environment)
            while await superuser.fetchval(_CONNECTED) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            own.swallowing = relay.swallowing = True
            began = time.monotonic()
            await until(tenant, job_id, "done", seconds=60)
            seconds = time.monotonic() - began
        finally:
            for worker in filter(None, (cut_off, other)):
                worker.kill()
                await worker.wait()
    with tenant_scope(tenant):
        return seconds, await db.highest("result/0")


async def test_a_job_whose_worker_cannot_be_reached_is_taken_over(
    database: Settings, two_tenants: tuple[int, int], superuser: Connection
) -> None:
    """With a second instead of the twenty that a silent transaction may last."""
    name = f"jiceng_app in database {database_of(database.database_url)}"
    await superuser.execute(f"alter role {name} set idle_in_transaction_session_timeout = '1s'")
    try:
        seconds, effects = await taken_over_within(database, two_tenants[0], superuser)
    finally:
        await superuser.execute(f"alter role {name} reset idle_in_transaction_session_timeout")
    assert seconds < 15
    assert effects == 1


@pytest.mark.soak
async def test_with_the_services_own_limits_it_is_taken_over_within_thirty_seconds(
    database: Settings, two_tenants: tuple[int, int], superuser: Connection
) -> None:
    seconds, effects = await taken_over_within(database, two_tenants[0], superuser, "own-pace")
    assert seconds < 30
    assert effects == 1


async def test_a_statement_that_is_never_answered_ends_and_leaves_the_pool_whole(
    database: Settings, two_tenants: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "ANSWER_SECONDS", {**pools.ANSWER_SECONDS, "app": 0.5})
    async with wire(database.database_url) as made, over(made, database):
        with tenant_scope(two_tenants[0]):
            assert await db.fetch_value("select 1") == 1
            made.swallowing = True
            began = time.monotonic()
            with pytest.raises(TimeoutError):
                await db.fetch_value("select 1")
            assert time.monotonic() - began < 8, "half a second for the answer, five to give it up"
            made.swallowing = False
            assert await db.fetch_value("select 1") == 1
