"""Keeping a new password: its hash, when it was set, and the last five, which mlps3 refuses to see again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jiceng.accounts.signing_in.anchoring import anchor
from jiceng.accounts.signing_in.passwords import verify_password
from jiceng.accounts.signing_in.vouching import password, vouch
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, joined
from jiceng.kernel.errors import Invalid
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.accounts.signing_in.policy import PolicyName

REMEMBERED = 5
_LAST = """
SELECT password_hash FROM password_history WHERE tenant_id = $1 AND account = $2
ORDER BY set_at DESC, id DESC LIMIT $3
"""
_FORGET = """
DELETE FROM password_history WHERE tenant_id = $1 AND account = $2 AND id NOT IN (
  SELECT id FROM password_history WHERE tenant_id = $1 AND account = $2
  ORDER BY set_at DESC, id DESC LIMIT $3)
"""


async def refuse_reused(account: UUID, wanted: str, policy: PolicyName) -> None:
    """Under mlps3 refuse one of the account's last five passwords."""
    if policy != "mlps3":
        return
    for row in await fetch(_LAST, current_tenant(), account, REMEMBERED):
        if await verify_password(wanted, row["password_hash"]):
            raise Invalid(
                (f"这个密码用过了，不能与最近 {REMEMBERED} 次的密码相同",), "这个密码不能用", "密码"
            )


async def keep_password(account: UUID, hashed: str) -> bool:
    """Give the account its new password, with its check value, and let it be used; the log is told.

    False, and nothing is kept, for an account that was disabled meanwhile.
    """
    moment = now()
    check = await vouch(password(account, hashed))
    async with joined():
        kept = await execute(
            "UPDATE account SET password_hash = $3, password_check = $5, password_set_at = $4,"
            " state = 'active' WHERE tenant_id = $1 AND id = $2 AND state <> 'disabled'",
            *(current_tenant(), account, hashed, moment, check),
        )
        if not kept:
            return False
        await execute(
            "INSERT INTO password_history (tenant_id, id, account, password_hash, set_at)"
            " VALUES ($1, $2, $3, $4, $5)",
            *(current_tenant(), new_id(), account, hashed, moment),
        )
        await execute(_FORGET, current_tenant(), account, REMEMBERED)
        await anchor(account)
    return True
