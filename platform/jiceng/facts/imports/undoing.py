"""A workbook of facts taken back as a whole: everything of it that still counts is withdrawn at once.

Nothing recorded is changed: each fact gets a withdrawal, in batches that name the workbook they take back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.facts.imports.listing import FactsImport, one_import
from jiceng.facts.rows.checking import DATE, SUBJECT, numbered
from jiceng.facts.rows.closed import of_closed_periods
from jiceng.facts.rows.layout import packed
from jiceng.facts.rows.recording import CORRECTS, add_batch, insert
from jiceng.facts.schemas import Came, KindInfo, Layout
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, joined, next_block
from jiceng.kernel.errors import Conflict, Invalid
from jiceng.schemes.queries import rulebook_for

if TYPE_CHECKING:
    from uuid import UUID

LONGEST_REASON = 300
_STANDING = """
with recursive line(seq, kind) as (
  select f.seq, f.kind from fact_batch b
  join fact f on f.tenant_id = b.tenant_id and f.batch = b.id
  where b.tenant_id = $1 and b.workbook = $2
  union
  select c.seq, c.kind from line l join fact c on c.tenant_id = $1 and c.corrects = l.seq
)
select f.kind, f.seq, f.subject::text as subject, f.occurred from line l
join fact f on f.tenant_id = $1 and f.seq = l.seq
where not f.withdrawn
  and not exists (select 1 from fact c where c.tenant_id = $1 and c.corrects = f.seq)
order by f.seq
"""
"""What the workbook brought and what corrected that since: of each line of corrections the last."""
_FINAL = """
select max(r.number) from run r join scheme s on s.tenant_id = r.tenant_id and s.id = r.scheme
join period p on p.tenant_id = r.tenant_id and p.id = r.period
where r.tenant_id = $1 and s.key = $2 and r.final_at is not null and exists (
  select 1 from unnest($3::date[]) as d (day) where d.day between p.first_day and p.last_day)
"""
"""Asked of the table itself: evaluation stands above facts and cannot be asked from here."""
_KINDS = "select id, scheme, name, title, layout from fact_kind where tenant_id = $1 and id = any($2)"
_UNDONE = """
update fact_import set undone_at = $3, undone_by = $4, undone_reason = $5 where tenant_id = $1 and id = $2
"""


async def undo_import(whole: UUID, reason: str, *, by: UUID) -> int:
    """Withdraw every fact of a workbook that still counts, corrections of them too; how many there were.

    The same workbook, handed in again, is new. Raises NotFound, Invalid without a reason, Conflict when it
    was taken back before, is too long ago, or a period of its facts is closed.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Invalid([f"写明撤销的理由，不超过 {LONGEST_REASON} 字"], "没有撤销", where="理由")
    async with joined():
        number = await next_block("fact batches")  # stays locked: nobody imports or corrects meanwhile
        told = await one_import(whole, by)
        if not told.may_be_undone:
            raise Conflict(
                "这次导入不能撤销了",
                where=told.filename,
                todo_zh="只能撤销 30 天以内、没有撤销过的导入；个别事实有误的请更正",
                what_en="this import can no longer be taken back",
                todo_en="only imports of the past 30 days can, once; correct single facts instead",
            )
        standing = await _standing(whole)
        await _refuse_in_force(told, standing)
        for kind in await _kinds(standing["kind"].unique().to_list()):
            rows = standing.filter(pl.col("kind") == str(kind.id)).drop("kind")
            number = number or await next_block("fact batches")  # the first has the number taken above
            batch = await add_batch(
                kind, number, Came(f"撤销导入：{reason}", by, takes_back=whole), len(rows)
            )
            first = await next_block("facts", len(rows))
            await insert(kind, batch, first, packed(rows, kind.layout), withdrawn=True)
            number = 0
        await execute(_UNDONE, current_tenant(), whole, now(), by, reason)
        record(Event.FACTS_IMPORT_UNDONE, ("fact_import", whole), scheme=told.scheme, rows=standing.height)
    return standing.height


async def _standing(whole: UUID) -> pl.DataFrame:
    rows = [tuple(row) for row in await fetch(_STANDING, current_tenant(), whole)]
    schema = {"kind": pl.String, CORRECTS: pl.Int64, SUBJECT: pl.String, DATE: pl.Date}
    return pl.DataFrame([(str(kind), *rest) for kind, *rest in rows], schema=schema, orient="row")


async def _refuse_in_force(told: FactsImport, standing: pl.DataFrame) -> None:
    days = standing[DATE].unique().to_list()
    final = await fetch_value(_FINAL, current_tenant(), told.scheme, days)
    if final is not None:
        raise Conflict(
            f"第 {final} 次评定的结果已经生效，不能撤销这次导入",
            where=told.filename,
            todo_zh="个别事实有误的请逐条更正，再评一次",
            what_en=f"the results of run {final} took effect; this import can no longer be taken back",
            todo_en="correct single facts and evaluate again",
        )
    book = (await rulebook_for(told.scheme, today())).book
    closed = await of_closed_periods(book, numbered(standing))
    if closed:
        raise Conflict(
            f"{closed[0].what}，其中有 {len(closed)} 条，不能撤销这次导入",
            todo_zh="请先重新开放期间并写明理由，或者只更正个别事实",
            what_en="facts of this import lie in a closed period",
            todo_en="open the period again first, with a reason, or correct single facts",
        )


async def _kinds(ids: list[str]) -> list[KindInfo]:
    rows = await fetch(_KINDS, current_tenant(), ids)
    return [
        KindInfo(
            row["id"],
            row["scheme"],
            row["name"],
            row["title"],
            msgspec.json.decode(row["layout"], type=Layout),
        )
        for row in rows
    ]
