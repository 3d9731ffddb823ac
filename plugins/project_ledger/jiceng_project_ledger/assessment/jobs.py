"""Every night: the year's facts from the ledger, then proposals of accountability; never a decision."""

from __future__ import annotations

import logging
from datetime import time
from typing import TYPE_CHECKING

from jiceng.api import Refusal, today
from jiceng.api.database import savepoint
from jiceng.api.hooks import JobKind
from jiceng.api.jobs import Schedule
from jiceng_project_ledger.assessment.accountability import propose
from jiceng_project_ledger.assessment.handing_in import hand_in, offered

if TYPE_CHECKING:
    from jiceng.api.jobs import Job

ASSESS = "project_ledger.assess"
log = logging.getLogger(__name__)


async def assess(job: Job) -> None:
    """This year's facts and proposals; in January last year's too, as long as its period is open."""
    async with job.finish():
        day = today()
        if day.month == 1:
            try:
                async with savepoint():
                    await _year(day.year - 1)
            except Refusal as refused:
                log.info("facts of %s were not handed in: %s", day.year - 1, refused.what_en or "refused")
        await _year(day.year)


async def _year(year: int) -> None:
    if await offered():
        await hand_in(year)
    await propose(year)


JOBS = (JobKind(ASSESS, "项目考核数据和问责建议", assess),)
SCHEDULES = (Schedule(name=ASSESS, kind=ASSESS, at=time(2, 30)),)
