"""Reading accounts of the current tenant."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from jiceng.accounts.schemas import AccountInfo
from jiceng.kernel.clock import today
from jiceng.kernel.database import current_tenant, fetch
from jiceng.tenancy.queries import setting

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from jiceng.accounts.signing_in.policy import PolicyName


def canonical(login: str) -> str:
    """A login as it is compared and stored: NFKC, lower case, no spaces around."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


async def account_by_login(login: str) -> Mapping[str, Any] | None:
    """The account's id, name, role, state and password hash, or None."""
    rows = await fetch(
        "SELECT id, login, name, role, state, password_hash FROM account WHERE tenant_id = $1 AND login = $2",
        current_tenant(),
        canonical(login),
    )
    return dict(rows[0]) if rows else None


async def account_by_id(account: UUID) -> Mapping[str, Any] | None:
    """The account's id, login, name, role, state and password hash, or None (also for a foreign tenant's)."""
    rows = await fetch(
        "SELECT id, login, name, role, state, password_hash FROM account WHERE tenant_id = $1 AND id = $2",
        current_tenant(),
        account,
    )
    return dict(rows[0]) if rows else None


async def accounts() -> list[AccountInfo]:
    """Every account of the tenant by login, with the time it was last seen."""
    rows = await fetch(
        "SELECT a.id, a.login, a.name, a.role, a.state, max(s.seen_at) AS last_seen FROM account a"
        " LEFT JOIN account_session s ON s.tenant_id = a.tenant_id AND s.account = a.id"
        " WHERE a.tenant_id = $1 GROUP BY a.id, a.login, a.name, a.role, a.state ORDER BY a.login",
        current_tenant(),
    )
    return [AccountInfo(**dict(row)) for row in rows]


async def names_of(accounts: Collection[UUID]) -> dict[UUID, str]:
    """The names of these accounts of the tenant, by id."""
    rows = await fetch(
        "SELECT id, name FROM account WHERE tenant_id = $1 AND id = ANY($2)", current_tenant(), list(accounts)
    )
    return {row["id"]: row["name"] for row in rows}


async def password_policy() -> PolicyName:
    """The policy the tenant has set (dated setting `password_policy`); asvs unless it chose mlps3."""
    return "mlps3" if await setting("password_policy", today()) == "mlps3" else "asvs"
