"""Giving a role and a data scope: by whom, to whom, and never to oneself (controls 10 and 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts import queries
from jiceng.accounts.access import ROLE_NAMES, SEPARATED_ROLES, Role
from jiceng.accounts.scope import KIND_NAMES
from jiceng.accounts.signing_in.sessions import end_all_sessions
from jiceng.kernel.audit import Event, record
from jiceng.kernel.clock import now
from jiceng.kernel.database import current_tenant, execute, fetch_value, joined, one_at_a_time
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.typed import plain

if TYPE_CHECKING:
    from uuid import UUID

    from jiceng.accounts.schemas import SignedIn
    from jiceng.tenancy.schemas import TenantInfo

ACCOUNTS = "accounts"
"""Made and granted one at a time: no login or person comes to two accounts."""
OPERATORS_IN = "province"
NUMBER_LENGTH = 30
NARROW = frozenset({Role.SECRETARY, Role.MEMBER, Role.DECLARER, Role.RATER})
"""Roles of people who look after a part, or themselves: they never see all."""
_END_LINKS = "UPDATE invitation SET used_at = $3 WHERE tenant_id = $1 AND account = $2 AND used_at IS NULL"
_ORDINARY = frozenset(Role) - {Role.OPERATOR} - {Role(role) for role in SEPARATED_ROLES}


class Grant(msgspec.Struct, frozen=True):
    """What an account is to be: its role, which part of the roster it sees, whose account it is."""

    role: str
    scope: str = "all"
    organization: UUID | None = None
    person: str | None = None


def grantable(by: SignedIn) -> frozenset[Role]:
    """The roles that this person may give and take.

    A system administrator makes accounts without rights. The three administrators' own roles are given when
    a tenant appoints them (`separation`), and by the security administrator after that.
    """
    match by.role:
        case Role.OPERATOR if not by.separated:
            return _ORDINARY | {Role.OPERATOR}
        case Role.TENANT_ADMIN if not by.separated:
            return _ORDINARY
        case Role.SECURITY_ADMIN:
            return _ORDINARY | ({Role(role) for role in SEPARATED_ROLES} if by.separated else set())
        case Role.SYSTEM_ADMIN:
            return frozenset({Role.UNASSIGNED})
    return frozenset()


def refuse_above(by: SignedIn | None, role: str) -> None:
    """Refuse to give, renew or take a role that the person acting may not give; None: the machine itself."""
    if by is not None and role not in grantable(by):
        raise Forbidden(f"您不能管理「{ROLE_NAMES[Role(role)]}」账号", "角色", "请联系平台运营员或安全管理员")


def faults_in(tenant: TenantInfo, wanted: Grant) -> list[str]:
    """Everything about the role and scope that cannot be."""
    if wanted.role not in set(Role):
        return ["没有这个角色，请从列表中选一个"]
    faults = []
    if wanted.role == Role.OPERATOR and tenant.kind != OPERATORS_IN:
        faults.append("平台运营员只能建在省级租户里")
    name = ROLE_NAMES[Role(wanted.role)]
    if wanted.scope not in KIND_NAMES:
        faults.append("没有这种数据范围，请从列表中选一个")
    elif wanted.scope == "all" and wanted.role in NARROW:
        faults.append(f"「{name}」不能看全单位，请选一个组织或只看本人")
    elif wanted.scope != "all" and wanted.role in SEPARATED_ROLES:
        faults.append(f"「{name}」不分数据范围")
    if (wanted.scope in {"subtree", "own"}) != (wanted.organization is not None):
        faults.append("范围是组织时，请填组织编号；否则不要填")
    if not wanted.person and (wanted.scope == "self" or wanted.role in SEPARATED_ROLES):
        faults.append(f"「{name}」要填人员编号，一人只能有一个账号")
    if wanted.person and len(wanted.person) > NUMBER_LENGTH:
        faults.append(f"人员编号最多 {NUMBER_LENGTH} 个字符")
    return faults


def starting(role: str, person: str) -> Grant:
    """What an account is when it is made: narrow roles see their own person alone until told otherwise."""
    return Grant(role, "self" if role in NARROW else "all", None, plain(person) or None)


async def refuse_second_account(person: str | None, account: UUID | None) -> None:
    """Refuse a person who has another account already (control 1)."""
    found = await fetch_value(
        "SELECT login FROM account WHERE tenant_id = $1 AND person = $2 AND id IS DISTINCT FROM $3",
        current_tenant(),
        person,
        account,
    )
    if person and found is not None:
        raise Conflict(f"人员编号 {person} 已经有账号「{found}」", "人员编号", "一个人只能有一个账号")


async def grant(tenant: TenantInfo, account_id: UUID, wanted: Grant, by: SignedIn) -> None:
    """Give the account its role and scope; its sessions end at once.

    It takes effect with its entry in the audit log, in one transaction, or not at all. Where a tenant has
    three administrators, a link to set its password that was made before ends: whoever made it, the system
    administrator perhaps, could have opened it and had the rights.

    Raises:
        Conflict: it is one's own account, or the person has another. Forbidden: the role is not his to give.
        Invalid: everything wrong with role and scope. NotFound: no such account.
    """
    if account_id == by.id:
        raise Conflict("不能给自己授权", "角色", "请让另一位管理员操作")
    wanted = msgspec.structs.replace(wanted, person=plain(wanted.person or "") or None)
    async with joined():
        await one_at_a_time(ACCOUNTS)
        account = await queries.account_by_id(account_id)
        if account is None:
            raise NotFound
        if faults := faults_in(tenant, wanted):
            raise Invalid(faults, "没有授权", "账号")
        refuse_above(by, account["role"])
        refuse_above(by, wanted.role)
        await refuse_second_account(wanted.person, account_id)
        await execute(
            "UPDATE account SET role = $3, scope = $4, organization = $5, person = $6"
            " WHERE tenant_id = $1 AND id = $2",
            *(current_tenant(), account_id, wanted.role, wanted.scope, wanted.organization, wanted.person),
        )
        await end_all_sessions(account_id)
        if by.separated:
            await execute(_END_LINKS, current_tenant(), account_id, now())
        record(
            Event.ROLE_CHANGED, ("account", account_id), role=wanted.role, role_before=str(account["role"])
        )
