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
    """Last year's facts as long as its period is open, this year's; then proposals of both.

    Last year's results come into effect during this year: what they say is proposed when they do.
    """
    async with job.finish():
        year = today().year
        try:
            async with savepoint():
                await _facts(year - 1)
        except Refusal as refused:
            log.info("facts of %s were not handed in: %s", year - 1, refused.what_en or "refused")
        await propose(year - 1)
        await _facts(year)
        await propose(year)


async def _facts(year: int) -> None:
    if await offered():
        await hand_in(year)


JOBS = (JobKind(ASSESS, "项目考核数据和问责建议", assess),)
SCHEDULES = (Schedule(name=ASSESS, kind=ASSESS, at=time(2, 30)),)
