"""A period comes into being when somebody needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, joined
from jiceng.kernel.errors import Conflict
from jiceng.kernel.ids import new_id
from jiceng.schemes.periods.spans import Span, span_around
from jiceng.schemes.schemas import PeriodInfo

if TYPE_CHECKING:
    from datetime import date

_ADD_PERIOD = """
insert into period (tenant_id, id, kind, first_day, last_day, title, state)
values ($1, $2, $3, $4, $5, $6, 'open') on conflict (tenant_id, kind, first_day) do nothing
"""
_PERIOD = """
select id, kind, first_day, last_day, title, state from period
where tenant_id = $1 and kind = $2 and first_day = $3 for share
"""
_CLOSED_AROUND = """
select p.title from period p
where p.tenant_id = $1 and p.kind <> $2 and p.first_day <= $3 and p.last_day >= $4 and p.state = 'closed'
  and not exists (select 1 from period_change c
    where c.tenant_id = p.tenant_id and c.period = p.id and c.act = 'reopened' and c.at > (
      select max(d.at) from period_change d
      where d.tenant_id = p.tenant_id and d.period = p.id and d.act = 'closed'))
order by p.first_day for share
"""
"""Longer periods that are closed for everybody; they stay as they are until commit."""


async def open_period(kind: str, day: date) -> PeriodInfo:
    """The period of this kind that `day` lies in, made when the tenant does not have it yet.

    It stays open or closed, as it is told, until the caller's transaction ends. Raises Conflict instead of
    making one inside a longer period that is closed for everybody.
    """
    span = span_around(kind, day)
    async with joined():
        made = await execute(
            _ADD_PERIOD, current_tenant(), new_id(), span.kind, span.first_day, span.last_day, span.title
        )
        if made:
            await _refuse_inside_closed(span)
        row = await fetch_row(_PERIOD, current_tenant(), span.kind, span.first_day)
    return PeriodInfo(*row)


async def _refuse_inside_closed(span: Span) -> None:
    rows = await fetch(_CLOSED_AROUND, current_tenant(), span.kind, span.first_day, span.last_day)
    if rows:
        around = "、".join(row["title"] for row in rows)
        raise Conflict("它所在的较长期间已经关闭", where=around, todo_zh="请先重新开放较长的期间")
