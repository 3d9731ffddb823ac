"""The database's disk fills up in the middle of the work: jobs wait and say so, and nothing is lost (T60)."""

import asyncio
import os
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from tests.support.job_tools import put, status
from tests.support.servers import small_disk

from jiceng.kernel import database
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.jobs import Dispatcher, Job, JobStatus, Pace
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings
from jiceng.tenancy import service as tenancy

ROWS = 5_000
DUE_NOW = "update job set due_at = now() where tenant_id = $1 and state = 'queued'"
MANY = (
    "insert into counter (tenant_id, id, name, value) select $1, gen_random_uuid(), 'row/' || n, n"
    " from generate_series(1, $2) n"
)


async def many_rows(job: Job) -> None:
    """Results of some megabytes."""
    async with job.finish():
        await execute(MANY, job.tenant_id, ROWS)


def fill(folder: Path) -> Path:
    filler = folder / "filler"
    for size in ("1M", "512"):
        command = ["dd", "if=/dev/zero", f"of={filler}", f"bs={size}", "oflag=append", "conv=notrunc"]
        assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 1
    return filler


async def until_due(tenant: int, job_id: UUID, state: str) -> JobStatus:
    """Wait for the state; a job put off for half a minute is made due at once (by the tenant's own right)."""
    async with asyncio.timeout(60):
        while (found := await status(tenant, job_id)).state != state or not (found.error or found.ended):
            with tenant_scope(tenant):
                await execute(
                    "update job set due_at = now() where tenant_id = $1 and state = 'queued'", tenant
                )
            await asyncio.sleep(0.1)
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
async def test_a_job_waits_while_the_disk_is_full_and_is_done_once_there_is_room() -> None:
    with small_disk(300) as folder, running(Settings(data_dir=folder), durable=False) as settings:
        await migrate(settings)
        await database.connect(settings)
        try:
            tenant = (await tenancy.create_tenant("donghu", "东湖区", "district")).id
            job_id = await put(tenant, "many")
            filler = fill(folder)
            dispatcher = Dispatcher({"many": many_rows}, pace=Pace(look_every=0.1))
            working = asyncio.create_task(dispatcher.run())
            waits = await until_due(tenant, job_id, "queued")
            assert (waits.attempts, waits.error) == (0, "数据库磁盘已满，腾出空间后自动继续")
            filler.unlink()
            assert (await until_due(tenant, job_id, "done")).attempts == 1
            await dispatcher.stop()
            await working
            with tenant_scope(tenant):
                kept = await fetch_value("select count(*) from counter where tenant_id = $1", tenant)
            assert kept == ROWS, "all of it, once"
        finally:
            await database.close()
