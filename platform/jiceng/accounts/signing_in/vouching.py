"""Check values beside what people sign in with: a change made in the database directly shows (control 29).

Each is an HMAC by a data key of the tenant, which the database holds wrapped only, over the account and the
stored value: copied from another account, or made by whoever can write rows, it does not fit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.crypto.keyring import keyring
from jiceng.kernel.database import current_tenant, execute, fetch

if TYPE_CHECKING:
    from uuid import UUID

log = structlog.get_logger(__name__)

_PASSWORD, _FACTOR, _RECOVERY = "password", "second factor", "recovery code"
_PASSWORDS = """
select id, id as account, login, password_hash, password_check as kept from account
where tenant_id = $1 and password_hash <> '' order by login
"""
_FACTORS = """
select f.id, f.account, a.login, f.nonce, f.algorithm, f.check_value as kept from second_factor f
join account a on a.tenant_id = f.tenant_id and a.id = f.account where f.tenant_id = $1 order by a.login
"""
_CODES = """
select c.id, c.account, a.login, c.digest, c.check_value as kept from recovery_code c
join account a on a.tenant_id = c.tenant_id and a.id = c.account where c.tenant_id = $1 order by a.login
"""
_KEEP = (
    "update account set password_check = $3 where tenant_id = $1 and id = $2",
    "update second_factor set check_value = $3 where tenant_id = $1 and id = $2",
    "update recovery_code set check_value = $3 where tenant_id = $1 and id = $2",
)
Stored = tuple[str, str]
"""What is vouched for: its kind, and its account and content as one text."""


def password(account: UUID, hashed: str) -> Stored:
    """The hash of an account's password."""
    return _PASSWORD, f"{account}|{hashed}"


def factor(account: UUID, nonce: bytes, algorithm: str) -> Stored:
    """What an account's generator is made from."""
    return _FACTOR, f"{account}|{algorithm}|{nonce.hex()}"


def recovery(account: UUID, digest: bytes) -> Stored:
    """One recovery code of an account."""
    return _RECOVERY, f"{account}|{digest.hex()}"


async def vouch(stored: Stored) -> bytes:
    """The check value to keep beside what is stored."""
    return (await keyring()).vouch(*stored)


async def vouched(stored: Stored, kept: bytes | None) -> bool:
    """Whether the check value beside it fits; one that is missing does not."""
    return (await keyring()).vouched(*stored, kept)


async def alarm(account: UUID) -> None:
    """Tell the audit log, and whoever watches the service, that an account's stored data were changed."""
    log.error("authentication data changed in the database", account=str(account))
    await record_now(Event.AUTHENTICATION_CHANGED, ("account", account), success=False)


async def changed_accounts() -> dict[UUID, str]:
    """The logins, by id, of the current tenant's accounts whose stored data do not fit their check values."""
    keys = await keyring()
    return {
        account: login
        for _, _, account, login, stored, kept in await _all()
        if not keys.vouched(*stored, kept)
    }


async def vouch_for_all() -> int:
    """Give check values to everything of the current tenant that has none; returns how many.

    For the migration that brought the columns, once (it imports this by its path). Later, a missing value is
    a change like any other.
    """
    keys = await keyring()
    missing = [each for each in await _all() if each[-1] is None]
    for keep, row, _, _, stored, _ in missing:
        await execute(keep, current_tenant(), row, keys.vouch(*stored))
    return len(missing)


async def _all() -> list[tuple[str, UUID, UUID, str, Stored, bytes | None]]:
    """How to keep the check value, row, account, login, what is stored, its check value."""
    tenant = current_tenant()
    of_password, of_factor, of_code = _KEEP
    told = [
        (of_password, row, password(row["account"], row["password_hash"]))
        for row in await fetch(_PASSWORDS, tenant)
    ]
    told += [
        (of_factor, row, factor(row["account"], bytes(row["nonce"]), row["algorithm"]))
        for row in await fetch(_FACTORS, tenant)
    ]
    told += [
        (of_code, row, recovery(row["account"], bytes(row["digest"]))) for row in await fetch(_CODES, tenant)
    ]
    return [
        (keep, row["id"], row["account"], row["login"], stored, row["kept"]) for keep, row, stored in told
    ]
