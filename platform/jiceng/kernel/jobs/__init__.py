"""Jobs: PostgreSQL holds them, arq only rings the bell."""

from jiceng.kernel.jobs.attempt import Handler, Pace
from jiceng.kernel.jobs.bell import close_bell, open_bell
from jiceng.kernel.jobs.claim import forget_ended
from jiceng.kernel.jobs.job import Job, JobCancelled, StaleFence
from jiceng.kernel.jobs.queue import cancel, enqueue, retry, set_aside
from jiceng.kernel.jobs.status import (
    JobCounts,
    JobStatus,
    ended_jobs,
    job_counts,
    job_status,
    open_jobs,
    parked_jobs,
)
from jiceng.kernel.jobs.work import Dispatcher, run_due_jobs

__all__ = [
    "Dispatcher",
    "Handler",
    "Job",
    "JobCancelled",
    "JobCounts",
    "JobStatus",
    "Pace",
    "StaleFence",
    "cancel",
    "close_bell",
    "ended_jobs",
    "enqueue",
    "forget_ended",
    "job_counts",
    "job_status",
    "open_bell",
    "open_jobs",
    "parked_jobs",
    "retry",
    "run_due_jobs",
    "set_aside",
]
