"""Signing in and changing the password. (Invitations, managing, the second factor: their folders.)"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from jiceng.accounts import queries
from jiceng.accounts.managing.standing import disable
from jiceng.accounts.signing_in.anchoring import anchored
from jiceng.accounts.signing_in.keeping import keep_password, refuse_reused
from jiceng.accounts.signing_in.lockout import clear_attempts, count_attempt
from jiceng.accounts.signing_in.passwords import hash_password, refuse_when_full, verify_password
from jiceng.accounts.signing_in.policy import PolicyName, check_password
from jiceng.accounts.signing_in.sessions import end_all_sessions, open_session
from jiceng.accounts.signing_in.vouching import alarm, vouched
from jiceng.accounts.signing_in.vouching import password as stored_password
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from jiceng.accounts.schemas import NewSession, SignedIn

__all__ = ["SignInFailed", "change_password", "disable", "sign_in"]
LOGIN_LENGTH = 64
NOBODY = UUID(int=0)


class SignInFailed(Refusal):
    """Wrong login, wrong password, locked or disabled: one answer for all, so that it tells nothing."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "没有登录成功：账号或密码不对，或者账号已被锁定",
            "",
            "请核对后再试；连续 5 次不对会锁定 15 分钟",
            what_en="sign-in failed",
        )


async def sign_in(login: str, password: str, device: str = "") -> NewSession:
    """Open a session for the right password; one that asks for the second factor where there is one.

    Raises:
        SignInFailed: for every reason, after the same work.
        TooManySignIns: the process already hashes as many passwords as it can.
    """
    refuse_when_full()
    name = queries.canonical(login)[:LOGIN_LENGTH]
    free = await count_attempt(name)
    account = await queries.account_by_login(name)
    active = account is not None and account["state"] == "active"
    fits = await _proven(account if active else None, password)
    if not (free and fits and account):
        event = Event.SIGN_IN_FAILED if free else Event.SIGN_IN_LOCKED
        await record_now(event, ("account", account["id"] if account else None), success=False)
        raise SignInFailed
    async with joined():
        await clear_attempts(name)
        if not account["second_factor"]:
            record(Event.SIGNED_IN, ("account", account["id"]), by=account["id"])
        return await open_session(account["id"], account["name"], device, proved=not account["second_factor"])


async def change_password(
    user: SignedIn,
    old: str,
    new: str,
    *,
    policy: PolicyName,
    breached: Container[str] = (),
    device: str = "",
) -> NewSession:
    """Change the own password after proving the old one; every session ends and a new one opens.

    Raises:
        SignInFailed: the old password is wrong, counted like a failed sign-in.
        Invalid: the new password breaks the policy.
    """
    refuse_when_full()
    free = await count_attempt(user.login)
    account = await queries.account_by_id(user.id)
    if not (await _proven(account, old) and free):
        await record_now(Event.PASSWORD_CHANGED, ("account", user.id), success=False)
        raise SignInFailed
    await clear_attempts(user.login)
    check_password(new, policy, (user.login, user.name), breached)
    await refuse_reused(user.id, new, policy)
    hashed = await hash_password(new)
    async with joined():
        await keep_password(user.id, hashed)
        await end_all_sessions(user.id)
        record(Event.PASSWORD_CHANGED, ("account", user.id))
        return await open_session(user.id, user.name, device)


async def _proven(account: Mapping[str, Any] | None, password: str) -> bool:
    """Whether the password is the account's and its hash the one the service stored; the same work for all.

    A hash that was changed, copied or put back past the service, a second factor taken away past it: refused
    like a wrong password, and an alarm.
    """
    fits = await verify_password(password, account["password_hash"] if account else None)
    stored = stored_password(
        account["id"] if account else NOBODY, account["password_hash"] if account else ""
    )
    genuine = await vouched(stored, account["password_check"] if account else b"")
    genuine = await anchored(account["id"] if account else NOBODY) and genuine
    if account and account["password_hash"] and not genuine:
        await alarm(account["id"])
    return fits and genuine
