"""Verifying: by another person, many at once; rejecting with a reason; taking a verification back."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from jiceng.api import Forbidden, Invalid, NotFound, now, today
from jiceng.api.database import bulk_insert, current_tenant, execute, fetch, joined
from jiceng.api.jobs import enqueue
from jiceng.api.pages import Event, record
from jiceng.api.roster import seen_arguments
from jiceng_points.claims.life import ACT_TITLES, LIFE, STATE_TITLES, Act, State
from jiceng_points.claims.queries import labelled
from jiceng_points.claims.service import locked, settle
from jiceng_points.claims.tables import PointsMove
from jiceng_points.ledger import service as ledger
from jiceng_points.ledger.schemas import Because, Credit
from jiceng_points.shelf.service import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any
    from uuid import UUID

    from jiceng_points.claims.schemas import ClaimRow
    from jiceng_points.people.schemas import Actor

POST = "points.post"
"""The job that hands verified claims in as facts."""
MOST_AT_ONCE = 200
_LOCK = """
select c.id, c.number, c.state, c.member, c.organization, c.worth, c.claimed_by, c.done_by, c.times
from points_claim c
where c.tenant_id = $1 and c.id = any($2::uuid[])
  and ($3::uuid[] is null or c.organization = any($3) or c.member = $4)
/* labels */
order by c.number for update of c
"""
_VERIFY = """
update points_claim set state = 'verified', verified_by = $3, verified_on = $4, reason = '', times = times + 1
where tenant_id = $1 and id = any($2::uuid[])
"""


async def verify(ids: Collection[UUID], *, by: Actor) -> int:
    """Verify claims, all of them or none; points count from now on. Returns how many.

    Raises NotFound when one may not be seen here, Invalid naming every claim that cannot be verified: not
    waiting, or claimed, done or reported by the one who verifies.
    """
    wanted = set(ids)
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Invalid([f"一次核验 1 到 {MOST_AT_ONCE} 条"], "没有核验", where="核验")
    async with joined():
        rows = await fetch(labelled(_LOCK), current_tenant(), list(wanted), *await seen_arguments(today()))
        if len(rows) != len(wanted):
            raise NotFound("没有这条认领")
        if faults := [fault for row in rows if (fault := _fault(row, by))]:
            raise Invalid(faults, "一条都没有核验", where="核验")
        await execute(_VERIFY, current_tenant(), list(wanted), by.account, today())
        await _tell(rows, by)
        await credit_verified(rows)
        await post_later()
    return len(rows)


async def reject(claim_id: UUID, reason: str, *, by: Actor) -> None:
    """Send a claim back with the reason; it can be reported again. By another person, as `verify`."""
    async with joined():
        found = await locked(claim_id)
        to = LIFE.after(found.state, Act.REJECT)
        _refuse_own(found, by)
        await settle(found, to, _reasoned(reason), by)


async def revoke(claim_id: UUID, reason: str, *, by: Actor) -> None:
    """Take a verification back: the claim is open again, its fact is withdrawn and its points reversed."""
    async with joined():
        found = await locked(claim_id)
        to = LIFE.after(found.state, Act.REVOKE)
        if found.member in by.ids:
            raise Forbidden("不能处理本人的认领", where=f"第 {found.number} 号", todo_zh="请由另一位同事处理")
        words = _reasoned(reason)
        await execute(
            "update points_claim set verified_by = null, verified_on = null, state = 'rejected'"
            " where tenant_id = $1 and id = $2",
            *(current_tenant(), claim_id),
        )
        await settle(found, to, words, by)
        await ledger.take_back(credit_key(claim_id, found.times))
        await post_later()


async def post_later() -> None:
    """Queue the job that hands verified claims in as facts; one at a time for the tenant."""
    await enqueue(POST, {}, unique=POST)


def credit_key(claim_id: UUID, times: int) -> str:
    """Names the credit of a claim's verification in the ledger; each verification has its own."""
    return f"claim/{claim_id}/{times}"


async def credit_verified(rows: Collection[Any]) -> None:
    """Book the points of members' claims just verified; `times` counts the verifications before."""
    earned = [
        Credit(
            member=row["member"],
            points=Decimal(row["worth"]),
            key=credit_key(row["id"], row["times"] + 1),
            because=Because.CLAIM_VERIFIED,
            about=row["id"],
        )
        for row in rows
        if row["member"] and row["worth"]
    ]
    if earned:
        await ledger.credit_many(earned)


async def _tell(rows: Collection[Any], by: Actor) -> None:
    """Record the moves: one statement for all, one audit entry for each claim."""
    frame = pl.DataFrame(
        {
            "claim": [str(row["id"]) for row in rows],
            "before": [row["state"] for row in rows],
        }
    ).with_columns(
        pl.lit(State.VERIFIED.value).alias("after"),
        pl.lit(now()).alias("at"),
        pl.lit(str(by.account) if by.account else None, dtype=pl.String).alias("by"),
        pl.lit("").alias("words"),
    )
    await bulk_insert(PointsMove, frame)
    for row in rows:
        record(Event.WORK_MOVED, ("points_claim", row["id"]), plugin=PLUGIN, state=State.VERIFIED.value)


def _fault(row: Any, by: Actor) -> str:  # noqa: ANN401 - a database row
    state = State(row["state"])
    if state is not State.DONE:
        return f"第 {row['number']} 号{STATE_TITLES[state]}，不能{ACT_TITLES[Act.VERIFY]}"
    if by.ids & {row["claimed_by"], row["done_by"], row["member"]}:
        return f"第 {row['number']} 号是本人认领或代报的，要由另一个人核验"
    return ""


def _refuse_own(found: ClaimRow, by: Actor) -> None:
    if by.ids & {found.claimed_by, found.done_by, found.member}:
        raise Forbidden(
            "核验的人不能是认领或报完成的人", where=f"第 {found.number} 号", todo_zh="请由另一位同事核验"
        )


def _reasoned(reason: str) -> str:
    if not reason.strip():
        raise Invalid(["请写明理由"], "没有办理", where="理由")
    return reason.strip()[:500]
