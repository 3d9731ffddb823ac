"""Redis is killed and emptied during a run of a thousand jobs: all are done, pages answer meanwhile (T47)."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from tests.support.job_tools import WORKER, put, until, worker_environment
from tests.support.servers import own_folder, places_of
from tests.support.web import signed_in_browser

from jiceng.app import create_app
from jiceng.kernel import database
from jiceng.kernel.database import fetch_value, tenant_scope
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.jobs import close_bell, open_bell
from jiceng.kernel.jobs.supervisor import Supervisor
from jiceng.kernel.servers import running
from jiceng.kernel.servers.processes import living_in
from jiceng.kernel.servers.running import Servers
from jiceng.kernel.settings import Settings
from jiceng.tenancy import service as tenancy

JOBS = int(os.environ.get("JICENG_SOAK_WITHOUT_REDIS", "1000"))
_DONE = "select count(*) from job where tenant_id = $1 and state = 'done'"


@pytest.fixture
async def own_servers() -> AsyncIterator[tuple[Path, Settings]]:
    """Servers of this test alone: it kills one of them."""
    with own_folder() as folder, running(Settings(data_dir=folder), durable=False) as settings:
        await migrate(settings)
        await database.connect(settings)
        open_bell(settings.redis_url)
        yield folder, settings
        await close_bell()
        await database.close()


async def lose_redis(folder: Path, settings: Settings) -> None:
    """Kill it, leave it dead for two seconds, bring it back with nothing in it."""
    for server in living_in(places_of(folder).home / "valkey"):
        server.kill()
    await asyncio.sleep(2)
    await asyncio.to_thread(Servers(folder).revive, ["redis_url"], durable=False)
    client = Redis.from_url(settings.redis_url)
    await client.flushall()
    await client.aclose()


@pytest.mark.soak
async def test_a_run_of_a_thousand_outlives_redis_and_pages_answer_meanwhile(
    own_servers: tuple[Path, Settings],
) -> None:
    folder, settings = own_servers
    tenant = (await tenancy.create_tenant("donghu", "东湖区", "district")).id
    clerk = await signed_in_browser(create_app(settings, own_database=False), tenant, "tenant_admin")
    for n in range(JOBS):
        await put(tenant, "evaluate", n)
    working = asyncio.create_task(Supervisor(WORKER, worker_environment(settings), 2).run())
    losing: asyncio.Task[None] | None = None
    losses, answers, done = 0, set(), 0
    try:
        async with asyncio.timeout(600):
            while done < JOBS:
                if (losing is None or losing.done()) and done >= (losses + 1) * JOBS // 4:
                    losing, losses = asyncio.create_task(lose_redis(folder, settings)), losses + 1
                answers.add((await clerk.get("/t/donghu/jobs")).status_code)
                with tenant_scope(tenant):
                    done = await fetch_value(_DONE, tenant)
                await asyncio.sleep(0.05)
        assert losses >= 1
        assert answers == {200}
        late = await put(tenant, "evaluate", JOBS)
        await until(tenant, late, "done", seconds=30)
    finally:
        working.cancel()
        await asyncio.wait({working})
        if losing is not None:
            await losing
    with tenant_scope(tenant):
        once = "select count(*) from counter where tenant_id = $1 and name like 'result/%' and value = 1"
        assert await fetch_value(once, tenant) == JOBS + 1
