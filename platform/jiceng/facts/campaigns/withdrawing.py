"""Withdrawing a campaign opened by mistake: it stays to be read, its facts do not count, another may come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jiceng.facts.campaigns.campaigns import LONGEST_REASON, locked, refuse_withdrawn
from jiceng.facts.campaigns.settling import source_of
from jiceng.facts.campaigns.sheets import book_of
from jiceng.facts.queries import kind as kind_info
from jiceng.facts.rows.checking import DATE, SUBJECT, numbered
from jiceng.facts.rows.closed import of_closed_periods
from jiceng.facts.rows.recording import add_batch
from jiceng.facts.schemas import Came
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, joined, next_block
from jiceng.kernel.errors import Conflict, Invalid

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.facts.campaigns.schemas import CampaignInfo

_FINAL = """
select max(r.number) from run r join scheme s on s.tenant_id = r.tenant_id and s.id = r.scheme
where r.tenant_id = $1 and s.key = $2 and r.period = $3 and r.final_at is not null
"""
"""Asked of the table itself: evaluation stands above facts and cannot be asked from here."""
_OWN = """
select f.seq, f.subject::text as subject, f.occurred from fact f
join fact_batch b on b.tenant_id = f.tenant_id and b.id = f.batch
where f.tenant_id = $1 and f.kind = $2 and f.occurred between $3 and $4 and b.source = any($5)
  and not f.withdrawn and not exists (
    select 1 from fact c where c.tenant_id = f.tenant_id and c.corrects = f.seq)
order by f.seq
"""
_TAKE_OUT = """
insert into fact (tenant_id, id, seq, kind, subject, occurred, numbers, words, corrects, withdrawn, batch)
select $1, gen_random_uuid(), $2 + n - 1, $3, f.subject, f.occurred, '{}', '{}', f.seq, true, $4
from unnest($5::bigint[]) with ordinality as old (seq, n)
join fact f on f.tenant_id = $1 and f.seq = old.seq
"""
_WITHDRAW = """
update campaign c set withdrawn_at = $3, withdrawn_by = $4, withdrawn_why = $5, withdrawn = 1 + (
  select max(o.withdrawn) from campaign o where o.tenant_id = c.tenant_id and o.scheme = c.scheme
    and o.period = c.period)
where c.tenant_id = $1 and c.id = $2
"""


async def withdraw(campaign_id: UUID, reason: str, *, by: UUID | None = None) -> int:
    """Withdraw a campaign, with the facts it ended in; how many facts. It stays in the list, with the reason.

    Raises Invalid without a reason; Conflict when it is withdrawn, results of its scheme and period took
    effect, or the period is closed; then nothing is done.
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid([f"请写明理由，最多 {LONGEST_REASON} 字"], "没有撤回", where="理由")
    async with joined():
        info = await locked(campaign_id)
        refuse_withdrawn(info)
        final = await fetch_value(_FINAL, current_tenant(), info.scheme, info.period.id)
        if final is not None:
            raise Conflict(
                f"第 {final} 次评定的结果已经生效，不能撤回",
                where=info.title,
                todo_zh="有错的值请逐条更正，再评一次",
            )
        count = sum([await _take_out(info, name, reason.strip(), by) for name in info.lines])
        await execute(_WITHDRAW, current_tenant(), info.id, now(), by, reason.strip())
        record(Event.CAMPAIGN_CHANGED, ("campaign", info.id), state="withdrawn", rows=count)
    return count


async def _take_out(info: CampaignInfo, name: str, reason: str, by: UUID | None) -> int:
    """Withdraw every fact of one kind that the campaign ended in, in one batch."""
    known = await kind_info(info.scheme, name)
    if known is None:
        return 0
    days = info.period.first_day, info.period.last_day
    number = await next_block("fact batches")  # stays locked: nobody corrects the same facts meanwhile
    found = await fetch(_OWN, current_tenant(), known.id, *days, list(source_of(info)))
    if not found:
        return 0
    book = await book_of(info.rulebook)
    rows = pl.DataFrame(
        {SUBJECT: [row["subject"] for row in found], DATE: [row["occurred"] for row in found]}
    )
    if closed := await of_closed_periods(book, numbered(rows)):
        raise Conflict(closed[0].what, where=info.title, todo_zh=closed[0].todo)
    batch = await add_batch(known, number, Came(f"撤回{info.title}：{reason}", by), len(found))
    first = await next_block("facts", len(found))
    await execute(_TAKE_OUT, current_tenant(), first, known.id, batch, [row["seq"] for row in found])
    return len(found)
