"""What the ledger says: balances, a member's entries, what waits, the tenant's totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.api.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng_points.ledger.schemas import Line, in_points

if TYPE_CHECKING:
    from decimal import Decimal
    from uuid import UUID

_BALANCE = "select balance from points_account where tenant_id = $1 and kind = 'member' and holder = $2"
_BALANCES = """
select holder, balance from points_account where tenant_id = $1 and kind = 'member' and holder = any($2)
"""
_HOLDER = "select holder from points_account where tenant_id = $1 and id = $2"
_WAITING = """
select coalesce(sum(e.amount), 0)::bigint from points_recall r
join points_entry e on e.tenant_id = r.tenant_id and e.transfer = r.credit and e.amount > 0
where r.tenant_id = $1 and r.member = $2 and r.settled_by is null
"""
_SPENDABLE = f"select ({_BALANCE}) as balance, ({_WAITING}) as waiting"
_LINES = """
with mine as (
  select t.id as transfer, t.seq, t.at, t.because, t.reverses, e.amount,
         sum(e.amount) over (order by t.seq)::bigint as balance
  from points_account a
  join points_entry e on e.tenant_id = a.tenant_id and e.account = a.id
  join points_transfer t on t.tenant_id = e.tenant_id and t.id = e.transfer
  where a.tenant_id = $1 and a.kind = 'member' and a.holder = $2
)
select m.transfer, m.seq, m.at, m.because, m.amount, m.balance, r.seq as reverses, b.seq as reversed_by
from mine m
left join points_transfer r on r.tenant_id = $1 and r.id = m.reverses
left join points_transfer b on b.tenant_id = $1 and b.reverses = m.transfer
order by m.seq desc limit $3 offset $4
"""
_BOOKED = """
select t.id, t.key, t.about, g.account as giver, e.account as taker, e.amount, a.holder, back.id as reversal
from points_transfer t
join points_entry e on e.tenant_id = t.tenant_id and e.transfer = t.id and e.amount > 0
join points_entry g on g.tenant_id = t.tenant_id and g.transfer = t.id and g.amount < 0
join points_account a on a.tenant_id = t.tenant_id and a.id = e.account
left join points_transfer back on back.tenant_id = t.tenant_id and back.reverses = t.id
where t.tenant_id = $1 and (t.key = $2 or t.id = $3)
"""
_COUNT = """
select count(*) from points_entry e join points_account a on a.tenant_id = e.tenant_id and a.id = e.account
where a.tenant_id = $1 and a.kind = 'member' and a.holder = $2
"""
_TOTALS = """
select -coalesce(sum(e.amount) filter (where a.kind = 'issued'), 0)::bigint as issued,
       coalesce(sum(e.amount) filter (where a.kind = 'member'), 0)::bigint as members,
       coalesce(sum(e.amount) filter (where a.kind = 'held'), 0)::bigint as held,
       coalesce(sum(e.amount) filter (where a.kind = 'spent'), 0)::bigint as spent
from points_entry e join points_account a on a.tenant_id = e.tenant_id and a.id = e.account
where e.tenant_id = $1
"""


class Totals(msgspec.Struct, frozen=True):
    """Where the tenant's points are; issued = members + held + spent."""

    issued: Decimal
    members: Decimal
    held: Decimal
    spent: Decimal


class Booked(msgspec.Struct, frozen=True):
    """A transfer: from `giver` to `taker` (accounts); `holder` is the taker's member, if it is one's."""

    id: UUID
    key: str
    about: UUID | None
    giver: UUID
    taker: UUID
    amount: int
    holder: UUID | None
    reversal: UUID | None


async def booked(*, key: str | None = None, transfer: UUID | None = None) -> Booked | None:
    """Return the transfer with a key or an id."""
    row = await fetch_row(_BOOKED, current_tenant(), key, transfer)
    return Booked(**row) if row else None


async def hundredths_of(member: UUID) -> int:
    """Return a member's balance in hundredths of a point."""
    return int(await fetch_value(_BALANCE, current_tenant(), member) or 0)


async def spendable(member: UUID) -> tuple[int, int]:
    """Return a member's balance and what waits to be taken back from it, in hundredths of a point."""
    row = await fetch_row(_SPENDABLE, current_tenant(), member)
    return row["balance"] or 0, row["waiting"]


async def balance(member: UUID) -> Decimal:
    """Return what a member may spend now; held points are not in it."""
    return in_points(await hundredths_of(member))


async def balances(members: list[UUID]) -> dict[UUID, Decimal]:
    """Return the balances of many members; one without an account is not in it."""
    rows = await fetch(_BALANCES, current_tenant(), members)
    return {row["holder"]: in_points(row["balance"]) for row in rows}


async def waiting(member: UUID) -> Decimal:
    """Return how many points wait to be taken back from a member."""
    return in_points(await fetch_value(_WAITING, current_tenant(), member))


async def lines(member: UUID, page: int = 1, size: int = 50) -> list[Line]:
    """Return a page of a member's entries, newest first, each with the balance after it."""
    rows = await fetch(_LINES, current_tenant(), member, size, (page - 1) * size)
    return [
        Line(
            transfer=row["transfer"],
            seq=row["seq"],
            at=row["at"],
            because=row["because"],
            points=in_points(row["amount"]),
            balance=in_points(row["balance"]),
            reverses=row["reverses"],
            reversed_by=row["reversed_by"],
        )
        for row in rows
    ]


async def count_lines(member: UUID) -> int:
    """Return how many entries a member has."""
    return int(await fetch_value(_COUNT, current_tenant(), member))


async def holder_of(account: UUID) -> UUID:
    """Return the member an account belongs to."""
    found: UUID = await fetch_value(_HOLDER, current_tenant(), account)
    return found


async def totals() -> Totals:
    """Return where the tenant's points are, summed from entries."""
    row = await fetch_row(_TOTALS, current_tenant())
    return Totals(*(in_points(row[name]) for name in ("issued", "members", "held", "spent")))
