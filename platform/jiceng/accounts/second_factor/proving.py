"""Enrolling a generator with a confirming code, using a code once, recovery codes, taking it away.

A code works once, also when two requests bring it at the same moment: the row of the generator is locked and
remembers the last step used (threat T36).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import msgspec

from jiceng.accounts import queries
from jiceng.accounts.managing.granting import refuse_above
from jiceng.accounts.managing.standing import code_attempts
from jiceng.accounts.second_factor.codes import (
    KEY_BYTES,
    algorithm_for,
    matching_step,
    new_recovery_codes,
    recovery_digest,
    secret_of,
)
from jiceng.accounts.signing_in.anchoring import anchor, anchored
from jiceng.accounts.signing_in.lockout import clear_attempts, count_attempt
from jiceng.accounts.signing_in.sessions import end_all_sessions, end_session, open_session
from jiceng.accounts.signing_in.tokens import digest
from jiceng.accounts.signing_in.vouching import alarm, factor, recovery, vouch, vouched
from jiceng.kernel.audit import Event, record, record_now
from jiceng.kernel.ciphers.devices import suite
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, fetch_value, joined
from jiceng.kernel.errors import Conflict, NotFound, Refusal
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng.accounts.schemas import NewSession, SignedIn

_BEGIN = """
INSERT INTO second_factor (tenant_id, id, account, nonce, created_at, algorithm, last_step, check_value)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
ON CONFLICT (tenant_id, account) DO UPDATE SET nonce = excluded.nonce, created_at = excluded.created_at,
  algorithm = excluded.algorithm, last_step = 0, check_value = excluded.check_value
WHERE second_factor.confirmed_at IS NULL
RETURNING id
"""
_LOCKED = """
SELECT nonce, algorithm, last_step, confirmed_at, check_value FROM second_factor
WHERE tenant_id = $1 AND account = $2 FOR UPDATE
"""
_USE_STEP = """
UPDATE second_factor SET last_step = $3, confirmed_at = coalesce(confirmed_at, $4)
WHERE tenant_id = $1 AND account = $2
"""
_USE_RECOVERY = """
UPDATE recovery_code SET used_at = $4
WHERE tenant_id = $1 AND account = $2 AND digest = $3 AND used_at IS NULL RETURNING check_value
"""
_WAITING = """
SELECT s.id, s.account, s.device, a.name FROM account_session s
JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account
WHERE s.tenant_id = $1 AND s.digest = $2 AND NOT s.proved AND s.ended_at IS NULL AND s.expires_at > $3
  AND a.state = 'active'
"""


class WrongCode(Refusal):
    """The code is wrong, used already, too old, or too many were tried: one answer for all."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            "口令不对，或者已经用过",
            "动态口令",
            "请等口令换成下一个再试；连续 5 次不对会锁定至少 15 分钟",
            what_en="wrong code",
        )


class ChangedCode(WrongCode):
    """What is stored of the generator or the recovery code was changed past the service: an alarm besides."""


class PasswordFirst(Refusal):
    """No password was given in the last five minutes, so there is nothing to prove."""

    status = 401

    def __init__(self) -> None:
        super().__init__("请先输入账号和密码", "", "请重新登录", what_en="sign in with the password first")


class Factor(msgspec.Struct, frozen=True):
    """What the person's page shows: no generator, one waiting for its first code, or one in use."""

    state: str = "none"
    nonce: bytes = b""
    recovery_left: int = 0
    algorithm: str = "sha1"


async def factor_of(account: UUID) -> Factor:
    """The account's generator."""
    row = await fetch_row(
        "SELECT nonce, algorithm, confirmed_at FROM second_factor WHERE tenant_id = $1 AND account = $2",
        current_tenant(),
        account,
    )
    if row is None:
        return Factor()
    left = await fetch_value(
        "SELECT count(*) FROM recovery_code WHERE tenant_id = $1 AND account = $2 AND used_at IS NULL",
        current_tenant(),
        account,
    )
    return Factor(
        "waiting" if row["confirmed_at"] is None else "on", bytes(row["nonce"]), left, row["algorithm"]
    )


async def begin(user: SignedIn) -> None:
    """Make a new secret that waits for its first code; one in use has to be taken away before."""
    nonce, algorithm = secrets.token_bytes(KEY_BYTES), algorithm_for(suite())
    check = await vouch(factor(user.id, nonce, algorithm))
    made = await fetch_row(_BEGIN, current_tenant(), new_id(), user.id, nonce, now(), algorithm, check)
    if made is None:
        raise Conflict("动态口令已经启用", "动态口令", "要换手机，请先停用再重新启用")


async def confirm(user: SignedIn, code: str, key: bytes) -> tuple[str, ...]:
    """Switch the generator on with its first code; returns the recovery codes, shown this once."""
    async with _counted(user.id), joined():
        row = await fetch_row(_LOCKED, current_tenant(), user.id)
        if row is None:
            raise WrongCode
        if row["confirmed_at"] is not None:
            raise Conflict("动态口令已经启用", "动态口令", "请刷新页面")
        await _use_step(user.id, row, code, key)
        record(Event.TOTP_CHANGED, ("account", user.id), on=True)
        return await _renew_recovery(user.id)


async def renew_recovery(user: SignedIn, code: str, key: bytes) -> tuple[str, ...]:
    """Replace the recovery codes, after a code."""
    async with _counted(user.id), joined():
        await _use(user.id, code, key)
        record(Event.TOTP_CHANGED, ("account", user.id), on=True)
        return await _renew_recovery(user.id)


async def remove(user: SignedIn, code: str, key: bytes) -> None:
    """Take the own generator away, which needs a code of it."""
    async with _counted(user.id), joined():
        await _use(user.id, code, key)
        await _remove(user.id)


async def remove_of(account_id: UUID, by: SignedIn) -> None:
    """Take somebody else's generator away (a lost telephone); his sessions end."""
    if account_id == by.id:
        raise Conflict("不能这样停用自己的动态口令", "动态口令", "请在“动态口令”页面用口令停用")
    async with joined():
        account = await queries.account_by_id(account_id)
        if account is None:
            raise NotFound
        refuse_above(by, account["role"])
        await _remove(account_id)
        await end_all_sessions(account_id)


async def prove(token: str, code: str, key: bytes) -> NewSession:
    """The second page of signing in: exchange the waiting session and a code for a real session.

    Raises:
        PasswordFirst: no such waiting session. WrongCode: see there.
    """
    waiting = await fetch_row(_WAITING, current_tenant(), digest(token), now())
    if waiting is None:
        raise PasswordFirst
    account = waiting["account"]
    async with _counted(account), joined():
        if await _use(account, code, key):
            await anchor(account)
        if not await end_session(account, waiting["id"], Event.SIGNED_IN):
            raise PasswordFirst  # another code was quicker, or all his sessions were ended
        return await open_session(account, waiting["name"], waiting["device"])


class _counted:  # noqa: N801 - used like a function
    """Count an attempt before the code is looked at; forget it when the block succeeds."""

    def __init__(self, account: UUID) -> None:
        self.account = account

    async def __aenter__(self) -> None:
        if not await count_attempt(code_attempts(self.account)):
            await record_now(Event.SIGN_IN_LOCKED, ("account", self.account), success=False, by=self.account)
            raise WrongCode

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            await clear_attempts(code_attempts(self.account))
        elif issubclass(kind, WrongCode):
            if issubclass(kind, ChangedCode):
                await alarm(self.account)
            await record_now(Event.SIGN_IN_FAILED, ("account", self.account), success=False, by=self.account)


async def _use(account: UUID, code: str, key: bytes) -> bool:
    """Use a code of the generator in use, or a recovery code; whether it was one of those: then anchor."""
    row = await fetch_row(_LOCKED, current_tenant(), account)
    if row is None or row["confirmed_at"] is None:
        raise WrongCode
    if not await anchored(account):
        raise ChangedCode
    wanted = code.strip()
    used = await fetch(_USE_RECOVERY, current_tenant(), account, recovery_digest(wanted), now())
    if not used:
        await _use_step(account, row, wanted, key)
    elif not await vouched(recovery(account, recovery_digest(wanted)), used[0]["check_value"]):
        raise ChangedCode
    return bool(used)


async def _use_step(account: UUID, row: Mapping[str, Any], code: str, key: bytes) -> None:
    nonce = bytes(row["nonce"])
    if not await vouched(factor(account, nonce, row["algorithm"]), row["check_value"]):
        raise ChangedCode
    secret = secret_of(nonce, key, row["algorithm"])
    step = matching_step(secret, code.replace(" ", ""), now(), row["last_step"], row["algorithm"])
    if step is None:
        raise WrongCode
    await execute(_USE_STEP, current_tenant(), account, step, now())


async def _renew_recovery(account: UUID) -> tuple[str, ...]:
    await execute(
        "DELETE FROM recovery_code WHERE tenant_id = $1 AND account = $2", current_tenant(), account
    )
    codes = new_recovery_codes()
    for code in codes:
        kept = recovery_digest(code)
        await execute(
            "INSERT INTO recovery_code (tenant_id, id, account, digest, check_value)"
            " VALUES ($1, $2, $3, $4, $5)",
            *(current_tenant(), new_id(), account, kept, await vouch(recovery(account, kept))),
        )
    await anchor(account)
    return codes


async def _remove(account: UUID) -> None:
    for table in ("recovery_code", "second_factor"):
        await execute(
            f"DELETE FROM {table} WHERE tenant_id = $1 AND account = $2",  # noqa: S608 - names above
            current_tenant(),
            account,
        )
    await anchor(account)
    record(Event.TOTP_CHANGED, ("account", account), on=False)
