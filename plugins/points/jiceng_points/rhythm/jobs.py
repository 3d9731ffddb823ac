"""Every night: the month's list when it has none yet, contacts whose time is over, whatever is still due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.api import today
from jiceng_points.rhythm.posting import post_all
from jiceng_points.rhythm.service import make_dispatch
from jiceng_points.shelf.needs import erase_due

if TYPE_CHECKING:
    from jiceng.api.jobs import Job

NIGHT = "points.night"


async def night(job: Job) -> None:
    """All of it in one transaction; done twice it changes nothing more."""
    async with job.finish():
        day = today()
        await erase_due(day)
        await make_dispatch(day, day)
        await post_all()
