"""Units that took no part: a proposal each, taken or dropped by a named person with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.facts.ballots import stored
from jiceng.kernel.audit import Event, record
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.roster.queries import names

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

LONGEST_REASON = 500
DECISIONS = {"taken": "采纳", "dropped": "不采纳"}
_PROPOSED = """
select s.id, s.ballot, s.subject, s.decided, s.reason, s.decided_by, b.title, b.number, b.state
from ballot_subject s join ballot b on b.tenant_id = s.tenant_id and b.id = s.ballot
where s.tenant_id = $1 and not s.took_part and b.state not in ('draft', 'withdrawn')
order by b.number desc, s.place
"""
_DECIDE = """
update ballot_subject set decided = $4, reason = $5, decided_by = $6
where tenant_id = $1 and ballot = $2 and id = $3 and not took_part and decided = ''
"""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A subject that took no part in a ballot: 拟 losing its eligibility, until somebody decides."""

    id: UUID
    ballot: UUID
    number: int
    title: str
    name: str
    decided: str
    reason: str


async def proposals() -> list[Proposal]:
    """Every subject of an opened ballot that took no part, newest ballot first."""
    rows = await fetch(_PROPOSED, current_tenant())
    known = await names([row["subject"] for row in rows])
    return [_proposal(row, known.get(row["subject"], "—")) for row in rows]


async def decide(ballot_id: UUID, row: UUID, decision: str, reason: str, *, by: UUID) -> None:
    """Take the proposal about a subject or drop it. Invalid without a reason, Conflict once decided."""
    faults = []
    if decision not in DECISIONS:
        faults.append("请选择采纳或不采纳")
    if not reason.strip() or len(reason) > LONGEST_REASON:
        faults.append(f"理由不能为空，最多 {LONGEST_REASON} 字")
    async with joined():
        ballot = await stored.ballot(ballot_id)
        if row not in {one.id for one in await stored.subjects(ballot_id)}:
            raise NotFound("票上没有这个对象")
        if faults:
            raise Invalid(faults, "没有保存")
        changed = await execute(_DECIDE, current_tenant(), ballot_id, row, decision, reason.strip(), by)
        if not changed:
            raise Conflict("这个对象参与了评议，或者已经处置过")
        record(Event.BALLOT_PROPOSAL_DECIDED, ("ballot", ballot_id), state=decision, number=ballot.number)


def _proposal(row: Any, name: str) -> Proposal:  # noqa: ANN401 - a database row
    return Proposal(
        id=row["id"],
        ballot=row["ballot"],
        number=row["number"],
        title=row["title"],
        name=name,
        decided=row["decided"],
        reason=row["reason"],
    )
