"""Reading accounts of the current tenant."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jiceng.accounts.schemas import AccountInfo
from jiceng.accounts.signing_in.persons import ADMINS_PROVE, POLICY, SEPARATION, Rules
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, fetch
from jiceng.kernel.invisible import visible
from jiceng.tenancy.queries import setting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from jiceng.accounts.signing_in.policy import PolicyName


UNUSED_AFTER = timedelta(days=90)
_FACTOR = (
    "EXISTS (SELECT 1 FROM second_factor f WHERE f.tenant_id = a.tenant_id AND f.account = a.id"
    " AND f.confirmed_at IS NOT NULL) AS second_factor"
)
_ACCOUNT = f"""
SELECT a.id, a.login, a.name, a.role, a.state, a.person, a.password_hash, a.password_check, {_FACTOR}
FROM account a WHERE a.tenant_id = $1
"""  # noqa: S608 - constants
_LISTED = f"""
SELECT a.id, a.login, a.name, a.role, a.state, u.last_seen, a.scope, a.organization, a.person, {_FACTOR},
  greatest(a.created_at, a.enabled_at, u.last_seen) < $2 AS unused
FROM account a LEFT JOIN LATERAL (
  SELECT greatest(
    (SELECT max(s.seen_at) FROM account_session s WHERE s.tenant_id = a.tenant_id AND s.account = a.id),
    (SELECT max(t.used_at) FROM api_token t WHERE t.tenant_id = a.tenant_id AND t.account = a.id)
  ) AS last_seen
) u ON true WHERE a.tenant_id = $1
"""  # noqa: S608 - constants


def canonical(login: str) -> str:
    """A login as it is compared and stored: NFKC, lower case, no spaces around, nothing that nobody sees."""
    return unicodedata.normalize("NFKC", visible(login)).strip().casefold()


async def account_by_login(login: str) -> Mapping[str, Any] | None:
    """The account's row (`_ACCOUNT`), or None."""
    rows = await fetch(
        f"{_ACCOUNT} AND a.login = $2",
        current_tenant(),
        canonical(login),
    )
    return dict(rows[0]) if rows else None


async def account_by_id(account: UUID) -> Mapping[str, Any] | None:
    """The account's row (`_ACCOUNT`), or None (also for a foreign tenant's)."""
    rows = await fetch(
        f"{_ACCOUNT} AND a.id = $2",
        current_tenant(),
        account,
    )
    return dict(rows[0]) if rows else None


async def accounts() -> list[AccountInfo]:
    """Every account of the tenant by login, with the time a person or a program last used it."""
    rows = await fetch(f"{_LISTED} ORDER BY a.login", current_tenant(), now() - UNUSED_AFTER)
    return [AccountInfo(**dict(row)) for row in rows]


async def account_info(account: UUID) -> AccountInfo | None:
    """One account of the tenant, or None."""
    rows = await fetch(f"{_LISTED} AND a.id = $3", current_tenant(), now() - UNUSED_AFTER, account)
    return AccountInfo(**dict(rows[0])) if rows else None


async def rules() -> Rules:
    """The tenant's settings about accounts that hold today."""
    values = {name: await setting(name, today()) for name in (SEPARATION, POLICY, ADMINS_PROVE)}
    return Rules(**{name: value for name, value in values.items() if value is not None})


async def names_of(accounts: Collection[UUID]) -> dict[UUID, str]:
    """The names of these accounts of the tenant, by id."""
    rows = await fetch(
        "SELECT id, name FROM account WHERE tenant_id = $1 AND id = ANY($2)", current_tenant(), list(accounts)
    )
    return {row["id"]: row["name"] for row in rows}


async def password_policy() -> PolicyName:
    """The policy the tenant has set (dated setting `password_policy`); asvs unless it chose mlps3."""
    return "mlps3" if await setting(POLICY, today()) == "mlps3" else "asvs"
