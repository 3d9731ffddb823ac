"""Faults for the job queue: workers killed, Redis flushed, backends ended, the database server crashed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
from redis.asyncio import Redis
from tests.support.job_tools import WORKER, worker_environment

from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.jobs import enqueue
from jiceng.kernel.jobs.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable

    from jiceng.kernel.database.driver import Connection
    from jiceng.kernel.settings import Settings

_COUNTS = """
select (select count(*) from job where state = 'done') as done,
       (select count(*) from job where state <> 'done') as open,
       (select count(*) from job where attempts > 1) as repeated,
       (select count(*) from counter where name like 'result/%' and value = 1) as once,
       (select count(*) from counter where name like 'result/%' and value > 1) as doubled
"""
_DONE = "select count(*) as done from job where state = 'done'"
_RUNNING = "select worker from job where state = 'running' and worker is not null"
_END_BACKENDS = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and usename in ('jiceng_app', 'jiceng_relay') order by random() limit 1
"""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How many jobs, and how many faults of each kind, spread evenly over the work."""

    jobs: int
    kills: int
    flushes: int = 1
    backend_kills: int = 0
    crashes: int = 0
    seconds: float = 240.0


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What was left when every job had ended, or when the time was up."""

    done: int
    open: int
    repeated: int
    once: int
    doubled: int
    killed: int
    seconds: float


class Siege:
    """One run of the plan against supervised workers."""

    def __init__(self, settings: Settings, plan: Plan, crash: Callable[[], None] | None = None) -> None:
        self._settings = settings
        self._plan = plan
        self._crash = crash
        self._killed = 0
        self._asking: Connection | None = None
        self._supervisor = Supervisor(WORKER, worker_environment(settings), 2)

    async def run(self, tenants: tuple[int, ...]) -> Outcome:
        """Enqueue everything, let the workers work under faults, count what is there in the end."""
        await self._enqueue(tenants)
        began = time.monotonic()
        working = asyncio.create_task(self._supervisor.run())
        try:
            async with asyncio.timeout(self._plan.seconds):
                counts = await self._until_done(working)
        except TimeoutError:
            counts = await self._counts()
        finally:
            working.cancel()
            await asyncio.wait({working})
            self._hang_up()
        return Outcome(**counts, killed=self._killed, seconds=time.monotonic() - began)

    async def _enqueue(self, tenants: tuple[int, ...]) -> None:
        for start in range(0, self._plan.jobs, 100):
            with tenant_scope(tenants[start // 100 % len(tenants)]):
                async with transaction():
                    for n in range(start, min(start + 100, self._plan.jobs)):
                        await enqueue("evaluate", {"n": n})

    async def _until_done(self, working: asyncio.Task[None]) -> dict[str, int]:
        plan, faults = self._plan, []
        for count, fault in (
            (plan.kills, self._kill),
            (plan.flushes, self._flush),
            (plan.backend_kills, self._end_backend),
            (plan.crashes, self._crash_server),
        ):
            faults += [((k + 1) * plan.jobs // (count + 1), fault) for k in range(count)]
        faults.sort(key=lambda planned: planned[0])
        while True:
            done = (await self._sql(_DONE))[0]["done"]
            while faults and faults[0][0] <= done:
                await faults.pop(0)[1]()
            if done == plan.jobs:
                return await self._counts()
            if working.done():
                working.result()  # the supervisor has given up: raises why
            await asyncio.sleep(0.02)

    async def _kill(self) -> None:
        """End by SIGKILL a worker that is working on a job at this moment."""
        for _ in range(2000):
            rows = await self._sql(_RUNNING)
            living = [
                self._supervisor.processes[row[0]] for row in rows if row[0] in self._supervisor.processes
            ]
            if living:
                with suppress(ProcessLookupError):
                    os.kill(random.choice(living).pid, signal.SIGKILL)  # noqa: S311 - no secret
                    self._killed += 1
                    return
            await asyncio.sleep(0.005 if rows else 0.03)  # nobody works: the next is still starting

    async def _flush(self) -> None:
        client = Redis.from_url(self._settings.redis_url)
        await client.flushall()
        await client.aclose()

    async def _end_backend(self) -> None:
        await self._sql(_END_BACKENDS)

    async def _crash_server(self) -> None:
        assert self._crash is not None
        await asyncio.to_thread(self._crash)

    async def _counts(self) -> dict[str, int]:
        return dict((await self._sql(_COUNTS))[0])

    async def _sql(self, sql: str) -> list[Any]:
        """Ask past every policy, again when the server is just recovering."""
        url = with_database(self._settings.superuser_url, database_of(self._settings.database_url))
        while True:
            try:
                if self._asking is None or self._asking.is_closed():
                    self._asking = await asyncpg.connect(url)
                rows: list[Any] = await self._asking.fetch(sql)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._hang_up()
                await asyncio.sleep(0.05)
            else:
                return rows

    def _hang_up(self) -> None:
        """Close the connection that asks, if there is one; a crashed server's is dropped."""
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.terminate()
