"""A period comes into being when somebody needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import current_tenant, execute, fetch_row, joined
from jiceng.kernel.ids import new_id
from jiceng.schemes.periods.spans import span_around
from jiceng.schemes.schemas import PeriodInfo

if TYPE_CHECKING:
    from datetime import date

_ADD_PERIOD = """
insert into period (tenant_id, id, kind, first_day, last_day, title, state)
values ($1, $2, $3, $4, $5, $6, 'open') on conflict (tenant_id, kind, first_day) do nothing
"""
_PERIOD = """
select id, kind, first_day, last_day, title, state from period
where tenant_id = $1 and kind = $2 and first_day = $3
"""


async def open_period(kind: str, day: date) -> PeriodInfo:
    """The period of this kind that `day` lies in, made when the tenant does not have it yet."""
    span = span_around(kind, day)
    async with joined():
        await execute(
            _ADD_PERIOD, current_tenant(), new_id(), span.kind, span.first_day, span.last_day, span.title
        )
        row = await fetch_row(_PERIOD, current_tenant(), span.kind, span.first_day)
    return PeriodInfo(*row)
