"""A ballot made by mistake: withdrawn by a named person with a reason, as long as nobody took a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.facts.ballots import stored
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined
from jiceng.kernel.errors import Conflict, Invalid

if TYPE_CHECKING:
    from uuid import UUID

LONGEST_REASON = 300
_TAKEN = """
select exists (select 1 from ballot_voter where tenant_id = $1 and ballot = $2 and way <> '')
  or exists (select 1 from ballot_envelope where tenant_id = $1 and ballot = $2)
  or exists (select 1 from ballot_batch b join ballot_party p on p.tenant_id = $1 and p.id = b.party
             where b.tenant_id = $1 and p.ballot = $2)
"""
_WITHDRAW = """
update ballot set state = 'withdrawn', seal = ''::bytea, withdrawn_by = $3, withdrawn_at = $4,
  withdrawn_reason = $5
where tenant_id = $1 and id = $2
"""


async def taken(ballot_id: UUID) -> bool:
    """Whether somebody has a paper, or papers were typed: then the ballot must be counted."""
    found: bool = await fetch_value(_TAKEN, current_tenant(), ballot_id)
    return found


async def withdraw(ballot_id: UUID, reason: str, *, by: UUID) -> None:
    """Withdraw a ballot; its links end, it stays in the list with who withdrew it and why.

    Raises NotFound; Conflict when it was counted or withdrawn, or somebody took a paper; Invalid without
    a reason.
    """
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON:
        raise Invalid([f"请写明撤回的理由，最多 {LONGEST_REASON} 字"], "票决没有撤回")
    async with joined():
        ballot = await stored.locked(
            ballot_id, "draft", "open", "closed", what="这次票决已经计票或撤回，不能撤回"
        )
        if await taken(ballot_id):
            raise Conflict(
                "已经有人领票，这次票决不能撤回",
                where=ballot.title,
                todo_zh="请办完并计票；投出的票不能作废",
            )
        await execute(_WITHDRAW, current_tenant(), ballot_id, by, now(), why)
        record(Event.BALLOT_CHANGED, ("ballot", ballot_id), state="withdrawn", number=ballot.number)
