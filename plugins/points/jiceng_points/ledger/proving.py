"""The proof: everything the ledger claims, computed anew from its entries."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal  # noqa: TC003 - msgspec reads the annotations

import msgspec

from jiceng.api import now
from jiceng.api.database import current_tenant, fetch, fetch_row, transaction
from jiceng_points.ledger import queries
from jiceng_points.ledger.chain import Break, Sealed, Walk
from jiceng_points.ledger.queries import Totals  # noqa: TC001 - msgspec reads the annotations
from jiceng_points.ledger.schemas import in_points

_BLOCK = 5_000
_SHOWN = 20

_UNBALANCED = """
select t.seq, count(e.id) as entries, coalesce(sum(e.amount), 0)::bigint as total
from points_transfer t left join points_entry e on e.tenant_id = t.tenant_id and e.transfer = t.id
where t.tenant_id = $1 group by t.seq having count(e.id) <> 2 or coalesce(sum(e.amount), 0) <> 0
order by t.seq limit $2
"""
_DIFFERING = """
select a.id, a.kind, a.balance, coalesce(sum(e.amount), 0)::bigint as total
from points_account a left join points_entry e on e.tenant_id = a.tenant_id and e.account = a.id
where a.tenant_id = $1 and a.kind <> 'issued'
group by a.id, a.kind, a.balance having a.balance <> coalesce(sum(e.amount), 0) or a.balance < 0
order by a.id limit $2
"""
_OPEN_HOLDS = """
select coalesce(sum(e.amount), 0)::bigint as total
from points_transfer t join points_entry e on e.tenant_id = t.tenant_id and e.transfer = t.id and e.amount > 0
where t.tenant_id = $1 and t.because = 'gift_held'
  and not exists (select from points_transfer o where o.tenant_id = $1 and o.reverses = t.id)
  and not exists (
    select from points_transfer o
    where o.tenant_id = $1 and o.about = t.about and o.because = 'gift_collected')
"""
_CHAIN = """
select t.seq, t.id, t.at, t.because, t.key, t.about, t.reverses, t.by, t.algorithm, t.digest,
       array_agg(e.account) as accounts, array_agg(e.amount) as amounts
from points_transfer t left join points_entry e on e.tenant_id = t.tenant_id and e.transfer = t.id
where t.tenant_id = $1 and t.seq > $2 group by t.tenant_id, t.id order by t.seq limit $3
"""
_BOOK = "select seq, digest from points_book where tenant_id = $1"


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; the first twenty of each kind of fault. `head` is the digest to keep elsewhere."""

    at: datetime
    transfers: int
    head: str
    totals: Totals
    open_holds: Decimal
    unbalanced: tuple[Break, ...]
    differing: tuple[Break, ...]
    broken: tuple[Break, ...]

    @property
    def sums_agree(self) -> bool:
        """Whether every issued point is with a member, held or spent, and holds are those still open."""
        told = self.totals
        return told.issued == told.members + told.held + told.spent and told.held == self.open_holds

    @property
    def holds(self) -> bool:
        """Whether everything is as it must be."""
        return self.sums_agree and not (self.unbalanced or self.differing or self.broken)


async def prove() -> Proof:
    """Recompute everything, on one unmoving view of the tenant's ledger."""
    tenant = current_tenant()
    async with transaction("repeatable read"):
        book = await fetch_row(_BOOK, tenant)
        seq, digest = (book["seq"], book["digest"]) if book else (0, b"")
        walk = Walk()
        await _go_along(walk)
        return Proof(
            at=now(),
            transfers=seq,
            head=digest.hex(),
            totals=await queries.totals(),
            open_holds=in_points((await fetch_row(_OPEN_HOLDS, tenant))["total"]),
            unbalanced=tuple(
                Break(row["seq"], f"有 {row['entries']} 条分录，合计 {in_points(row['total'])} 分")
                for row in await fetch(_UNBALANCED, tenant, _SHOWN)
            ),
            differing=tuple(
                Break(0, f"账户余额 {in_points(row['balance'])}，分录合计 {in_points(row['total'])}")
                for row in await fetch(_DIFFERING, tenant, _SHOWN)
            ),
            broken=tuple(walk.end(seq, digest)[:_SHOWN]),
        )


async def _go_along(walk: Walk) -> None:
    tenant = current_tenant()
    while rows := await fetch(_CHAIN, tenant, walk.seq, _BLOCK):
        for row in rows:
            entries = tuple(zip(row["accounts"], row["amounts"], strict=True))
            walk.see(
                Sealed(
                    tenant=tenant,
                    entries=() if entries == ((None, None),) else entries,
                    **{name: row[name] for name in _SEALED},
                ),
                row["digest"],
            )


_SEALED = ("seq", "id", "at", "because", "key", "about", "reverses", "by", "algorithm")
