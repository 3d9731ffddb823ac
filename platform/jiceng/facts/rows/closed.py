"""Facts of a closed period are refused, except for the organizations it was opened again for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jiceng.facts.rows.checking import DATE, ROW, SUBJECT, ValueFault
from jiceng.kernel.clock import today
from jiceng.roster.queries import descendants, subject_frame
from jiceng.schemes.periods.closing import Closed, closed_over

if TYPE_CHECKING:
    from jiceng_sdk.rulebook import Rulebook

_TODO = "需要补录时，请先为该组织重新开放期间并写明理由"


async def of_closed_periods(book: Rulebook, rows: pl.DataFrame) -> list[ValueFault]:
    """The rows (ROW, subject, date, …) that fall into a closed period and may not; inside the transaction.

    The periods asked stay as they are until the commit, so nobody closes one meanwhile.
    """
    if rows.is_empty():
        return []
    first, last = rows.select(first=pl.col(DATE).min(), last=pl.col(DATE).max()).row(0)
    faults: list[ValueFault] = []
    for closed in await closed_over(book.period, first, last):
        period = closed.period
        inside = rows.filter(pl.col(DATE).is_between(period.first_day, period.last_day))
        inside = inside.filter(~pl.col(SUBJECT).is_in(await _subjects(book, closed)))
        faults += [ValueFault(row, DATE, f"{period.title}已经关闭", _TODO) for row in inside[ROW].to_list()]
    return faults


async def _subjects(book: Rulebook, closed: Closed) -> list[str]:
    """Ids of the subjects of the organizations the period is open for."""
    at = min(closed.period.last_day, today())
    places = {str(place) for one in closed.reopened for place in await descendants(one, at)}
    if not places:
        return []
    kind = book.subject
    own = SUBJECT if kind == "organization" else "organization"
    frame = await subject_frame(kind, at)
    found: list[str] = frame.filter(pl.col(own).is_in(places))[SUBJECT].to_list()
    return found
