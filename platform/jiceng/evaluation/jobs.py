"""Jobs of evaluation: the door of the worker into the service."""

from uuid import UUID

from jiceng.evaluation.service import JOB, carry_out
from jiceng.kernel.jobs import Handler, Job


async def run(job: Job) -> None:
    """Carry out the run named in the job."""
    await carry_out(UUID(job.args["run"]), job)


JOBS: dict[str, Handler] = {JOB: run}
