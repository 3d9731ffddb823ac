"""What may be done with one member's record: read it, give it a security label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.accounts.labels import label_given
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.clock import today
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, joined
from jiceng.kernel.errors import Invalid, NotFound
from jiceng.roster.listing import MemberFilters, find_members
from jiceng.roster.sealing import REASON

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.roster.schemas import MemberRow

LONGEST_REASON = 500


async def member(member_id: UUID) -> MemberRow:
    """The member's record as it may be read here; the read is told to the audit log.

    Raises:
        NotFound: absent, another tenant's, outside the data scope, or labelled too high: all alike.
    """
    found = await find_members(MemberFilters(id=member_id), today(), 1, 1)
    if not found.rows:
        raise NotFound("名册里没有这个人")
    await record_now(Event.MEMBER_READ, ("member", member_id))
    return found.rows[0]


async def set_label(member_id: UUID, level: int, reason: str) -> None:
    """Label the record; the reason is kept with it, sealed.

    Raises:
        NotFound: as `member`. Invalid: no such label, one above the own clearance, or no reason.
    """
    async with joined():
        before = await member(member_id)
        label = label_given(level)
        if not reason.strip():
            raise Invalid(["请写明理由"], "没有保存", where="理由")
        if label == before.sensitivity:
            return
        await execute(
            "update member set sensitivity = $3, sensitivity_reason = $4 where tenant_id = $1 and id = $2",
            current_tenant(),
            member_id,
            int(label),
            (await keyring()).seal(REASON, member_id, reason.strip()[:LONGEST_REASON]),
        )
        record(Event.LABEL_CHANGED, ("member", member_id), level=int(label), level_before=before.sensitivity)
