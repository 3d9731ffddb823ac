"""The doorbell: rings after the commit only, wakes a worker at once, and may fall silent without harm."""

import asyncio
import os
import pickle
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from arq.constants import job_key_prefix
from redis.asyncio import Redis
from tests.support.job_tools import put, result, until
from tests.support.servers import own_folder

from jiceng.kernel import clock
from jiceng.kernel.database import next_block, tenant_scope, transaction
from jiceng.kernel.jobs import Dispatcher, Job, Pace, cancel, close_bell, enqueue, open_bell, retry
from jiceng.kernel.jobs.bell import QUEUE, hang
from jiceng.kernel.jobs.doorbell import listen
from jiceng.kernel.servers.processes import living_in
from jiceng.kernel.servers.running import Servers, running
from jiceng.kernel.settings import Settings

NEVER_LOOK = Pace(look_every=3600.0)


class Recorder:
    """A bell that only notes who rang."""

    def __init__(self) -> None:
        self.rings: list[tuple[UUID, int]] = []

    async def ring(self, job_id: UUID, attempt: int) -> None:
        self.rings.append((job_id, attempt))

    async def close(self) -> None:
        pass


@pytest.fixture
def valkey() -> Iterator[tuple[Path, str]]:
    with own_folder() as folder:
        only_redis = Settings(data_dir=folder, database_url="postgresql://elsewhere/x")
        with running(only_redis, durable=False) as settings:
            yield folder, settings.redis_url


@asynccontextmanager
async def listening_worker(redis_url: str) -> AsyncIterator[None]:
    async def count(job: Job) -> None:
        async with job.finish():
            await next_block(f"result/{job.args['n']}")

    dispatcher = Dispatcher({"count": count}, pace=NEVER_LOOK)
    tasks = [asyncio.create_task(dispatcher.run()), asyncio.create_task(listen(redis_url, dispatcher.wake))]
    try:
        yield
    finally:
        await dispatcher.stop()
        tasks[1].cancel()
        await asyncio.wait(tasks)
        await close_bell()


async def test_the_bell_rings_after_the_commit_and_never_for_a_rollback(two_tenants: tuple[int, int]) -> None:
    recorder = Recorder()
    hang(recorder)
    try:
        with tenant_scope(two_tenants[0]):
            async with transaction():
                job_id = await enqueue("count", {"n": 1})
                assert recorder.rings == []
            assert recorder.rings == [(job_id, 0)]

            async def undone() -> None:
                async with transaction():
                    await enqueue("count", {"n": 2})
                    raise ZeroDivisionError

            with pytest.raises(ZeroDivisionError):
                await undone()
        assert len(recorder.rings) == 1
    finally:
        await close_bell()


async def test_a_ring_wakes_a_worker_that_would_not_look_by_itself(
    two_tenants: tuple[int, int], valkey: tuple[Path, str]
) -> None:
    tenant, _ = two_tenants
    open_bell(valkey[1])
    async with listening_worker(valkey[1]):
        await asyncio.sleep(0.3)
        job_id = await put(tenant)
        await until(tenant, job_id, "done", seconds=10)


async def test_the_same_evaluation_asked_for_again_runs_again(
    two_tenants: tuple[int, int], valkey: tuple[Path, str]
) -> None:
    """arq refuses an id whose result or abort mark it keeps: ours are never the same twice (T50)."""
    tenant, _ = two_tenants
    open_bell(valkey[1])
    async with listening_worker(valkey[1]):
        await asyncio.sleep(0.3)
        for _ in range(5):
            job_id = await put(tenant, unique="run/1")
            await until(tenant, job_id, "done", seconds=5)
        for _ in range(3):
            with tenant_scope(tenant):
                async with transaction():
                    later = await enqueue("count", {"n": 1}, due_at=clock.now() + timedelta(hours=1))
                assert await cancel(later)
                assert await retry(later)  # due at once: the worker has it from here on
            await until(tenant, later, "done", seconds=5)
    assert await result(tenant) == 8


async def test_the_doorbell_outlives_a_killed_redis_and_a_flush(
    two_tenants: tuple[int, int], valkey: tuple[Path, str]
) -> None:
    tenant, _ = two_tenants
    folder, url = valkey
    open_bell(url)
    async with listening_worker(url):
        await asyncio.sleep(0.3)
        (server,) = living_in(folder / "valkey")
        server.kill()
        await asyncio.sleep(0.5)
        await asyncio.to_thread(Servers(folder).revive, ["redis_url"], durable=False)
        client = Redis.from_url(url)
        await client.flushall()
        await client.aclose()
        async with asyncio.timeout(15):
            while True:
                job_id = await put(tenant)
                try:
                    await until(tenant, job_id, "done", seconds=1)
                    break
                except TimeoutError:
                    continue


async def test_enqueuing_without_redis_commits_and_does_not_wait(two_tenants: tuple[int, int]) -> None:
    tenant, _ = two_tenants
    open_bell("redis://:pw@127.0.0.1:1/0")
    try:
        began = time.monotonic()
        ids = [await put(tenant, n=n) for n in range(50)]
        assert time.monotonic() - began < 10, "fifty waits of half a second would be 25"
        assert len(set(ids)) == 50
    finally:
        await close_bell()


async def test_a_pickle_in_the_queue_is_dropped_and_not_run(
    two_tenants: tuple[int, int], valkey: tuple[Path, str], tmp_path: Path
) -> None:
    tenant, _ = two_tenants
    trace = tmp_path / "ran"

    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.mkdir, (str(trace),)

    client = Redis.from_url(valkey[1])
    await client.set(f"{job_key_prefix}trap", pickle.dumps(Trap()))
    await client.zadd(QUEUE, {"trap": 1})
    open_bell(valkey[1])
    async with listening_worker(valkey[1]):
        async with asyncio.timeout(5):
            while await client.zcard(QUEUE):  # noqa: ASYNC110 - Redis tells nobody
                await asyncio.sleep(0.02)
        job_id = await put(tenant)
        await until(tenant, job_id, "done", seconds=5)
    await client.aclose()
    assert not trace.exists()
    shutil.rmtree(tmp_path, ignore_errors=True)
