"""Jobs of facts: the door of the worker into ballots."""

from uuid import UUID

from jiceng.facts.ballots.opening import CLOSE, close_in_time
from jiceng.kernel.jobs import Handler, Job


async def close_ballot(job: Job) -> None:
    """End the ballot named in the job, now that its time has come."""
    async with job.finish():
        await close_in_time(UUID(job.args["ballot"]))


JOBS: dict[str, Handler] = {CLOSE: close_ballot}
