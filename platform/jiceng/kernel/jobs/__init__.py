"""Jobs: PostgreSQL holds them, arq only rings the bell."""

from jiceng.kernel.jobs.attempt import Handler, Pace
from jiceng.kernel.jobs.bell import close_bell, open_bell
from jiceng.kernel.jobs.job import Job, JobCancelled, StaleFence
from jiceng.kernel.jobs.queue import cancel, enqueue
from jiceng.kernel.jobs.status import JobStatus, job_status, parked_jobs
from jiceng.kernel.jobs.work import Dispatcher, run_due_jobs

__all__ = [
    "Dispatcher",
    "Handler",
    "Job",
    "JobCancelled",
    "JobStatus",
    "Pace",
    "StaleFence",
    "cancel",
    "close_bell",
    "enqueue",
    "job_status",
    "open_bell",
    "parked_jobs",
    "run_due_jobs",
]
