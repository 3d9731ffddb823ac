"""Imports of rosters as they are listed: which file, by whom, what it changed, can it be taken back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.errors import NotFound
from jiceng.roster.schemas import Count

SHOWN = 20
_LISTED = """
select c.*, u.id is not null as kept, a.name as by_name, b.name as undone_by_name,
       c.version = (select max(l.version) from roster_change l
                    where l.tenant_id = c.tenant_id and l.undone_at is null) as newest
from roster_change c
left join roster_undo u on u.tenant_id = c.tenant_id and u.id = c.id
left join account a on a.tenant_id = c.tenant_id and a.id = c.applied_by
left join account b on b.tenant_id = c.tenant_id and b.id = c.undone_by
where c.tenant_id = $1 and ($2::uuid is null or c.id = $2)
order by c.version desc limit $3
"""


class RosterImport(msgspec.Struct, frozen=True, kw_only=True):
    """One import; names of accounts are empty for imports made by onboarding.

    `newest`: it is the last one that was not taken back; `kept`: how rows were before it is still known.
    """

    id: UUID
    at: dt.date
    filename: str
    applied_at: dt.datetime
    by: str
    counts: tuple[Count, ...]
    undone_at: dt.datetime | None
    undone_by: str
    undone_reason: str
    newest: bool
    kept: bool

    @property
    def may_be_undone(self) -> bool:
        """Whether it may be tried; what was built on it is looked for then."""
        return self.newest and self.kept and self.undone_at is None


async def imports() -> list[RosterImport]:
    """The latest imports, the newest first."""
    return [_import(row) for row in await fetch(_LISTED, current_tenant(), None, SHOWN)]


async def one_import(change: UUID) -> RosterImport:
    """One import; raises NotFound."""
    rows = await fetch(_LISTED, current_tenant(), change, 1)
    if not rows:
        raise NotFound("没有这次导入", todo_zh="请从「导入」页的列表打开")
    return _import(rows[0])


def _import(row: Mapping[str, Any]) -> RosterImport:
    return RosterImport(
        id=row["id"],
        at=row["at"],
        filename=row["filename"],
        applied_at=row["applied_at"],
        by=row["by_name"] or "",
        counts=msgspec.json.decode(row["counts"], type=tuple[Count, ...]),
        undone_at=row["undone_at"],
        undone_by=row["undone_by_name"] or "",
        undone_reason=row["undone_reason"],
        newest=row["newest"] and row["undone_at"] is None,
        kept=row["kept"],
    )
