"""Worker processes: stopped in order, ended by a poison job, left behind by their supervisor."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import asyncpg
import pytest
from tests.support.job_tools import WORKER, put, result, status, until, worker_environment

from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs import supervisor
from jiceng.kernel.jobs.serving import WORKER_ID
from jiceng.kernel.jobs.supervisor import Supervisor
from jiceng.kernel.settings import Settings


async def start(settings: Settings) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(*WORKER, env=worker_environment(settings))


async def test_sigterm_lets_a_short_job_finish_and_takes_no_other(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, "half", n=0)
    worker = await start(database)
    await until(tenant, job_id, "running")
    later = await put(tenant, "evaluate")
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(worker.wait(), 10) == 0
    assert (await status(tenant, job_id)).state == "done"
    assert await result(tenant, 0) == 1
    assert (await status(tenant, later)).state == "queued"


async def test_sigterm_gives_a_long_job_back_within_ten_seconds(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, "endless")
    worker = await start(database)
    await until(tenant, job_id, "running")
    began = time.monotonic()
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(worker.wait(), 10) == 0
    assert time.monotonic() - began < 10
    given_back = await status(tenant, job_id)
    assert (given_back.state, given_back.attempts) == ("queued", 0)


async def test_a_worker_ends_when_its_supervisor_has_died(database: Settings) -> None:
    environment = {**worker_environment(database), WORKER_ID: str(new_id())}
    worker = await asyncio.create_subprocess_exec(*WORKER, env=environment, stdin=asyncio.subprocess.PIPE)
    assert worker.stdin is not None
    worker.stdin.close()
    assert await asyncio.wait_for(worker.wait(), 10) == 0


async def test_a_killed_workers_job_is_taken_over_within_five_seconds(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    job_id = await put(tenant, "stuck_once", n=0)
    first = await start(database)
    await until(tenant, job_id, "running")
    second = await start(database)
    try:
        await until(tenant, await put(tenant, "evaluate"), "done")
        first.kill()
        await first.wait()
        began = time.monotonic()
        await until(tenant, job_id, "done")
        assert time.monotonic() - began < 5, "at most a lease of 2 s and a look every 0.2 s"
        assert await result(tenant, 0) == 1
    finally:
        second.terminate()
        await second.wait()


async def test_a_blocked_process_overtaken_by_another_adds_no_second_result(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    """Code that never awaits outlives its lease: another does the job, what comes late is refused."""
    tenant, _ = two_tenants
    job_id = await put(tenant, "blocked_once", n=0)
    blocked = await start(database)
    await until(tenant, job_id, "running")
    other = await start(database)
    try:
        ended = await until(tenant, job_id, "done", seconds=15)
        assert (ended.attempts, await result(tenant, 0)) == (2, 1)
        after = await put(tenant, "evaluate", n=1)
        other.terminate()
        await other.wait()
        await until(tenant, after, "done", seconds=15)
        last = await put(tenant, "evaluate", n=2)
        await until(tenant, last, "done", seconds=15)
        assert await result(tenant, 0) == 1
    finally:
        for worker in (blocked, other):
            if worker.returncode is None:
                worker.terminate()
                await worker.wait()


async def test_a_poison_job_is_parked_after_five_workers_and_others_proceed(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    tenant, other = two_tenants
    poison = await put(tenant, "poison")
    good = [await put(other, "evaluate", n=n) for n in range(3)]
    supervising = asyncio.create_task(Supervisor(WORKER, worker_environment(database), 1).run())
    try:
        parked = await until(tenant, poison, "parked", seconds=90)
        assert parked.error == "处理它的进程 5 次意外结束，已停止重试"
        for job_id in good:
            assert (await until(other, job_id, "done")).attempts == 1
    finally:
        supervising.cancel()
        await asyncio.wait({supervising})


async def test_whatever_goes_wrong_in_freeing_a_dead_workers_jobs_the_next_worker_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A server crashing between two messages makes the driver raise more than its own errors."""

    async def crashed(_: object) -> None:
        raise asyncpg.InternalClientError("cannot switch to state 15")

    monkeypatch.setattr(supervisor, "abandon", crashed)
    note = f"open({str(tmp_path / 'started')!r}, 'a').write('x')"
    supervising = asyncio.create_task(Supervisor([sys.executable, "-c", note], {}, 1).run())
    async with asyncio.timeout(20):
        while not (tmp_path / "started").exists() or len((tmp_path / "started").read_text()) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert not supervising.done()
    supervising.cancel()
    await asyncio.wait({supervising})
