"""A process dies at one of six points around a COMMIT: the job is there exactly when its row is (T42)."""

import asyncio
import sys

from tests.support.crashing import POINTS
from tests.support.job_tools import result, worker_environment

from jiceng.kernel.database import fetch_value, highest, next_block, tenant_scope
from jiceng.kernel.jobs import Job, run_due_jobs
from jiceng.kernel.settings import Settings

CRASHING = (sys.executable, "-m", "tests.support.crashing")
KEPT = {
    "at the start": False,
    "after the row": False,
    "after the job": False,
    "at COMMIT": False,
    "before the ring": True,
    "after the ring": True,
}


async def evaluate(job: Job) -> None:
    async with job.finish():
        await next_block(f"result/{job.args['n']}")


async def test_a_job_exists_exactly_when_its_row_does_and_is_done_without_a_ring(
    database: Settings, two_tenants: tuple[int, int]
) -> None:
    tenant, _ = two_tenants
    process = await asyncio.create_subprocess_exec(*CRASHING, str(tenant), env=worker_environment(database))
    assert await process.wait() == 0
    rows, jobs = {}, {}
    with tenant_scope(tenant):
        for number, point in enumerate(POINTS):
            rows[point] = bool(await highest(f"row/{number}"))
            sql = "select count(*) from job where tenant_id = $1 and args ->> 'n' = $2"
            jobs[point] = bool(await fetch_value(sql, tenant, str(number)))
    assert rows == KEPT
    assert jobs == KEPT
    await run_due_jobs({"evaluate": evaluate})
    done = {point: bool(await result(tenant, number)) for number, point in enumerate(POINTS)}
    assert done == KEPT
