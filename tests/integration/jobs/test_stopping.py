"""A worker told to stop just while it claims a job: the job goes on for a while, or is given back."""

import asyncio
from typing import Any

import pytest
from tests.support.job_tools import put, status

from jiceng.kernel.jobs import Dispatcher, Job, Pace, work
from jiceng.kernel.jobs.claim import claim
from jiceng.kernel.settings import Settings

PACE = Pace(stop_within=0.5)


async def short(job: Job) -> None:
    """Finish at once."""
    async with job.finish():
        pass


async def endless(_: Job) -> None:
    """Never finish."""
    await asyncio.sleep(3600)


@pytest.mark.parametrize(
    ("kind", "state", "attempts"), [("short", "done", 1), ("endless", "queued", 0)], ids=["short", "endless"]
)
async def test_a_job_claimed_while_its_worker_is_told_to_stop_is_not_left_running(
    database: Settings,  # noqa: ARG001 - connected
    two_tenants: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    state: str,
    attempts: int,
) -> None:
    job_id = await put(two_tenants[0], kind)
    dispatcher = Dispatcher({"short": short, "endless": endless}, pace=PACE)

    async def told_meanwhile(*given: Any) -> Any:
        claimed = await claim(*given)
        await dispatcher.stop()
        return claimed

    monkeypatch.setattr(work, "claim", told_meanwhile)
    await asyncio.wait_for(dispatcher.run(), 10)
    found = await status(two_tenants[0], job_id)
    assert (found.state, found.attempts) == (state, attempts)
