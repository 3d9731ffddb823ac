"""The long siege: hundreds of kills, ended connections and server crashes; 0 lost, 0 doubled."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.killing import Plan, Siege
from tests.support.servers import own_folder, postmaster_process

from jiceng.kernel import database
from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.servers import running
from jiceng.kernel.servers.running import Servers
from jiceng.kernel.settings import Settings
from jiceng.tenancy import service as tenancy


@pytest.fixture
async def own_servers() -> AsyncIterator[tuple[Path, Settings]]:
    """Durable servers of this test alone: it crashes them."""
    with own_folder() as folder, running(Settings(data_dir=folder)) as settings:
        await migrate(settings)
        await database.connect(settings)
        yield folder, settings
        await database.close()


@pytest.mark.soak
async def test_nothing_is_lost_or_doubled(own_servers: tuple[Path, Settings]) -> None:
    jobs = int(os.environ.get("JICENG_SOAK_JOBS", "20000"))
    plan = Plan(
        jobs=jobs,
        kills=jobs // 40,
        flushes=jobs // 1000,
        backend_kills=jobs // 200,
        crashes=jobs // 1000,
        seconds=7200,
    )
    folder, settings = own_servers
    tenants = [(await tenancy.create_tenant(f"t{n}", f"第{n}区", "district")).id for n in range(5)]

    def crash() -> None:
        postmaster_process(folder).kill()
        Servers(folder).revive(["database_url"])

    siege = Siege(settings, plan, crash)
    outcome = await siege.run(tuple(tenants))
    assert (outcome.done, outcome.open) == (plan.jobs, 0)
    assert (outcome.once, outcome.doubled) == (plan.jobs, 0)
    assert outcome.killed == plan.kills
    assert await asyncio.to_thread(postmaster_process(folder).is_running)
