"""Sessions: opened at sign-in, looked up at every request, ended at once; only digests of tokens are stored.

Limits by role as in security control 4: idle at most 30 minutes, 10 to 15 for those who administer; 12 hours
in all, 8 for operators and the three administrators.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from jiceng.accounts.access import Role
from jiceng.accounts.schemas import NewSession, SessionInfo, SignedIn
from jiceng.accounts.signing_in.persons import ACCOUNT, ALWAYS_PROVE, person
from jiceng.accounts.signing_in.tokens import digest, new_token
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, joined
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)
LIMITS: dict[str, tuple[timedelta, timedelta]] = {
    **dict.fromkeys(ALWAYS_PROVE, (timedelta(minutes=10), timedelta(hours=8))),
    Role.TENANT_ADMIN.value: (timedelta(minutes=15), ABSOLUTE),
}
"""Idle and absolute limit of the roles that have their own."""
UNPROVED = timedelta(minutes=5)
"""How long the second factor is waited for after the password."""
SEEN_EVERY = timedelta(minutes=1)

_OPEN = f"""
SELECT s.id AS session, s.seen_at, {ACCOUNT}
FROM account_session s JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account
WHERE s.tenant_id = $1 AND s.digest = $2 AND s.ended_at IS NULL AND s.expires_at > $3 AND a.state = 'active'
  AND s.proved
"""  # noqa: S608 - constants


def idle_limit(role: str) -> timedelta:
    """How long a session of the role may rest."""
    return LIMITS.get(role, (IDLE, ABSOLUTE))[0]


def absolute_limit(role: str) -> timedelta:
    """How long a session of the role may last however much it is used."""
    return LIMITS.get(role, (IDLE, ABSOLUTE))[1]


async def open_session(account: UUID, name: str, device: str, *, proved: bool = True) -> NewSession:
    """Open a session for the account; the token is returned once and stored nowhere.

    One that is not `proved` lets nobody in: it only remembers for five minutes whose password was right.
    """
    token, moment = new_token(), now()
    role = await fetch_value(
        "SELECT role FROM account WHERE tenant_id = $1 AND id = $2", current_tenant(), account
    )
    until = moment + (absolute_limit(role) if proved else UNPROVED)
    await execute(
        "INSERT INTO account_session"
        " (tenant_id, id, account, digest, device, created_at, seen_at, expires_at, proved)"
        " VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
        *(current_tenant(), new_id(), account, digest(token), device[:80], moment, until, proved),
    )
    return NewSession(token, until, name, proved)


async def signed_in(token: str, *, production: bool = False) -> SignedIn | None:
    """The person behind a token of the current tenant, or None when it is unknown, ended, idle or over."""
    moment = now()
    rows = await fetch(_OPEN, current_tenant(), digest(token), moment, today())
    if not rows or moment - rows[0]["seen_at"] > idle_limit(rows[0]["role"]):
        return None
    row = rows[0]
    if moment - row["seen_at"] > SEEN_EVERY:
        await _seen(row["session"], moment)
    return person(row, row["session"], production=production)


async def _seen(session: UUID, moment: datetime) -> None:
    await execute(
        "UPDATE account_session SET seen_at = $3 WHERE tenant_id = $1 AND id = $2",
        current_tenant(),
        session,
        moment,
    )


async def open_sessions(user: SignedIn) -> list[SessionInfo]:
    """The person's open sessions, newest first."""
    return await sessions_of(user.id, user.role, user.session)


async def sessions_of(account: UUID, role: str, current: UUID | None = None) -> list[SessionInfo]:
    """An account's open sessions, newest first; `current` is the one that asks."""
    moment = now()
    rows = await fetch(
        "SELECT id, device, created_at, seen_at, expires_at FROM account_session WHERE tenant_id = $1"
        " AND account = $2 AND ended_at IS NULL AND expires_at > $3 AND seen_at > $4 AND proved"
        " ORDER BY seen_at DESC",
        *(current_tenant(), account, moment, moment - idle_limit(role)),
    )
    return [SessionInfo(**dict(row), current=row["id"] == current) for row in rows]


async def end_session(account: UUID, session: UUID, told: Event = Event.SESSION_ENDED) -> bool:
    """End one session of the account; False when the account has no such open session."""
    async with joined():
        rows = await fetch(
            "UPDATE account_session SET ended_at = $4"
            " WHERE tenant_id = $1 AND account = $2 AND id = $3 AND ended_at IS NULL RETURNING id",
            current_tenant(),
            account,
            session,
            now(),
        )
        if rows:
            record(told, ("account_session", session), account=account)
    return bool(rows)


async def end_all_sessions(account: UUID) -> None:
    """End every session of the account: after a change of password, role or state."""
    await execute(
        "UPDATE account_session SET ended_at = $3 WHERE tenant_id = $1 AND account = $2 AND ended_at IS NULL",
        current_tenant(),
        account,
        now(),
    )
