"""The register of erased persons, as its page shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts.labels import cleared
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

SHOWN = 200
_ROWS = """
select e.member, e.ground, e.document, e.erased_at, a.name as by, e.counts
from erasure e left join account a on a.tenant_id = e.tenant_id and a.id = e.erased_by
where e.tenant_id = $1 order by e.erased_at desc limit $2
"""

_LEFT = """
select m.id, m.number, m.name, max(s.until) as until from member m
join membership s on s.tenant_id = m.tenant_id and s.member = m.id
where m.tenant_id = $1 and ($2::uuid is null or m.id = $2)
{cleared} and not exists (select 1 from erasure e where e.tenant_id = $1 and e.member = m.id)
group by m.id, m.number, m.name having bool_and(coalesce(s.until <= $3, false))
order by max(s.until) desc, m.number limit $4
"""


class Left(msgspec.Struct, frozen=True):
    """Somebody who belongs to no organization any more, and since when."""

    id: UUID
    number: str
    name: str
    until: date


class Erasure(msgspec.Struct, frozen=True):
    """One erased person; `rows` counts what was emptied or deleted, by table."""

    member: UUID
    ground: str
    document: str
    erased_at: datetime
    by: str | None
    rows: dict[str, int]


async def gone(member: UUID | None = None) -> list[Left]:
    """Who has left, is not erased and may be read here: all of them, the latest first, or this one."""
    rows = await fetch(_LEFT.format(cleared=cleared("m")), current_tenant(), member, today(), SHOWN)
    return [Left(*row) for row in rows]


async def register() -> list[Erasure]:
    """The latest erasures of the current tenant."""
    return [
        Erasure(
            member=row["member"],
            ground=row["ground"],
            document=row["document"],
            erased_at=row["erased_at"],
            by=row["by"],
            rows=msgspec.json.decode(row["counts"], type=dict[str, int]),
        )
        for row in await fetch(_ROWS, current_tenant(), SHOWN)
    ]
