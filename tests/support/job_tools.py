"""Small steps every job test takes: put a job, look at it, look at its result, start a worker process."""

import asyncio
import sys
from typing import Any
from uuid import UUID

from tests.support.servers import with_tests

from jiceng.kernel.database import highest, tenant_scope, transaction
from jiceng.kernel.jobs import JobStatus, enqueue, job_status
from jiceng.kernel.jobs.supervisor import environment_of
from jiceng.kernel.settings import Settings

WORKER = (sys.executable, "-m", "tests.support.kill_worker")


async def put(tenant: int, kind: str = "count", n: int = 1, **options: Any) -> UUID:
    """Enqueue one job of a tenant in a transaction of its own."""
    with tenant_scope(tenant):
        async with transaction():
            return await enqueue(kind, {"n": n}, **options)


async def status(tenant: int, job_id: UUID) -> JobStatus:
    """Return a job that exists."""
    with tenant_scope(tenant):
        found = await job_status(job_id)
    assert found is not None
    return found


async def result(tenant: int, n: int = 1) -> int:
    """Return how often the job with number `n` has been finished."""
    with tenant_scope(tenant):
        return await highest(f"result/{n}")


async def until(tenant: int, job_id: UUID, *states: str, seconds: float = 60) -> JobStatus:
    """Wait for a job to come into one of `states`."""
    async with asyncio.timeout(seconds):
        while (found := await status(tenant, job_id)).state not in states:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return found


def worker_environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a worker process of the tests."""
    return with_tests(environment_of(settings))
