"""When letting results take effect is late: the notice is over and a working day went by since."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.kernel.clock import today
from jiceng.schemes.periods.calendar import UnknownYear
from jiceng.schemes.periods.keeping import calendar

if TYPE_CHECKING:
    from jiceng.publication.schemas import PublicationInfo

DAY = timedelta(days=1)


async def belated(info: PublicationInfo) -> bool:
    """Whether more than one working day was there for it; any day counts in a year without a calendar."""
    if info.last_day is None or not info.over_on(today() - DAY):
        return False
    try:
        return (await calendar()).between(info.last_day + DAY, today() - DAY) > 0
    except UnknownYear:
        return True
