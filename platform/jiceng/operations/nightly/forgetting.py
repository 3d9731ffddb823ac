"""What is forgotten and after how long: the one list.

Accounts, facts, results are not in it; how long the audit log is kept is told in `kernel.audit`.
"""

from datetime import timedelta

import msgspec

from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute

MONTH = timedelta(days=30)


class Rule(msgspec.Struct, frozen=True):
    """Rows of `table` go once they have been over for `keep`; $1 is the tenant, $2 the moment."""

    table: str
    keep: timedelta
    statement: str


RULES = (
    Rule(
        "invitation",
        MONTH,
        "delete from invitation where tenant_id = $1 and least(expires_at, used_at) < $2",
    ),
    Rule(
        "account_session",
        MONTH,
        # The latest one stays: it tells when an account was last used.
        "delete from account_session s where tenant_id = $1 and least(expires_at, ended_at) < $2 and exists"
        " (select 1 from account_session later where later.tenant_id = $1 and later.account = s.account"
        " and later.seen_at > s.seen_at)",
    ),
    Rule(
        "login_attempt",
        MONTH,
        "delete from login_attempt where tenant_id = $1 and greatest(last_at, locked_until) < $2",
    ),
    Rule(
        "idempotency_key",
        timedelta(0),
        "delete from idempotency_key where tenant_id = $1 and expires_at < $2",
    ),
    # Whole rosters waiting for somebody to press the button: none lasts longer than to the next night.
    Rule(
        "roster_upload", timedelta(0), "delete from roster_upload where tenant_id = $1 and uploaded_at < $2"
    ),
    # As long as an import may be taken back; it holds how people's rows were before.
    Rule("roster_undo", MONTH, "delete from roster_undo where tenant_id = $1 and kept_at < $2"),
    Rule("rate_limit", timedelta(hours=1), "delete from rate_limit where tenant_id = $1 and used_until < $2"),
)


async def forget_expired() -> dict[str, int]:
    """Delete what is over in the current tenant; return how many rows of each table."""
    return {rule.table: await execute(rule.statement, current_tenant(), now() - rule.keep) for rule in RULES}
