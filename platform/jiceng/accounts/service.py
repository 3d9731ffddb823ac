"""Signing in and changing the password. (Invitations, managing, the second factor: their folders.)"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from jiceng.accounts import queries
from jiceng.accounts.managing.standing import disable
from jiceng.accounts.second_factor.proving import confirm
from jiceng.accounts.signing_in.anchoring import anchored
from jiceng.accounts.signing_in.keeping import keep_password, refuse_reused
from jiceng.accounts.signing_in.lockout import clear_attempts, count_attempt
from jiceng.accounts.signing_in.passwords import hash_password, refuse_when_full, verify_password
from jiceng.accounts.signing_in.policy import PolicyName, check_password
from jiceng.accounts.signing_in.sessions import end_all_sessions, open_session
from jiceng.accounts.signing_in.vouching import alarm, vouched
from jiceng.accounts.signing_in.vouching import password as stored_password
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.database import current_tenant, fetch, joined
from jiceng.kernel.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from jiceng.accounts.schemas import NewSession, SignedIn

__all__ = ["SignInFailed", "WrongPassword", "change_password", "disable", "enrol", "sign_in"]
LOGIN_LENGTH = 64
NOBODY = UUID(int=0)
_UNCHANGED = """
select id from account a where tenant_id = $1 and id = $2 and state = 'active' and password_hash = $3
  and $4 = exists (select 1 from second_factor f where f.tenant_id = $1 and f.account = a.id
                   and f.confirmed_at is not null) for update
"""
_OWN = "select id from account_session where tenant_id = $1 and id = $2 and ended_at is null for update"


class SignInFailed(Refusal):
    """Wrong login, wrong password, locked or disabled: one answer for all, so that it tells nothing."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "没有登录成功：账号或密码不对，或者账号已被锁定",
            "",
            "请核对后再试；连续 5 次不对会锁定至少 15 分钟",
            what_en="sign-in failed",
        )


class WrongPassword(SignInFailed):
    """Who is signed in gave a wrong password where it is asked for once more."""

    def __init__(self) -> None:
        super().__init__()
        self.what_zh, self.what_en = "现在的密码不对，或者账号已被锁定", "the present password is wrong"


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
    if free and fits and account and (opened := await _opened(account, name, device)):
        return opened
    event = Event.SIGN_IN_FAILED if free else Event.SIGN_IN_LOCKED
    await record_now(event, ("account", account["id"] if account else None), success=False)
    raise SignInFailed


async def _opened(account: Mapping[str, Any], name: str, device: str) -> NewSession | None:
    """A session for the proven account; None when it was changed while its password was checked."""
    async with joined():
        if not await _unchanged(account):
            return None
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
    context: tuple[str, ...] = (),
    breached: Container[str] = (),
    device: str = "",
) -> NewSession:
    """Change the own password after proving the old one; every session ends and a new one opens.

    `context`: words besides login and name that must not be in it.

    Raises:
        WrongPassword: the old one is wrong, counted like a failed sign-in; or the account or the session was
            ended while it was checked.
        Invalid: the new password breaks the policy.
    """
    account = await _given_again(user, old, Event.PASSWORD_CHANGED)
    check_password(new, policy, (*context, user.login, user.name), breached)
    await refuse_reused(user.id, new, policy)
    hashed = await hash_password(new)
    async with joined():
        open_still = await _unchanged(account) and await fetch(_OWN, current_tenant(), user.session)
        if not (open_still and await keep_password(user.id, hashed)):
            raise WrongPassword
        await end_all_sessions(user.id)
        record(Event.PASSWORD_CHANGED, ("account", user.id))
        return await open_session(user.id, user.name, device)


async def enrol(user: SignedIn, password: str, code: str, key: bytes) -> tuple[str, ...]:
    """Switch the own generator on with its first code, after the password; returns the recovery codes.

    The password, because whoever sits down at a forgotten screen must not make the account his (control 8).

    Raises:
        WrongPassword: counted like a failed sign-in. WrongCode, Conflict: see `confirm`.
    """
    await _given_again(user, password, Event.TOTP_CHANGED)
    return await confirm(user, code, key)


async def _given_again(user: SignedIn, password: str, wanted: Event) -> Mapping[str, Any]:
    """The account of somebody signed in who gives his password once more; a failure is told as `wanted`."""
    refuse_when_full()
    free = await count_attempt(user.login)
    account = await queries.account_by_id(user.id)
    if not (await _proven(account, password) and free and account):
        await record_now(wanted, ("account", user.id), success=False)
        raise WrongPassword
    await clear_attempts(user.login)
    return account


async def _unchanged(account: Mapping[str, Any]) -> bool:
    """Whether the account is in use with the password that was checked; so it stays to the commit."""
    known = (current_tenant(), account["id"], account["password_hash"], account["second_factor"])
    return bool(await fetch(_UNCHANGED, *known))


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
