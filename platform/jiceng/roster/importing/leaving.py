"""Whoever has left the roster does not log in any more (control 16): after each import, and every night."""

from jiceng.accounts.managing.standing import disable_persons
from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, fetch

_LEFT = """
select m.number from account a
join member m on m.tenant_id = a.tenant_id and m.number = a.person
where a.tenant_id = $1 and a.state <> 'disabled'
  and exists (select 1 from membership b
    where b.tenant_id = m.tenant_id and b.member = m.id and b.until <= $2)
  and not exists (select 1 from membership b
    where b.tenant_id = m.tenant_id and b.member = m.id and (b.until is null or b.until > $2))
"""


async def disable_leavers() -> int:
    """Disable the accounts of members who belong to no organization any more; returns how many.

    Their sessions end with it, at once.
    """
    rows = await fetch(_LEFT, current_tenant(), clock.today())
    return await disable_persons([row["number"] for row in rows])
