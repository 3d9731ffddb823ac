"""Invitations: a link works once, for a week, and gives nobody more rights than the person who made it."""

from datetime import UTC, datetime, timedelta

import pytest

from jiceng.accounts import queries
from jiceng.accounts.managing.invitations import (
    InvitationOver,
    accept_invitation,
    invite,
    invite_again,
    open_invitation,
)
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.service import SignInFailed, disable, sign_in
from jiceng.accounts.signing_in.sessions import signed_in
from jiceng.kernel.clock import showing
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.schemas import TenantInfo
from jiceng.tenancy.service import create_tenant

PASSWORD = "correct horse battery"
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


async def tenant_of(tenant_id: int) -> TenantInfo:
    tenant = await by_id(tenant_id)
    assert tenant is not None
    return tenant


async def member_of(tenant: TenantInfo, login: str, role: str) -> SignedIn:
    path = await invite(tenant, login, "林若溪", role)
    session = await accept_invitation(path.rsplit("/", 1)[1], PASSWORD, policy="asvs")
    user = await signed_in(session.token)
    assert user is not None
    return user


async def test_a_link_sets_the_password_once(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        path = await invite(await tenant_of(two_tenants[0]), "Lin", "林若溪", "tenant_admin")
        assert path.startswith("/t/donghu/invitation/")
        token = path.rsplit("/", 1)[1]
        assert len(token) == 43
        assert (await open_invitation(token)).login == "lin"
        with pytest.raises(SignInFailed):
            await sign_in("lin", "")
        with pytest.raises(Invalid, match="密码至少 12 位"):
            await accept_invitation(token, "short", policy="asvs")
        assert await signed_in((await accept_invitation(token, PASSWORD, policy="asvs")).token)
        with pytest.raises(InvitationOver):
            await accept_invitation(token, PASSWORD, policy="asvs")
        with pytest.raises(InvitationOver):
            await open_invitation(token)
        assert (await sign_in("lin", PASSWORD)).name == "林若溪"


async def test_a_link_ends_after_a_week_or_when_a_new_one_is_made(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        tenant = await tenant_of(two_tenants[0])
        with showing(NOON):
            first = (await invite(tenant, "lin", "林若溪", "viewer")).rsplit("/", 1)[1]
            second = (await invite(tenant, "lin", "林若溪", "viewer")).rsplit("/", 1)[1]
            with pytest.raises(InvitationOver):
                await open_invitation(first)
        with showing(NOON + timedelta(days=7) - timedelta(seconds=1)):
            assert await open_invitation(second)
        with showing(NOON + timedelta(days=7)), pytest.raises(InvitationOver):
            await open_invitation(second)


async def test_another_tenants_link_is_no_link(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        path = await invite(await tenant_of(two_tenants[0]), "lin", "林若溪", "viewer")
    with tenant_scope(two_tenants[1]), pytest.raises(InvitationOver):
        await open_invitation(path.rsplit("/", 1)[1])


async def test_wrong_accounts_are_refused_with_everything_wrong(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        tenant = await tenant_of(two_tenants[0])
        with pytest.raises(Invalid) as refused:
            await invite(tenant, " ", "", "king")
        assert refused.value.faults == (
            "账号不能为空，最多 64 个字符",
            "姓名不能为空，最多 64 个字符",
            "没有这个角色，请从列表中选一个",
        )
        with pytest.raises(Invalid, match="平台运营员只能建在省级租户里"):
            await invite(tenant, "boss", "高文渊", "operator")
        await invite(tenant, "lin", "林若溪", "viewer")
        with pytest.raises(Conflict, match="账号「lin」已经存在"):
            await invite(tenant, "LIN", "高文渊", "viewer")
        for looks_the_same in ("li\u200bn", "\u202elin", "ｌｉｎ", "lin\u2060"):
            with pytest.raises(Conflict, match="账号「lin」已经存在"):
                await invite(tenant, looks_the_same, "高文渊", "viewer")
        with pytest.raises(Invalid, match="账号不能为空"):
            await invite(tenant, "\u200b\u2060", "高文渊", "viewer")


async def test_nobody_gives_or_takes_rights_above_his_own(two_tenants: tuple[int, int]) -> None:
    del two_tenants
    province = await create_tenant("sheng", "江宁省", "province")
    with tenant_scope(province.id):
        boss = await member_of(province, "boss", "operator")
        admin = await member_of(province, "admin", "tenant_admin")
        with pytest.raises(Forbidden, match="您不能管理「平台运营员」账号"):
            await invite(province, "evil", "某某", "operator", by=admin)
        with pytest.raises(Forbidden):
            await invite_again(province, boss.id, admin)
        with pytest.raises(Forbidden):
            await disable(boss.id, admin)
        assert await invite_again(province, admin.id, boss)


async def test_a_disabled_account_is_out_at_once(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        tenant = await tenant_of(two_tenants[0])
        admin = await member_of(tenant, "admin", "tenant_admin")
        await member_of(tenant, "lin", "viewer")
        token = (await sign_in("lin", PASSWORD)).token
        user = await signed_in(token)
        assert user is not None
        with pytest.raises(Conflict, match="不能停用自己的账号"):
            await disable(admin.id, admin)
        await disable(user.id, admin)
        assert await signed_in(token) is None
        with pytest.raises(SignInFailed):
            await sign_in("lin", PASSWORD)
        with pytest.raises(Conflict, match="已经停用"):  # the link would open nothing
            await invite(tenant, "lin", "林若溪", "viewer", admin)
        assert {row.login: row.state for row in await queries.accounts()} == {
            "admin": "active",
            "lin": "disabled",
        }
    with tenant_scope(two_tenants[1]), pytest.raises(NotFound):
        await disable(user.id, admin)


async def test_the_tenants_policy_decides(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        assert await queries.password_policy() == "asvs"


async def test_another_persons_number_is_not_passed_over(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        tenant = await tenant_of(two_tenants[0])
        await invite(tenant, "lin", "林若溪", "member", person="M1")
        assert await invite(tenant, "lin", "林若溪", "member", person="M1")
        with pytest.raises(Conflict, match="账号「lin」已经存在，人员编号是 M1，不是 M2"):
            await invite(tenant, "lin", "林若溪", "member", person="M2")
        await invite(tenant, "zhou", "周砚秋", "viewer")
        with pytest.raises(Conflict, match="账号「zhou」已经存在，没有人员编号，不是 M3"):
            await invite(tenant, "zhou", "周砚秋", "viewer", person="M3")
