"""Workbooks of facts as they are listed: which file, by whom, what it brought, can it be taken back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID  # noqa: TC003 - a struct's fields are resolved when it is used

import msgspec

from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch
from jiceng.kernel.errors import NotFound
from jiceng.kernel.ids import new_id
from jiceng.roster.sight import sight

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN = 20
MONTH = dt.timedelta(days=30)
LONGEST_NAME = 300
_LISTED = """
select i.*, s.title, a.name as by_name, b.name as undone_by_name,
  (select coalesce(sum(t.rows), 0)::int from fact_batch t
    where t.tenant_id = i.tenant_id and t.workbook = i.id) as rows
from fact_import i
join scheme s on s.tenant_id = i.tenant_id and s.key = i.scheme
left join account a on a.tenant_id = i.tenant_id and a.id = i.by
left join account b on b.tenant_id = i.tenant_id and b.id = i.undone_by
where i.tenant_id = $1 and ($2::uuid is null or i.id = $2) and ($3 = '' or i.scheme = $3)
  and ($4::uuid is null or i.by = $4)
order by i.at desc, i.id desc limit $5
"""
_BY_KIND = """
select k.title, b.rows from fact_batch b join fact_kind k on k.tenant_id = b.tenant_id and k.id = b.kind
where b.tenant_id = $1 and b.workbook = $2 order by b.number
"""


class FactsImport(msgspec.Struct, frozen=True, kw_only=True):
    """One workbook; names of accounts are empty for what onboarding brought. `title`: the scheme's."""

    id: UUID
    scheme: str
    title: str
    filename: str
    at: dt.datetime
    by: str
    rows: int
    undone_at: dt.datetime | None
    undone_by: str
    undone_reason: str

    @property
    def recent(self) -> bool:
        """Whether it is not too long ago to be taken back."""
        return now() - self.at <= MONTH

    @property
    def may_be_undone(self) -> bool:
        """Whether it may be tried; whether its periods are closed is looked at then."""
        return self.undone_at is None and self.recent


async def begun(scheme: str, name: str, by: UUID | None) -> UUID:
    """Record that a workbook is being imported, inside the open transaction; its id."""
    whole = new_id()
    await execute(
        "insert into fact_import (tenant_id, id, scheme, filename, by, at) values ($1, $2, $3, $4, $5, $6)",
        *(current_tenant(), whole, scheme, name[:LONGEST_NAME], by, now()),
    )
    return whole


async def nothing_came(whole: UUID) -> None:
    """Forget a workbook that brought nothing new; inside the transaction in which it was begun."""
    await execute("delete from fact_import where tenant_id = $1 and id = $2", current_tenant(), whole)


async def imports(scheme: str, reader: UUID) -> list[FactsImport]:
    """The scheme's latest workbooks, the newest first: those of `reader` alone unless he sees all."""
    rows = await fetch(_LISTED, current_tenant(), None, scheme, await _own(reader), SHOWN)
    return [_import(row) for row in rows]


async def one_import(whole: UUID, reader: UUID) -> FactsImport:
    """One workbook. Raises NotFound: absent, or another's while `reader` does not see all."""
    rows = await fetch(_LISTED, current_tenant(), whole, "", await _own(reader), 1)
    if not rows:
        raise NotFound("没有这次导入", todo_zh="请从“导入事实”页的列表打开")
    return _import(rows[0])


async def by_kind(whole: UUID) -> list[tuple[str, int]]:
    """Titles of the kinds a workbook brought, with how many facts."""
    return [(row["title"], row["rows"]) for row in await fetch(_BY_KIND, current_tenant(), whole)]


async def _own(reader: UUID) -> UUID | None:
    return None if await sight(today()) is None else reader


def _import(row: Mapping[str, Any]) -> FactsImport:
    return FactsImport(
        id=row["id"],
        scheme=row["scheme"],
        title=row["title"],
        filename=row["filename"],
        at=row["at"],
        by=row["by_name"] or "",
        rows=row["rows"],
        undone_at=row["undone_at"],
        undone_by=row["undone_by_name"] or "",
        undone_reason=row["undone_reason"],
    )
