"""What a plugin's jobs are made with; kinds and schedules carry the plugin's name and a dot."""

from jiceng.kernel.jobs import Handler, Job, JobStatus, cancel, enqueue, job_status, run_due_jobs
from jiceng.kernel.jobs.schedule import Schedule

__all__ = [
    "Handler",
    "Job",
    "JobStatus",
    "Schedule",
    "cancel",
    "enqueue",
    "job_status",
    "run_due_jobs",
]
