"""The second person's side: requests that wait, approving (the act happens then), rejecting, withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from jiceng.accounts.access import may
from jiceng.accounts.second_person.asking import LONGEST_REASON, approved
from jiceng.accounts.second_person.kinds import KINDS, Act
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import (
    current_tenant,
    execute,
    fetch,
    fetch_row,
    fetch_value,
    savepoint,
    transaction,
)
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime
    from uuid import UUID

    from jiceng.accounts.schemas import SignedIn

State = Literal["waiting", "done", "granted", "rejected", "withdrawn", "expired", "stale"]
STATE_WORDS: dict[str, str] = {
    "waiting": "待批准",
    "done": "已执行",
    "granted": "已批准，等本人导出",
    "rejected": "已驳回",
    "withdrawn": "已撤回",
    "expired": "已过期",
    "stale": "情况已变，没有执行",
}
_LIST = """
select q.id, q.act, q.title, q.reason, q.asked_by, a.name as asker, q.asked_at, q.expires_at,
  case when q.state = 'waiting' and q.expires_at <= $2 then 'expired' else q.state end as state,
  d.name as decider, q.decided_at, q.decision
from approval_request q
join account a on a.tenant_id = q.tenant_id and a.id = q.asked_by
left join account d on d.tenant_id = q.tenant_id and d.id = q.decided_by
where q.tenant_id = $1 order by q.state <> 'waiting', q.asked_at desc limit $3
"""
_ASKER = "select state from account where tenant_id = $1 and id = $2 for share"
_DECIDE = """
update approval_request set state = $3, waits_for = null, decided_by = $4, decided_at = $5, decision = $6
where tenant_id = $1 and id = $2
"""


class Asked(msgspec.Struct, frozen=True):
    """A request as the page lists it."""

    id: UUID
    act: str
    title: str
    reason: str
    asked_by: UUID
    asker: str
    asked_at: datetime
    expires_at: datetime
    state: str
    decider: str | None
    decided_at: datetime | None
    decision: str

    @property
    def waiting(self) -> bool:
        """Whether somebody may still decide it."""
        return self.state == "waiting"


async def requests(most: int | None = None) -> list[Asked]:
    """The requests of the current tenant: those that wait first, then the latest; `most` of them or all."""
    return [Asked(**dict(row)) for row in await fetch(_LIST, current_tenant(), now(), most)]


async def approve(
    request: UUID,
    reason: str,
    by: SignedIn,
    acts: Mapping[Act, Callable[[Mapping[str, Any], UUID], Awaitable[object]] | None],
) -> State:
    """Approve: the act happens now, in the same transaction, exactly as it was asked for.

    An act without a function gives its result to the one who asked, so it is granted to him once. What has
    become impossible meanwhile is not done; the request then ends as stale, with the words of the refusal.

    Raises:
        NotFound. Forbidden: the same person, or one without the act's permission. Conflict: decided
        already, expired, or asked for by somebody disabled since. Invalid: no reason. Conflict with the act's
        own words when it went stale.
    """
    async with transaction():
        row = await _open(request, reason, by)
        await _refuse_without_asker(row)
        act = Act(row["act"])
        do, refused = acts[act], None
        state: State = "granted" if do is None else "done"
        if do is not None:
            try:
                async with savepoint():
                    with approved(act):
                        await do(msgspec.json.decode(row["arguments"]), row["asked_by"])
            except Refusal as error:
                state, refused = "stale", error
        words = reason.strip() if refused is None else refused.what_zh
        await _decide(request, state, by, words)
    if refused is not None:
        raise Conflict(
            f"提交以后情况已经变了，没有执行：{refused.what_zh}", refused.where, "请提交人核对后重新提交"
        )
    return state


async def reject(request: UUID, reason: str, by: SignedIn) -> None:
    """Reject, with a reason; raises as `approve`."""
    async with transaction():
        await _open(request, reason, by)
        await _decide(request, "rejected", by, reason.strip())


async def withdraw(request: UUID, by: SignedIn) -> None:
    """Take one's own request back.

    Raises:
        NotFound: none. Forbidden: somebody else's. Conflict: decided already.
    """
    async with transaction():
        row = await _locked(request)
        if row["asked_by"] != by.id:
            raise Forbidden("只有提交人可以撤回", KINDS[Act(row["act"])].zh)
        await _decide(request, "withdrawn", by, "")


async def _locked(request: UUID) -> Mapping[str, Any]:
    row: Mapping[str, Any] | None = await fetch_row(
        "select * from approval_request where tenant_id = $1 and id = $2 for update",
        current_tenant(),
        request,
    )
    if row is None:
        raise NotFound("没有这件待批的事")
    if row["state"] != "waiting":
        raise Conflict(f"这件事{STATE_WORDS[row['state']]}", row["title"], "请刷新页面")
    return row


async def _open(request: UUID, reason: str, by: SignedIn) -> Mapping[str, Any]:
    """The request, locked, if this person may decide it now."""
    row = await _locked(request)
    if row["asked_by"] == by.id:
        raise Forbidden("提交人自己不能批准或驳回", row["title"], "请另一位有权的同事办理")
    if not may(by, KINDS[Act(row["act"])].permission):
        raise Forbidden("您没有办理这件事的权限", row["title"], "请有权的同事办理")
    if row["expires_at"] <= now():
        raise Conflict("这件事已经过期", row["title"], "请提交人重新提交")
    if not reason.strip():
        raise Invalid(["请写明意见"], "没有办理", where="意见")
    return row


async def _refuse_without_asker(row: Mapping[str, Any]) -> None:
    """Whose account is disabled meanwhile has nothing done in his name; rejecting it remains."""
    state = await fetch_value(_ASKER, current_tenant(), row["asked_by"])
    if state == "disabled":
        raise Conflict("提交人的账号已经停用，不能批准", row["title"], "请驳回，再由在职的同事重新提交")


async def _decide(request: UUID, state: State, by: SignedIn, words: str) -> None:
    await execute(_DECIDE, current_tenant(), request, state, by.id, now(), words[:LONGEST_REASON])
    record(
        Event.APPROVAL_DECIDED,
        ("approval_request", request),
        success=state in {"done", "granted"},
        state=state,
    )
