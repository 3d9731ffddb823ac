"""A worker process for the kill tests: small evaluations, killed before, inside or after finishing."""

import asyncio
import logging
import os
import random
import signal
import sys
import time

from jiceng.kernel.database import next_block
from jiceng.kernel.jobs import Job, Pace
from jiceng.kernel.jobs.serving import serve
from jiceng.kernel.settings import read_settings

PACE = Pace(lease=2.0, renew_every=0.4, look_every=0.2, stop_within=1.0)


async def evaluate(job: Job) -> None:
    """Take a few milliseconds, then write one number together with "done"."""
    await asyncio.sleep(random.uniform(0, 0.008))  # noqa: S311 - no secret
    async with job.finish():
        await next_block(f"result/{job.args['n']}")
        await asyncio.sleep(random.uniform(0, 0.004))  # noqa: S311 - no secret


async def poison(_: Job) -> None:
    """End the worker as the kernel does when memory runs out."""
    os.kill(os.getpid(), signal.SIGKILL)


async def endless(_: Job) -> None:
    """Never finish."""
    await asyncio.sleep(3600)


async def half_a_second(job: Job) -> None:
    """Finish in time when the worker is asked to stop."""
    await asyncio.sleep(0.5)
    async with job.finish():
        await next_block("result/0")


async def held_once(job: Job) -> None:
    """Hang in the first attempt while holding the job's row, finish at once in the second."""
    async with job.finish():
        await next_block("result/0")
        if job.attempt == 1:
            await asyncio.sleep(3600)


async def blocked_once(job: Job) -> None:
    """Block the whole process beyond its lease in the first attempt, as code that never awaits does."""
    if job.attempt == 1:
        time.sleep(PACE.lease + 1)  # noqa: ASYNC251 - that is the point
    async with job.finish():
        await next_block("result/0")


async def stuck_once(job: Job) -> None:
    """Hang in the first attempt, finish at once in the second."""
    if job.attempt == 1:
        await asyncio.sleep(3600)
    async with job.finish():
        await next_block("result/0")


JOBS = {
    "evaluate": evaluate,
    "poison": poison,
    "endless": endless,
    "half": half_a_second,
    "stuck_once": stuck_once,
    "blocked_once": blocked_once,
    "held_once": held_once,
}

if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(serve(read_settings(), JOBS, pace=Pace() if "own-pace" in sys.argv else PACE))
