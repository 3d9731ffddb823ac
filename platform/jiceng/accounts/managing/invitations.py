"""One-time links with which a person sets the password: made by an administrator or at onboarding."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from jiceng.accounts import queries
from jiceng.accounts.managing.granting import (
    ACCOUNTS,
    Grant,
    faults_in,
    refuse_above,
    refuse_second_account,
    starting,
)
from jiceng.accounts.schemas import Invited
from jiceng.accounts.signing_in.keeping import keep_password, refuse_reused
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.accounts.signing_in.policy import PolicyName, check_password
from jiceng.accounts.signing_in.sessions import end_all_sessions, open_session
from jiceng.accounts.signing_in.tokens import digest, new_token
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch, joined, one_at_a_time
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.kernel.invisible import visible

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from uuid import UUID

    from jiceng.accounts.schemas import NewSession, SignedIn
    from jiceng.tenancy.schemas import TenantInfo

INVITATION_LASTS = timedelta(days=7)
LOGIN_LENGTH = 64


class InvitationOver(NotFound):
    """The link is unknown, used or expired: one answer for all."""

    def __init__(self) -> None:
        super().__init__("这个邀请链接无效，或者已经用过、已经过期", "", "请让管理员重新发一个邀请链接")


async def invite(
    tenant: TenantInfo, login: str, name: str, role: str, by: SignedIn | None = None, *, person: str = ""
) -> str:
    """Create the account (or renew its invitation) and return the path of its one-time link.

    Runs in the tenant's scope. `by` is who invites; None at onboarding. The token exists only in the answer.
    An account that already has a password keeps it until the invitation is accepted. `person`: the person's
    number; with it a member or secretary sees himself until he is given a scope.

    Raises:
        Invalid: login, name, role or number is wrong; all faults at once.
        Conflict: the login belongs to somebody with another name, role or number, or is disabled, or the
            person has an account.
        Forbidden: `by` would give rights he does not have.
    """
    clean, name = queries.canonical(login), visible(name).strip()
    wanted = starting(role, person)
    _check_account(tenant, clean, name, wanted)
    refuse_above(by, role)
    async with joined():
        await one_at_a_time(ACCOUNTS)
        account = await queries.account_by_login(clean)
        if account is None:
            await refuse_second_account(wanted.person, None)
            account_id = await _insert_account(clean, name, wanted)
        elif (account["name"], account["role"]) != (name, role):
            raise Conflict(f"账号「{clean}」已经存在", "账号", "请换一个账号名，或在账号列表里重发邀请")
        else:
            _refuse_another_person(account, wanted.person)
            _refuse_disabled(account)
            account_id = account["id"]
        record(Event.INVITED, ("account", account_id), role=role)
        return f"/t/{tenant.slug}/invitation/{await _insert_invitation(account_id)}"


async def invite_again(tenant: TenantInfo, account_id: UUID, by: SignedIn) -> str:
    """A new one-time link for an existing account; earlier unused links end. NotFound for an absent id."""
    async with joined():
        account = await queries.account_by_id(account_id)
        if account is None:
            raise NotFound
        refuse_above(by, account["role"])
        _refuse_disabled(account)
        record(Event.INVITED, ("account", account_id), role=account["role"])
        return f"/t/{tenant.slug}/invitation/{await _insert_invitation(account_id)}"


async def open_invitation(token: str) -> Invited:
    """The invitation behind a token; InvitationOver when there is none to accept."""
    row = await _invitation(token)
    return Invited(row["login"], row["name"], row["expires_at"])


async def accept_invitation(
    token: str,
    password: str,
    *,
    policy: PolicyName,
    context: tuple[str, ...] = (),
    breached: Container[str] = (),
    device: str = "",
) -> NewSession:
    """Set the password of the invited account, end its other sessions and open a new one. Works once.

    Whoever has a second factor is asked for it: a link alone lets nobody in.

    Raises:
        InvitationOver: unknown, used or expired.
        Invalid: the password breaks the policy; all faults at once, and the link stays good.
    """
    row = await _invitation(token)
    check_password(password, policy, (*context, row["login"], row["name"]), breached)
    await refuse_reused(row["account"], password, policy)
    hashed = await hash_password(password)
    async with joined():
        used = await fetch(
            "UPDATE invitation SET used_at = $3 WHERE tenant_id = $1 AND id = $2 AND used_at IS NULL"
            " RETURNING id",
            current_tenant(),
            row["id"],
            now(),
        )
        if not used:
            raise InvitationOver
        if not await keep_password(row["account"], hashed):
            raise InvitationOver
        await end_all_sessions(row["account"])
        record(Event.INVITATION_ACCEPTED, ("account", row["account"]), by=row["account"])
        proved = not (await queries.account_by_id(row["account"]) or {})["second_factor"]
        return await open_session(row["account"], row["name"], device, proved=proved)


async def _invitation(token: str) -> Mapping[str, Any]:
    rows = await fetch(
        "SELECT i.id, i.account, i.expires_at, a.login, a.name FROM invitation i"
        " JOIN account a ON a.tenant_id = i.tenant_id AND a.id = i.account AND a.state <> 'disabled'"
        " WHERE i.tenant_id = $1 AND i.digest = $2 AND i.used_at IS NULL AND i.expires_at > $3",
        current_tenant(),
        digest(token),
        now(),
    )
    if not rows:
        raise InvitationOver
    return dict(rows[0])


def _refuse_another_person(account: Mapping[str, Any], person: str | None) -> None:
    """A number given for an account that has another, or none, would be lost without a word."""
    if person is not None and person != account["person"]:
        has = f"人员编号是 {account['person']}" if account["person"] else "没有人员编号"
        raise Conflict(
            f"账号「{account['login']}」已经存在，{has}，不是 {person}",
            "人员编号",
            "请核对编号；要改编号，请打开这个账号重新授权",
        )


def _refuse_disabled(account: Mapping[str, Any]) -> None:
    """Its link would open nothing."""
    if account["state"] == "disabled":
        raise Conflict("这个账号已经停用", "账号", "请先启用，再发邀请链接")


def _check_account(tenant: TenantInfo, login: str, name: str, wanted: Grant) -> None:
    if faults := [*name_faults(login, name), *faults_in(tenant, wanted)]:
        raise Invalid(faults, "账号没有建立", "账号")


def name_faults(login: str, name: str) -> list[str]:
    """What is wrong with the two names of an account."""
    return [
        f"{title}不能为空，最多 {LOGIN_LENGTH} 个字符"
        for title, text in (("账号", login), ("姓名", name))
        if not text.strip() or len(text) > LOGIN_LENGTH
    ]


async def _insert_account(login: str, name: str, wanted: Grant) -> UUID:
    rows = await fetch(
        "INSERT INTO account"
        " (tenant_id, id, login, name, role, state, password_hash, created_at, scope, person)"
        " VALUES ($1, $2, $3, $4, $5, 'invited', '', $6, $7, $8) RETURNING id",
        *(current_tenant(), new_id(), login, name, wanted.role, now(), wanted.scope, wanted.person),
    )
    created: UUID = rows[0]["id"]
    return created


async def _insert_invitation(account_id: UUID) -> str:
    token, moment = new_token(), now()
    await execute(
        "UPDATE invitation SET used_at = $3 WHERE tenant_id = $1 AND account = $2 AND used_at IS NULL",
        current_tenant(),
        account_id,
        moment,
    )
    await execute(
        "INSERT INTO invitation (tenant_id, id, account, digest, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        current_tenant(),
        new_id(),
        account_id,
        digest(token),
        moment,
        moment + INVITATION_LASTS,
    )
    return token
