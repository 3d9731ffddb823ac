"""Adding transfers to the book: one writer at a time in a tenant, each sealed with the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from jiceng.api import NotFound, now
from jiceng.api.database import current_tenant, execute, fetch, fetch_row, new_id
from jiceng.api.pages import actor_here
from jiceng_points.ledger.chain import ALGORITHM, Sealed, seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from jiceng_points.ledger.schemas import Move

_OPEN = """
insert into points_book (tenant_id, id, seq, digest) values ($1, $2, 0, '')
on conflict (tenant_id) do update set seq = points_book.seq
returning seq, digest
"""
_ADD_TRANSFERS = """
insert into points_transfer (tenant_id, id, seq, because, key, about, reverses, digest, at, by, algorithm)
select $1, t.*, $9, $10, $11 from unnest(
  $2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::bytea[]) t
"""
_ADD_ENTRIES = """
insert into points_entry (tenant_id, id, transfer, account, amount)
select $1, t.* from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::bigint[]) t
"""
_CLOSE = "update points_book set seq = $2, digest = $3 where tenant_id = $1"
_ADD_ACCOUNTS = """
insert into points_account (tenant_id, id, kind, holder, balance)
select $1, t.id, $4, t.holder, 0 from unnest($2::uuid[], $3::uuid[]) t(id, holder)
on conflict (tenant_id, kind, holder) do nothing
"""
_ACCOUNTS = (
    "select id, holder from points_account where tenant_id = $1 and kind = 'member' and holder = any($2)"
)
_OWN_ACCOUNT = "select id from points_account where tenant_id = $1 and kind = $2 and holder is null"


class OpenBook:
    """The end of the tenant's chain, locked until the transaction ends.

    Take it last: whoever holds it makes every other posting of the tenant wait.
    """

    def __init__(self, seq: int, digest: bytes) -> None:
        self._seq = seq
        self._digest = digest

    async def post(self, moves: Sequence[Move]) -> list[UUID]:
        """Add one transfer for each move, in this order; returns their ids.

        Raises:
            asyncpg.CheckViolationError: a balance would fall below zero; callers look before they post.
        """
        if not moves:
            return []
        moment, person, ids = now(), actor_here().person, [new_id() for _ in moves]
        first, digests = self._seq + 1, []
        for transfer, move in zip(ids, moves, strict=True):
            self._seq += 1
            self._digest = seal(self._digest, _sealed(transfer, self._seq, moment, person, move))
            digests.append(self._digest)
        await execute(
            _ADD_TRANSFERS,
            *(current_tenant(), ids, list(range(first, self._seq + 1))),
            *([move.because.value for move in moves], [move.key for move in moves]),
            *([move.about for move in moves], [move.reverses for move in moves]),
            *(digests, moment, person, ALGORITHM),
        )
        await _add_entries(ids, moves)
        await execute(_CLOSE, current_tenant(), self._seq, self._digest)
        return ids


async def open_book() -> OpenBook:
    """Lock the tenant's book, within the open transaction."""
    row = await fetch_row(_OPEN, current_tenant(), new_id())
    return OpenBook(row["seq"], row["digest"])


async def member_accounts(members: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return each member's account, opened where there was none.

    Raises:
        NotFound: one of them is no member of the current tenant.
    """
    wanted = list(dict.fromkeys(members))
    found = {row["holder"]: row["id"] for row in await fetch(_ACCOUNTS, current_tenant(), wanted)}
    lacking = [member for member in wanted if member not in found]
    if lacking:
        try:
            await execute(_ADD_ACCOUNTS, current_tenant(), [new_id() for _ in lacking], lacking, "member")
        except asyncpg.ForeignKeyViolationError:
            raise NotFound from None
        rows = await fetch(_ACCOUNTS, current_tenant(), lacking)
        found |= {row["holder"]: row["id"] for row in rows}
    return found


async def own_account(kind: str) -> UUID:
    """Return the tenant's own account of a kind (issued, held, spent), opened at first use."""
    row = await fetch_row(_OWN_ACCOUNT, current_tenant(), kind)
    if row is None:
        await execute(_ADD_ACCOUNTS, current_tenant(), [new_id()], [None], kind)
        row = await fetch_row(_OWN_ACCOUNT, current_tenant(), kind)
    found: UUID = row["id"]
    return found


def _sealed(transfer: UUID, seq: int, moment: datetime, person: UUID | None, move: Move) -> Sealed:
    return Sealed(
        tenant=current_tenant(),
        seq=seq,
        id=transfer,
        at=moment,
        because=move.because.value,
        key=move.key,
        about=move.about,
        reverses=move.reverses,
        by=person,
        entries=((move.giver, -move.amount), (move.taker, move.amount)),
    )


async def _add_entries(transfers: Sequence[UUID], moves: Sequence[Move]) -> None:
    both = [
        (new_id(), transfer, account, amount)
        for transfer, move in zip(transfers, moves, strict=True)
        for account, amount in ((move.giver, -move.amount), (move.taker, move.amount))
    ]
    await execute(_ADD_ENTRIES, current_tenant(), *(list(column) for column in zip(*both, strict=True)))
