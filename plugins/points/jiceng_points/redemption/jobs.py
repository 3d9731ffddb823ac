"""The door of the nightly job that ends what nobody picked up."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from jiceng.api.hooks import JobKind
from jiceng.api.jobs import Schedule
from jiceng_points.redemption.service import expire_due

if TYPE_CHECKING:
    from jiceng.api.jobs import Job

EXPIRE = "points.expire_holds"


async def expire(job: Job) -> None:
    """End every hold whose last day is over; what is ended stays so if the worker dies, the rest is next."""
    await expire_due(job.check)


JOBS = (JobKind(EXPIRE, "退回过期未领的兑换", expire),)
SCHEDULES = (Schedule(name=EXPIRE, kind=EXPIRE, at=time(1, 30)),)
