"""What the plugin tells the home page: how far the year is, what waits to be checked or answered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jiceng.api import today
from jiceng.api.database import current_tenant, fetch_row
from jiceng.api.hooks import Figure, Waiting
from jiceng.api.pages import Permission, may
from jiceng.api.roster import seen_arguments
from jiceng_points.people import claimers
from jiceng_points.rhythm.sql import SEEN, within

if TYPE_CHECKING:
    from jiceng.api.pages import SignedIn

LONG = timedelta(days=14)
"""A claim that waits so long for its verification is late, from the day it was reported on."""
_YEAR = f"""
select count(*) as claimed, count(*) filter (where c.state = 'verified') as verified
from points_claim c where c.tenant_id = $1 and c.year = $4 and c.state <> 'withdrawn' and {SEEN}
"""  # noqa: S608 - a constant
_CHECKS = """
select
  (select count(*) from points_claim c where c.tenant_id = $1 and c.year = $4 and c.state = 'done'
    and ($2::uuid[] is null or c.organization = any($2) or c.member = $3)) as claims,
  (select count(*) from points_claim c where c.tenant_id = $1 and c.year = $4 and c.state = 'done'
    and c.done_on < $5 and ($2::uuid[] is null or c.organization = any($2) or c.member = $3)
    and not exists (select from points_move v where v.tenant_id = $1 and v.claim = c.id and v.after = 'done'
      and (v.at at time zone 'Asia/Shanghai')::date >= $5)) as late,
  (select count(*) from points_own_list l where l.tenant_id = $1 and l.year = $4
    and l.state in ('applied', 'studied') and ($2::uuid[] is null or l.organization = any($2))) as lists,
  (select count(*) from points_adjustment a where a.tenant_id = $1 and a.year = $4 and a.state = 'proposed'
    and a.proposed_by is distinct from $6 and $2::uuid[] is null) as adjustments,
  (select count(*) from points_item i where i.tenant_id = $1 and i.year = $4 and i.state = 'draft'
    and $2::uuid[] is null) as items,
  (select count(*) from points_redemption r where r.tenant_id = $1 and r.state = 'held'
    and $2::uuid[] is null) as held
"""
_NEEDS = """
select count(*) as new from points_need
where tenant_id = $1 and state = 'new' and ($2::uuid[] is null or organization = any($2))
"""
_OWN = """
select count(*) filter (where due < $3) as late, count(*) filter (where state = 'rejected') as sent_back
from points_claim where tenant_id = $1 and member = $2 and state in ('claimed', 'rejected')
"""


async def figures() -> list[Figure]:
    """The year's claims and how many of them are verified; nothing before the first one."""
    seen = await seen_arguments(today())
    row = await fetch_row(within(_YEAR, seen), current_tenant(), *seen, today().year)
    if not row["claimed"]:
        return []
    return [Figure(title="已核验的认领", value=row["verified"], whole=row["claimed"], path="overview")]


async def to_check(user: SignedIn) -> list[Waiting]:
    """What somebody who checks may do now: of this year, and of the last, which is settled in this one."""
    last = today().year - 1
    row, old = await _checks(last + 1, user), await _checks(last, user)
    rewarding = may(user, Permission.ENTER_FACTS)
    adjustments = row["adjustments"] if rewarding else 0
    items = row["items"] if may(user, Permission.DECIDE_RULINGS) else 0
    return [
        Waiting(title="完成两周以上还没有核验的认领", count=row["late"], path="queue", late=True),
        Waiting(title="待核验的认领", count=row["claims"] - row["late"], path="queue"),
        Waiting(title="待审核的事项", count=items, path="?standing=draft"),
        Waiting(title="待办理的一事一议", count=row["lists"], path="own-lists"),
        Waiting(title="待确认的奖惩", count=adjustments, path="adjustments"),
        Waiting(title="待发放的兑换", count=row["held"], path="desk"),
        Waiting(title="上年度待核验的认领", count=old["claims"], path=f"queue?year={last}", late=True),
        Waiting(title="上年度待办理的一事一议", count=old["lists"], path=f"own-lists?year={last}", late=True),
        Waiting(
            title="上年度待确认的奖惩",
            count=old["adjustments"] if rewarding else 0,
            path=f"adjustments?year={last}",
            late=True,
        ),
    ]


async def _checks(year: int, user: SignedIn) -> Any:  # noqa: ANN401 - a database row
    return await fetch_row(
        _CHECKS, *(current_tenant(), *await seen_arguments(today()), year, today() - LONG, user.id)
    )


async def to_answer(_: SignedIn) -> list[Waiting]:
    """Residents' needs that nobody answered."""
    row = await fetch_row(_NEEDS, current_tenant(), (await seen_arguments(today()))[0])
    return [Waiting(title="待办理的群众需求", count=row["new"], path="needs")]


async def to_do(user: SignedIn) -> list[Waiting]:
    """The person's own claims: past their day, or sent back."""
    member = (await claimers.actor(user)).member
    if member is None:
        return []
    row = await fetch_row(_OWN, current_tenant(), member, today())
    return [
        Waiting(title="我过期未完成的认领", count=row["late"], path="my", late=True),
        Waiting(title="我被退回的认领", count=row["sent_back"], path="my"),
    ]
