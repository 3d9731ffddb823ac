"""A worker process for the kill tests: small evaluations, killed before, inside or after finishing."""

import asyncio
import logging
import random

from jiceng.kernel.database import next_block
from jiceng.kernel.jobs import Job, Pace
from jiceng.kernel.jobs.serving import serve
from jiceng.kernel.settings import read_settings

PACE = Pace(lease=3.0, renew_every=0.5, look_every=0.2)


async def evaluate(job: Job) -> None:
    """Take a few milliseconds, then write one number together with "done"."""
    await asyncio.sleep(random.uniform(0, 0.008))  # noqa: S311 - no secret
    async with job.finish():
        await next_block(f"result/{job.args['n']}")
        await asyncio.sleep(random.uniform(0, 0.004))  # noqa: S311 - no secret


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(serve(read_settings(), {"evaluate": evaluate}, pace=PACE))
