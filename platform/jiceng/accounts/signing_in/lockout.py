"""Five wrong passwords lock a login for fifteen minutes, or longer as the tenant sets.

They are counted in PostgreSQL, shared by all processes. An attempt is counted before its password is checked,
so parallel guesses cannot get more than five tries; a right password clears the count. Names that do not
exist are counted alike (security control 3, threat T34).
"""

from __future__ import annotations

from datetime import timedelta

from jiceng.accounts.signing_in.tokens import digest
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch
from jiceng.kernel.ids import new_id
from jiceng.tenancy.queries import setting
from jiceng.tenancy.schemas import BOUNDS, LOCKOUT_MINUTES

ATTEMPTS = 5

_COUNT = """
INSERT INTO login_attempt AS a (tenant_id, id, login_digest, failures, last_at)
VALUES ($1, $2, $3, 1, $4)
ON CONFLICT (tenant_id, login_digest) DO UPDATE SET
    last_at = $4,
    failures = CASE WHEN a.last_at < $5 OR a.locked_until <= $4 THEN 1 ELSE a.failures + 1 END,
    locked_until = CASE
        WHEN a.locked_until > $4 THEN a.locked_until
        WHEN a.last_at < $5 OR a.locked_until <= $4 THEN NULL
        WHEN a.failures + 1 >= $6 THEN $7
    END
RETURNING failures
"""


async def lockout_minutes() -> int:
    """How long a lock holds in the current tenant: its setting `lockout_minutes`, 15 without one."""
    minutes: int | None = await setting(LOCKOUT_MINUTES)
    return BOUNDS[LOCKOUT_MINUTES][0] if minutes is None else minutes


async def count_attempt(login: str) -> bool:
    """Count an attempt for `login`; False when the login is locked and the password must not be believed."""
    moment, locked_for = now(), timedelta(minutes=await lockout_minutes())
    rows = await fetch(
        _COUNT,
        current_tenant(),
        new_id(),
        digest(login),
        moment,
        moment - locked_for,
        ATTEMPTS,
        moment + locked_for,
    )
    return int(rows[0]["failures"]) <= ATTEMPTS


async def clear_attempts(login: str) -> None:
    """Forget the attempts of `login` after a right password, and everybody's that are over."""
    await execute(
        "DELETE FROM login_attempt WHERE tenant_id = $1 AND (login_digest = $2 OR last_at < $3)",
        current_tenant(),
        digest(login),
        now() - 2 * timedelta(minutes=await lockout_minutes()),
    )
