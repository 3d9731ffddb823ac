"""三员分立 as a tenant's setting: three named people, none of whom holds two of the rights (control 10).

The database keeps them apart: one role for each account, one account for each person, and the three roles
need a person's number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng.accounts import queries
from jiceng.accounts.access import SEPARATED_ROLES, Role
from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.signing_in.persons import ADMINS_PROVE, POLICY, SEPARATION
from jiceng.kernel.clock import today
from jiceng.kernel.database import joined
from jiceng.kernel.errors import Conflict, Forbidden, Invalid
from jiceng.kernel.typed import needed_count, plain, refuse
from jiceng.tenancy.schemas import BOUNDS, LOCKOUT_MINUTES
from jiceng.tenancy.service import set_setting

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng.accounts.schemas import SignedIn
    from jiceng.tenancy.schemas import TenantInfo


class Appointed(msgspec.Struct, frozen=True):
    """One of the three: account, name, and the number that says whose account it is."""

    login: str
    name: str
    person: str


async def separate(tenant: TenantInfo, three: Mapping[str, Appointed], by: SignedIn) -> dict[str, str]:
    """Appoint the three and switch the setting on; returns the one-time link of each role.

    Raises:
        Conflict: it is on already, or one of them has an account. Forbidden: not a tenant's administrator.
        Invalid: someone is missing, or one person is to be two of them.
    """
    numbers = [plain(one.person) for one in three.values()]
    if set(three) != set(SEPARATED_ROLES) or len(set(numbers)) < len(SEPARATED_ROLES) or "" in numbers:
        raise Invalid(("系统、安全、审计管理员要由三个人担任，人员编号不能相同",), "没有启用", "三员分立")
    if by.role not in {Role.TENANT_ADMIN, Role.OPERATOR}:
        raise Forbidden("只有管理员可以启用三员分立", "三员分立", "请联系本单位管理员")
    async with joined():
        if (await queries.rules()).separated:
            raise Conflict("三员分立已经启用", "三员分立", "请刷新页面")
        links = {
            role: await invite(tenant, one.login, one.name, role, person=one.person)
            for role, one in three.items()
        }
        await set_setting(SEPARATION, value=True, valid_from=today())
    return links


async def unite(by: SignedIn) -> None:
    """Switch the setting off, by the security administrator: the tenant's administrator has all again."""
    if not (await queries.rules()).separated:
        raise Conflict("三员分立没有启用", "三员分立", "请刷新页面")
    if by.role != Role.SECURITY_ADMIN:
        raise Forbidden("只有安全管理员可以停用三员分立", "三员分立", "请联系安全管理员")
    await set_setting(SEPARATION, value=False, valid_from=today())


async def choose(policy: str, admins_prove: str, lockout: str = "") -> None:
    """Set the password policy, whether the tenant's administrator needs a second factor, and for how many
    minutes a lock holds (empty: as before).
    """
    if policy not in {"asvs", "mlps3"} or admins_prove not in {"yes", "no"}:
        raise Invalid(("请从列表中选一个",), "没有保存", "安全设置")
    least, most = BOUNDS[LOCKOUT_MINUTES]
    faults: list[str] = []
    minutes = needed_count(lockout, "锁定时间", faults) if lockout.strip() else least
    if not faults and not least <= minutes <= most:
        faults.append(f"锁定时间应为 {least} 至 {most} 分钟")
    refuse(faults, "安全设置")
    async with joined():
        await set_setting(POLICY, policy, today())
        await set_setting(ADMINS_PROVE, admins_prove == "yes", today())
        if lockout.strip():
            await set_setting(LOCKOUT_MINUTES, minutes, today())
