"""`jiceng runs verify`: every run recomputed and compared; exit code 0 only when all are the same."""

from typing import Any

import pytest
from rich.console import Console
from tests.support.appraisal import DAY, claimed, small_town, with_points

from jiceng.evaluation import jobs
from jiceng.evaluation.commands import verify_runs
from jiceng.evaluation.service import open_run
from jiceng.kernel.database import close, connect, tenant_scope
from jiceng.kernel.errors import NotFound
from jiceng.kernel.jobs import run_due_jobs
from jiceng.kernel.settings import Settings


@pytest.fixture
async def computed(two_tenants: tuple[int, int]) -> None:
    for tenant in two_tenants:
        with tenant_scope(tenant):
            people = await small_town(2)
            await with_points()
            await claimed(people["D001"], 5)
            await open_run("points", DAY)
    await run_due_jobs(jobs.JOBS)


async def verify(settings: Settings, tenant: str = "") -> tuple[int, str]:
    """Run the command as its own process would: it opens and closes the pools itself."""
    console = Console(record=True, width=100)
    await close()
    try:
        code = await verify_runs(settings, tenant, console)
    finally:
        await connect(settings)
    return code, console.export_text()


@pytest.mark.usefixtures("computed")
async def test_runs_of_all_tenants_or_of_one_are_proved(database: Settings) -> None:
    code, said = await verify(database)
    assert code == 0
    assert ("donghu" in said, "xishan" in said, "全部一致" in said) == (True, True, True)
    code, said = await verify(database, "xishan")
    assert (code, "donghu" in said) == (0, False)


@pytest.mark.usefixtures("computed")
async def test_a_run_that_does_not_come_out_the_same_ends_with_one(
    database: Settings, superuser: Any
) -> None:
    await superuser.execute("update fact set numbers = array[9000000] where tenant_id = 2 and seq = 1")
    code, said = await verify(database)
    assert (code, "有结果不一致" in said) == (1, True)
    assert (await verify(database, "donghu"))[0] == 0


async def test_an_unknown_tenant_is_named(database: Settings) -> None:
    with pytest.raises(NotFound, match="没有这个租户（nowhere）"):
        await verify(database, "nowhere")
