"""Whether an account may be used: disable, enable, unlock, end its sessions; accounts nobody uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.accounts import queries
from jiceng.accounts.access import SEPARATED_ROLES, Role
from jiceng.accounts.signing_in.lockout import clear_attempts
from jiceng.accounts.signing_in.sessions import end_all_sessions
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Conflict, Forbidden, NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Any
    from uuid import UUID

    from jiceng.accounts.schemas import SignedIn

_UNUSED = """
SELECT a.id FROM account a
WHERE a.tenant_id = $1 AND a.state <> 'disabled' AND greatest(a.created_at, a.enabled_at) < $2
  AND NOT EXISTS (SELECT 1 FROM account_session s
    WHERE s.tenant_id = a.tenant_id AND s.account = a.id AND s.seen_at >= $2)
  AND NOT EXISTS (SELECT 1 FROM api_token t
    WHERE t.tenant_id = a.tenant_id AND t.account = a.id AND t.used_at >= $2)
FOR UPDATE OF a
"""
_OF_PERSONS = """
SELECT id FROM account WHERE tenant_id = $1 AND person = ANY($2::varchar[]) AND state <> 'disabled' FOR UPDATE
"""


async def disable(account_id: UUID, by: SignedIn) -> None:
    """Refuse an account from now on and end its sessions at once; nobody can disable himself.

    A system administrator sees to the accounts of others, never to those of the three who watch one another
    (control 10): the security administrator takes the role away first. Whom the night has disabled he may
    let in again: otherwise nobody could, and it gives no right.
    """
    if account_id == by.id:
        raise Conflict("不能停用自己的账号", "账号", "请让另一位管理员操作")
    async with joined():
        account = await _managed(account_id, by)
        if not may_disable(by, account["role"]):
            raise Forbidden(
                "三员的账号不由系统管理员停用", "账号", "请安全管理员先把这个账号改为「未授权」，再停用"
            )
        await _disable([account_id])


def may_disable(by: SignedIn, role: str) -> bool:
    """Whether somebody who manages accounts may disable one of this role."""
    return by.role != Role.SYSTEM_ADMIN or role not in SEPARATED_ROLES


async def enable(account_id: UUID, by: SignedIn) -> None:
    """Let a disabled account in again: with its password, or with its invitation if it never had one."""
    async with joined():
        account = await _managed(account_id, by)
        if account["state"] != "disabled":
            raise Conflict("这个账号没有停用", "账号", "请刷新页面")
        await execute(
            "UPDATE account SET enabled_at = $3,"
            " state = CASE WHEN password_hash = '' THEN 'invited' ELSE 'active' END"
            " WHERE tenant_id = $1 AND id = $2",
            *(current_tenant(), account_id, now()),
        )
        record(Event.ACCOUNT_ENABLED, ("account", account_id))


async def unlock(account_id: UUID, by: SignedIn) -> None:
    """Forget the wrong passwords and codes of an account, so that it need not wait."""
    async with joined():
        account = await _managed(account_id, by)
        await clear_attempts(account["login"])
        await clear_attempts(code_attempts(account_id))
        record(Event.ACCOUNT_UNLOCKED, ("account", account_id))


async def end_sessions_of(account_id: UUID, by: SignedIn) -> None:
    """End every session of somebody in the tenant."""
    async with joined():
        await _managed(account_id, by)
        await end_all_sessions(account_id)
        record(Event.SESSION_ENDED, ("account", account_id))


def code_attempts(account_id: UUID) -> str:
    """Under which name wrong codes of an account are counted; no login can be it (it has a capital)."""
    return f"Code/{account_id}"


async def disable_unused() -> int:
    """Disable the accounts that neither person nor program has used for 90 days (control 16); how many."""
    async with joined():
        rows = await fetch(_UNUSED, current_tenant(), now() - queries.UNUSED_AFTER)
        return await _disable([row["id"] for row in rows])


async def disable_persons(numbers: Collection[str]) -> int:
    """Disable the accounts of these people (they have left) and end their sessions; returns how many."""
    async with joined():
        rows = await fetch(_OF_PERSONS, current_tenant(), list(numbers))
        return await _disable([row["id"] for row in rows])


async def _disable(accounts: Collection[UUID]) -> int:
    for account in accounts:
        await execute(
            "UPDATE account SET state = 'disabled' WHERE tenant_id = $1 AND id = $2",
            current_tenant(),
            account,
        )
        await end_all_sessions(account)
        record(Event.ACCOUNT_DISABLED, ("account", account))
    return len(accounts)


async def _managed(account_id: UUID, by: SignedIn) -> Mapping[str, Any]:
    account = await queries.account_by_id(account_id)
    if account is None:
        raise NotFound
    if account["role"] == Role.OPERATOR and by.role != Role.OPERATOR:
        raise Forbidden("您不能管理「平台运营员」账号", "账号", "请联系平台运营员")
    return account
