"""Facts of ballots in which too few voted: counted exactly, shown to nobody, for they tell who chose what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.kernel.database import current_tenant, execute, in_transaction

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

_BY_NUMBER = """
insert into fact_veil (tenant_id, id, batch, subject, minimum)
select $1, gen_random_uuid(), b.id, s.subject, $4
from fact_batch b, unnest($3::uuid[]) as s (subject) where b.tenant_id = $1 and b.number = $2
"""
_CARRIED = """
insert into fact_veil (tenant_id, id, batch, subject, minimum)
select $1, gen_random_uuid(), $3, v.subject, v.minimum from fact f
join fact_veil v on v.tenant_id = f.tenant_id and v.batch = f.batch and v.subject = f.subject
where f.tenant_id = $1 and f.seq = $2
"""
JOINED = "left join fact_veil v on v.tenant_id = f.tenant_id and v.batch = f.batch and v.subject = f.subject"
FIRST_ONLY = """
(v.minimum is null or not exists (select 1 from fact e where e.tenant_id = f.tenant_id
  and e.subject = f.subject and e.batch = f.batch and e.seq < f.seq))
"""
"""Of the facts under one veil a single one is shown: how many there are tells how united the voters were."""


async def veil(batch: int, subjects: Collection[UUID], minimum: int) -> None:
    """Show nobody what the facts of these subjects in import `batch` hold; in the import's transaction."""
    in_transaction()
    if batch and subjects:
        await execute(_BY_NUMBER, current_tenant(), batch, list(subjects), minimum)


async def carry_veil(seq: int, batch: UUID) -> None:
    """A correction (alone in `batch`) of a veiled fact is veiled as it was; in the same transaction."""
    in_transaction()
    await execute(_CARRIED, current_tenant(), seq, batch)


def why(minimum: int) -> str:
    """The sentence that stands where the values would."""
    return f"有评议方投票不足 {minimum} 人，票数不显示，以免看出个人的意见；得分仍按全部票数计算"
