"""What each account signs in with now, told to the audit log under the tenant's key (control 29).

A check value says that the service stored something once. An old pair of hash and check value put back still
fits, and of a generator that was deleted as a whole nothing is left that could not fit. So every change tells
the log one value over all that the account signs in with and a number that only grows. What is stored has to
be what the newest entry says; an older entry written again behind the others has a number that was passed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from jiceng.accounts.signing_in.vouching import changed_accounts
from jiceng.kernel.audit import Event, record, record_here
from jiceng.kernel.clock import now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch, joined

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from jiceng.kernel.crypto.keyring import Keyring

TOLD_AGAIN_AFTER = timedelta(days=90)
"""So that an entry never reaches the age at which the log is purged, six months at least."""
_PLACE = "what an account signs in with"
_STORED = """
select a.id, a.login, encode(a.password_check, 'hex') as password,
  (select encode(f.check_value, 'hex') from second_factor f
   where f.tenant_id = a.tenant_id and f.account = a.id and f.confirmed_at is not null) as factor,
  (select string_agg(encode(c.check_value, 'hex'), ',' order by c.check_value) from recovery_code c
   where c.tenant_id = a.tenant_id and c.account = a.id and c.used_at is null) as codes
from account a where a.tenant_id = $1 and ($2::uuid is null or a.id = $2) and (a.password_hash <> ''
  or exists (select 1 from second_factor f where f.tenant_id = a.tenant_id and f.account = a.id))
order by a.login
"""
_TOLD = """
select object_id, (array_agg(details order by seq desc))[1] as newest, max(at) as at,
  max((details::jsonb ->> 'number')::bigint) as passed
from audit_entry where tenant_id = $1 and event = $2 and ($3::text is null or object_id = $3)
group by object_id
"""
_LOCK = "select id from account where tenant_id = $1 and id = $2 for update"


class _Told(msgspec.Struct, frozen=True):
    """The newest entry about an account: its number and value; `passed` is the highest number of any."""

    passed: int
    at: datetime
    number: int
    digest: str


async def anchor(account: UUID) -> None:
    """Tell the log what the account signs in with; once, at the end of the transaction that changed it."""
    async with joined():
        await execute(_LOCK, current_tenant(), account)
        number, digest = await _entry(account)
        record(Event.AUTHENTICATION_KEPT, ("account", account), number=number, digest=digest)


async def anchored(account: UUID) -> bool:
    """Whether the account signs in with what the log was told of last."""
    stored, told, keys = await _stored(account), await _told(account), await keyring()
    return all(_fits(keys, row, told.get(account)) for row in stored.values())


async def touched_accounts() -> dict[UUID, str]:
    """The logins, by id, of the tenant's accounts whose stored data are not the latest the service stored."""
    stored, told, keys = await _stored(), await _told(), await keyring()
    strayed = {one: row["login"] for one, row in stored.items() if not _fits(keys, row, told.get(one))}
    return await changed_accounts() | strayed


async def anchor_again() -> int:
    """Tell anew what entries older than 90 days say, where it still holds; returns how many accounts."""
    stored, told, keys = await _stored(), await _told(), await keyring()
    old = [
        one
        for one, row in stored.items()
        if (last := told.get(one)) and now() - last.at > TOLD_AGAIN_AFTER and _fits(keys, row, last)
    ]
    for account in old:
        await anchor(account)
    return len(old)


async def anchor_all() -> int:
    """Tell the log of every account of the current tenant it knows nothing of; returns how many.

    For the migration that brought the entries, once (it imports this by its path). Later, an account that
    the log knows nothing of was changed past the service.
    """
    told = await _told()
    new = [account for account in await _stored() if account not in told]
    for account in new:
        number, digest = await _entry(account)
        await record_here(Event.AUTHENTICATION_KEPT, ("account", account), number=number, digest=digest)
    return len(new)


async def _entry(account: UUID) -> tuple[int, str]:
    """What the log is told: the next number, and the value over it and all that is stored now."""
    last = (await _told(account)).get(account)
    number = last.passed + 1 if last else 1
    stored = (await _stored(account)).get(account, {})
    return number, (await keyring()).vouch(_PLACE, _text(account, number, stored)).hex()


def _fits(keys: Keyring, row: Mapping[str, Any], last: _Told | None) -> bool:
    return (
        last is not None
        and last.number == last.passed
        and keys.vouched(_PLACE, _text(row["id"], last.number, row), bytes.fromhex(last.digest))
    )


def _text(account: UUID, number: int, row: Mapping[str, Any]) -> str:
    held = (row.get(name) or "" for name in ("password", "factor", "codes"))
    return "|".join((str(account), str(number), *held))


async def _stored(account: UUID | None = None) -> dict[UUID, Mapping[str, Any]]:
    return {row["id"]: row for row in await fetch(_STORED, current_tenant(), account)}


async def _told(account: UUID | None = None) -> dict[UUID, _Told]:
    about = None if account is None else str(account)
    rows = await fetch(_TOLD, current_tenant(), Event.AUTHENTICATION_KEPT.value, about)
    return {
        UUID(row["object_id"]): _Told(row["passed"], row["at"], **msgspec.json.decode(row["newest"]))
        for row in rows
    }
