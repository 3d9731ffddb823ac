"""Marks on the roll that somebody has a paper: once each, and without a trace of the order.

Every mark rewrites all rows of the party's roll, so that what stands in the table is the same whoever came
first: no row is newer than another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.facts.ballots import stored
from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import current_tenant, execute, fetch_value, in_transaction, joined
from jiceng.kernel.errors import Conflict, NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.facts.ballots.schemas import Way

_ALONE = "select id from ballot_party where tenant_id = $1 and id = $2 for update"
_WAY = "select way from ballot_voter where tenant_id = $1 and party = $2 and id = $3"
_MARK = """
update ballot_voter set way = case when id = $3 then $4 else way end where tenant_id = $1 and party = $2
"""
_REST = """
update ballot_voter set way = case when way = '' then 'paper' else way end
where tenant_id = $1 and party = $2
"""
_RUNNING = ("open", "closed")
_NOT_RUNNING = "票决没有开放，或者已经计票"


async def mark(party: UUID, voter: UUID, *, before: Way, after: Way) -> bool:
    """Set what a voter has from `before` to `after`; False when he has something else. In a transaction.

    Only one mark at a time is set in a party, so two requests for one voter cannot both succeed.
    """
    in_transaction()
    await fetch_value(_ALONE, current_tenant(), party)
    if await fetch_value(_WAY, current_tenant(), party, voter) != before:
        return False
    await execute(_MARK, current_tenant(), party, voter, after)
    return True


async def hand_out(party_id: UUID, voter: UUID) -> None:
    """Note that a voter was handed a sheet of paper; his link ends. Conflict when he has a paper already."""
    async with joined():
        ballot, _ = await stored.party(party_id)
        await _there(party_id, voter)
        await stored.locked(ballot.id, *_RUNNING, what=_NOT_RUNNING)
        if not await mark(party_id, voter, before="", after="paper"):
            raise Conflict("这个人已经领过票", todo_zh="每人只能领一张票")
        record(Event.BALLOT_PAPERS_HANDED, ("ballot", ballot.id), count=1)


async def take_back(party_id: UUID, voter: UUID) -> None:
    """Undo `hand_out` for a sheet that came back unused; Conflict when it is not there to be undone."""
    async with joined():
        ballot, _ = await stored.party(party_id)
        await _there(party_id, voter)
        await stored.locked(ballot.id, *_RUNNING, what=_NOT_RUNNING)
        _, party = await stored.party(party_id)  # once more: another sheet may have come back meanwhile
        if await stored.papers_typed(party_id) >= party.paper:
            raise Conflict("发出的纸质票都已录入，不能收回", todo_zh="请先核对各批次的份数")
        if not await mark(party_id, voter, before="paper", after=""):
            raise Conflict("这个人没有领纸质票")
        record(Event.BALLOT_PAPERS_HANDED, ("ballot", ballot.id), count=1, state="back")


async def hand_out_rest(party_id: UUID) -> int:
    """Note that everybody who has no paper yet was handed a sheet; returns how many."""
    async with joined():
        ballot, _ = await stored.party(party_id)
        await stored.locked(ballot.id, *_RUNNING, what=_NOT_RUNNING)
        _, party = await stored.party(party_id)  # once more: somebody may have taken his paper meanwhile
        await fetch_value(_ALONE, current_tenant(), party_id)
        await execute(_REST, current_tenant(), party_id)
        rest = party.entitled - party.online - party.paper
        record(Event.BALLOT_PAPERS_HANDED, ("ballot", ballot.id), count=rest)
    return rest


async def _there(party_id: UUID, voter: UUID) -> None:
    if await fetch_value(_WAY, current_tenant(), party_id, voter) is None:
        raise NotFound("名册上没有这个人")
