"""Reads of redemption: the catalogue, redemptions of a member or of everybody seen, stock and its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jiceng.api import NotFound, today
from jiceng.api.database import current_tenant, fetch, fetch_row, fetch_value
from jiceng.api.roster import cleared, seen_arguments
from jiceng_points.ledger.schemas import in_points
from jiceng_points.redemption.schemas import Gift, Redemption, StockMove

if TYPE_CHECKING:
    from uuid import UUID

_GIFTS = """
select g.id, g.title, g.details, g.price, g.stock, g.each_year, g.offered, g.version,
  (select count(*) from points_redemption r
   where r.tenant_id = $1 and r.gift = g.id and r.state = 'held') as held
from points_gift g where g.tenant_id = $1
"""
_REDEMPTIONS = """
select r.id, r.gift, g.title, r.member, r.price, r.state, r.code, r.until, r.held_at, r.ended_at
from points_redemption r join points_gift g on g.tenant_id = $1 and g.id = r.gift
where r.tenant_id = $1
"""
# A member is seen through the organization he belongs to on the day, or as oneself, and by his label.
_SEEN = """
 and ($2::uuid[] is null or r.member = $3 or exists (
   select from membership b where b.tenant_id = $1 and b.member = r.member and b.organization = any($2)
     and b.since <= $4 and (b.until is null or b.until > $4)))
 and exists (select from member m where m.tenant_id = $1 and m.id = r.member {cleared})
"""
_COUNT = "select count(*) from points_redemption r where r.tenant_id = $1 and r.state = 'held'"
_MOVES = """
select change, kind, at, sum(change) over (order by at, id)::integer as left
from points_stock_move where tenant_id = $1 and gift = $2 order by at desc, id desc limit $3
"""


async def gifts(*, offered: bool = False) -> list[Gift]:
    """The catalogue by price; `offered` leaves out what is no longer shown to members."""
    rows = await fetch(
        f"{_GIFTS} and (g.offered or not $2) order by g.price, g.title", current_tenant(), offered
    )
    return [_gift(row) for row in rows]


async def gift(gift_id: UUID) -> Gift:
    """One gift; NotFound when the tenant has no such."""
    row = await fetch_row(f"{_GIFTS} and g.id = $2", current_tenant(), gift_id)
    if row is None:
        raise NotFound
    return _gift(row)


async def moves(gift_id: UUID, most: int = 100) -> list[StockMove]:
    """The latest changes of a gift's stock, newest first."""
    rows = await fetch(_MOVES, current_tenant(), gift_id, most)
    return [StockMove(**row) for row in rows]


async def of_member(member: UUID, most: int = 100) -> list[Redemption]:
    """A member's redemptions, newest first."""
    rows = await fetch(
        f"{_REDEMPTIONS} and r.member = $2 order by r.held_at desc, r.id desc limit $3",
        *(current_tenant(), member, most),
    )
    return [_redemption(row) for row in rows]


async def open_ones(most: int = 200) -> list[Redemption]:
    """What waits for pick-up among the members seen here, the earliest last day first; without codes."""
    rows = await fetch(
        f"{_REDEMPTIONS} {_seen()} and r.state = 'held' order by r.until, r.held_at, r.id limit $5",
        *(current_tenant(), *await seen_arguments(today()), today(), most),
    )
    return [_redemption({**row, "code": None}) for row in rows]


async def count_open() -> int:
    """How many wait for pick-up among the members seen here."""
    found: int = await fetch_value(
        f"{_COUNT} {_seen()}", current_tenant(), *await seen_arguments(today()), today()
    )
    return found


async def redemption(redemption_id: UUID) -> Redemption | None:
    """One redemption of the tenant, seen or not: for deciding, not for showing."""
    row = await fetch_row(f"{_REDEMPTIONS} and r.id = $2", current_tenant(), redemption_id)
    return None if row is None else _redemption(row)


async def seen_redemption(redemption_id: UUID) -> Redemption:
    """One redemption whose member is seen here; NotFound otherwise."""
    row = await fetch_row(
        f"{_REDEMPTIONS} {_seen()} and r.id = $5",
        *(current_tenant(), *await seen_arguments(today()), today(), redemption_id),
    )
    if row is None:
        raise NotFound
    return _redemption(row)


async def by_code(code: str) -> Redemption | None:
    """What waits under a code, when its member is seen here."""
    row = await fetch_row(
        f"{_REDEMPTIONS} {_seen()} and r.code = $5",
        *(current_tenant(), *await seen_arguments(today()), today(), code),
    )
    return None if row is None else _redemption(row)


def _seen() -> str:
    return _SEEN.format(cleared=cleared("m"))


def _gift(row: Any) -> Gift:  # noqa: ANN401 - a database row
    return Gift(**{**row, "price": in_points(row["price"])})


def _redemption(row: Any) -> Redemption:  # noqa: ANN401 - a database row
    overdue = row["state"] == "held" and row["until"] < today()
    return Redemption(**{**row, "price": in_points(row["price"])}, overdue=overdue)
