"""Managing accounts: roles given by others and audited, three people kept apart, unused accounts out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from jiceng.accounts import queries
from jiceng.accounts.access import Permission, Role, may
from jiceng.accounts.managing import granting, standing
from jiceng.accounts.managing.granting import Grant, grant
from jiceng.accounts.managing.invitations import InvitationOver, invite, invite_again, open_invitation
from jiceng.accounts.managing.separation import Appointed, separate, unite
from jiceng.accounts.programs.tokens import make_token, recognised
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.signing_in.lockout import count_attempt
from jiceng.accounts.signing_in.sessions import open_session, sessions_of, signed_in
from jiceng.kernel.clock import showing
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_value, tenant_scope
from jiceng.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from jiceng.kernel.ids import new_id
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.schemas import TenantInfo

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
BRANCH = UUID("01890000-0000-7000-8000-000000000001")
THREE = {
    "system_admin": Appointed("sys", "罗一", "G1"),
    "security_admin": Appointed("sec", "罗二", "G2"),
    "audit_admin": Appointed("aud", "罗三", "G3"),
}


class Office(NamedTuple):
    """A tenant with an administrator and a viewer."""

    tenant: TenantInfo
    admin: SignedIn
    viewer: SignedIn


async def person(tenant: TenantInfo, login: str, role: str, number: str = "") -> SignedIn:
    """Somebody signed in, invited by the machine itself, without a password."""
    await invite(tenant, login, "周砚秋", role, person=number)
    return await again(login)


async def again(login: str) -> SignedIn:
    """The person signed in anew."""
    await execute(
        "update account set state = 'active' where login = $2 and tenant_id = $1", current_tenant(), login
    )
    account = await queries.account_by_login(login)
    assert account is not None
    user = await signed_in((await open_session(account["id"], "周砚秋", "")).token)
    assert user is not None
    return user


@pytest.fixture
async def office(two_tenants: tuple[int, int]) -> AsyncIterator[Office]:
    with tenant_scope(two_tenants[0]), showing(NOON):
        tenant = await by_id(two_tenants[0])
        assert tenant is not None
        yield Office(
            tenant, await person(tenant, "admin", "tenant_admin"), await person(tenant, "lin", "viewer")
        )


async def events(name: str) -> list[str]:
    rows = await fetch("select object_id from audit_entry where event = $1 order by seq", name)
    return [row["object_id"] for row in rows]


async def test_a_role_and_a_scope_are_given_and_old_sessions_end(office: Office) -> None:
    token = (await open_session(office.viewer.id, "周砚秋", "")).token
    await grant(office.tenant, office.viewer.id, Grant("secretary", "subtree", BRANCH), office.admin)
    assert await signed_in(token) is None
    user = await again("lin")
    assert user.role == "secretary"
    assert (user.reach.kind, user.reach.organization) == ("subtree", BRANCH)
    assert await events("role_changed") == [str(office.viewer.id)]


async def test_nobody_gives_himself_rights_or_rights_that_are_not_his_to_give(office: Office) -> None:
    with pytest.raises(Conflict, match="不能给自己授权"):
        await grant(office.tenant, office.admin.id, Grant("viewer"), office.admin)
    for role in ("viewer", "clerk", "supervisor", "auditor"):
        by = await person(office.tenant, f"{role}-2", role)
        with pytest.raises(Forbidden):
            await grant(office.tenant, office.viewer.id, Grant("viewer"), by)
    with pytest.raises(Forbidden, match="您不能管理「系统管理员」账号"):
        await grant(office.tenant, office.viewer.id, Grant("system_admin", person="G9"), office.admin)
    with pytest.raises(NotFound):
        await grant(office.tenant, new_id(), Grant("viewer"), office.admin)
    assert await events("role_changed") == []


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        (Grant("king"), "没有这个角色"),
        (Grant("operator"), "平台运营员只能建在省级租户里"),
        (Grant("viewer", "half"), "没有这种数据范围"),
        (Grant("secretary", "all"), "「支部书记」不能看全单位"),
        (Grant("member", "self"), "要填人员编号"),
        (Grant("viewer", "subtree"), "范围是组织时，请填组织编号"),
        (Grant("viewer", "all", BRANCH), "范围是组织时，请填组织编号"),
    ],
)
async def test_a_role_that_cannot_be_is_refused(office: Office, wanted: Grant, fault: str) -> None:
    with pytest.raises(Invalid, match=fault):
        await grant(office.tenant, office.viewer.id, wanted, office.admin)


async def test_a_grant_without_its_entry_in_the_log_does_not_take_effect(
    office: Office, superuser: Any
) -> None:
    await superuser.execute("revoke insert on audit_entry from jiceng_app")
    try:
        with pytest.raises(Exception, match="permission denied"):
            await grant(office.tenant, office.viewer.id, Grant("clerk"), office.admin)
    finally:
        await superuser.execute("grant insert on audit_entry to jiceng_app")
    account = await queries.account_by_login("lin")
    assert account is not None
    assert account["role"] == "viewer"


async def test_one_person_has_one_account_whoever_asks(office: Office, superuser: Any) -> None:
    await person(office.tenant, "zhou", "member", "D001")
    with pytest.raises(Conflict, match="人员编号 D001 已经有账号「zhou」"):
        await invite(office.tenant, "zhou2", "周砚秋", "secretary", person=" D001 ")
    with pytest.raises(Conflict):
        await grant(office.tenant, office.viewer.id, Grant("member", "self", person="D001"), office.admin)
    with pytest.raises(Exception, match="one_account_per_person"):
        await superuser.execute("update account set person = 'D001' where login = 'lin'")


async def test_narrow_roles_begin_with_themselves(office: Office) -> None:
    for role in granting.NARROW:
        with pytest.raises(Invalid, match="要填人员编号"):
            await invite(office.tenant, role.value, "某某", role.value)
        user = await person(office.tenant, role.value, role.value, f"D-{role.value}")
        assert (user.reach.kind, user.reach.person) == ("self", f"D-{role.value}")


async def test_an_administrator_sees_and_ends_anybodys_sessions(office: Office) -> None:
    await open_session(office.viewer.id, "周砚秋", "Chrome（Windows）")
    assert len(await sessions_of(office.viewer.id, "viewer")) == 2
    await standing.end_sessions_of(office.viewer.id, office.admin)
    assert await sessions_of(office.viewer.id, "viewer") == []
    with pytest.raises(NotFound):
        await standing.end_sessions_of(new_id(), office.admin)


async def test_a_disabled_account_is_out_at_once_and_its_link_too_until_it_is_enabled(office: Office) -> None:
    token = (await open_session(office.viewer.id, "周砚秋", "")).token
    link = (await invite_again(office.tenant, office.viewer.id, office.admin)).rsplit("/", 1)[1]
    await standing.disable(office.viewer.id, office.admin)
    assert await signed_in(token) is None
    with pytest.raises(InvitationOver):
        await open_invitation(link)
    with pytest.raises(Conflict, match="已经停用"):
        await invite_again(office.tenant, office.viewer.id, office.admin)
    await standing.enable(office.viewer.id, office.admin)
    assert await signed_in(token) is None
    assert (await queries.account_info(office.viewer.id)).state == "invited"  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="没有停用"):
        await standing.enable(office.viewer.id, office.admin)


async def test_an_unlocked_login_need_not_wait(office: Office) -> None:
    for _ in range(6):
        free = await count_attempt("lin")
    assert not free
    await standing.unlock(office.viewer.id, office.admin)
    assert await count_attempt("lin")
    assert await events("account_unlocked") == [str(office.viewer.id)]


async def test_accounts_unused_for_90_days_are_told_then_disabled(office: Office) -> None:
    with showing(NOON + timedelta(days=89)):
        await open_session(office.admin.id, "周砚秋", "")
        assert [row.unused for row in await queries.accounts()] == [False, False]
        assert await standing.disable_unused() == 0
    with showing(NOON + timedelta(days=91)):
        assert {row.login: row.unused for row in await queries.accounts()} == {"admin": False, "lin": True}
        assert await standing.disable_unused() == 1
        assert {row.login: row.state for row in await queries.accounts()} == {
            "admin": "active",
            "lin": "disabled",
        }
        await standing.enable(office.viewer.id, office.admin)
        assert await standing.disable_unused() == 0, "enabling counts as use"


async def test_a_program_that_uses_an_account_keeps_it_in_use(office: Office) -> None:
    secret = await make_token(office.viewer, "对账程序", ["view_roster"], 366)
    with showing(NOON + timedelta(days=80)):
        assert await recognised(secret)
    with showing(NOON + timedelta(days=169)):
        await open_session(office.admin.id, "周砚秋", "")
        assert {row.login: (row.unused, row.last_seen) for row in await queries.accounts()}["lin"] == (
            False,
            NOON + timedelta(days=80),
        )
        assert await standing.disable_unused() == 0
    with showing(NOON + timedelta(days=171)):
        assert await standing.disable_unused() == 1
        assert await recognised(secret) is None


async def test_three_people_are_appointed_and_the_administrator_steps_back(office: Office) -> None:
    links = await separate(office.tenant, THREE, office.admin)
    assert {role: link.startswith("/t/donghu/invitation/") for role, link in links.items()} == {
        "system_admin": True,
        "security_admin": True,
        "audit_admin": True,
    }
    admin = await again("admin")
    assert admin.separated
    for permission in (Permission.GRANT_ROLES, Permission.VIEW_AUDIT, Permission.MANAGE_ACCOUNTS):
        assert not may(admin, permission)
    assert may(admin, Permission.OPEN_RUN)
    with pytest.raises(Forbidden):
        await grant(office.tenant, office.viewer.id, Grant("clerk"), admin)
    system, security = await again("sys"), await again("sec")
    with pytest.raises(Forbidden):
        await invite(office.tenant, "new", "新人", "viewer", by=system)
    await invite(office.tenant, "new", "新人", "unassigned", by=system)
    new = await again("new")
    assert not may(new, Permission.VIEW_HOME)
    with pytest.raises(Forbidden):
        await grant(office.tenant, new.id, Grant("viewer"), system)
    with pytest.raises(Conflict, match="不能给自己授权"):
        await grant(office.tenant, security.id, Grant("viewer"), security)
    await grant(office.tenant, new.id, Grant("clerk"), security)
    assert may(await again("new"), Permission.OPEN_RUN)
    with pytest.raises(Conflict, match="三员分立已经启用"):
        await separate(office.tenant, THREE, office.admin)


async def test_a_link_from_before_the_rights_opens_no_account_with_rights(office: Office) -> None:
    await separate(office.tenant, THREE, office.admin)
    system, security = await again("sys"), await again("sec")
    link = (await invite(office.tenant, "new", "新人", "unassigned", by=system)).rsplit("/", 1)[1]
    assert (await open_invitation(link)).login == "new"
    await grant(office.tenant, (await again("new")).id, Grant("clerk"), security)
    with pytest.raises(InvitationOver):
        await open_invitation(link)
    with pytest.raises(Forbidden):
        await invite_again(office.tenant, (await again("new")).id, system)
    fresh = await invite_again(office.tenant, (await again("new")).id, security)
    assert (await open_invitation(fresh.rsplit("/", 1)[1])).login == "new"


async def test_a_system_administrator_disables_none_of_the_three(office: Office) -> None:
    await separate(office.tenant, THREE, office.admin)
    system, security, auditing = await again("sys"), await again("sec"), await again("aud")
    other = await person(office.tenant, "sys2", "system_admin", "G4")
    for watched in (security, auditing, other):
        with pytest.raises(Forbidden, match="三员的账号不由系统管理员停用"):
            await standing.disable(watched.id, system)
        assert (await queries.account_info(watched.id)).state == "active"  # type: ignore[union-attr]
    await standing.disable(office.viewer.id, system)
    await grant(office.tenant, auditing.id, Grant("unassigned"), security)
    await standing.disable(auditing.id, system)
    assert await events("account_disabled") == [str(office.viewer.id), str(auditing.id)]


async def test_one_of_the_three_whom_the_night_disabled_comes_back(office: Office) -> None:
    await separate(office.tenant, THREE, office.admin)
    security = await again("sec")
    await execute("update account set state = 'disabled' where login = 'sec'")
    await standing.enable(security.id, await again("sys"))
    assert (await queries.account_info(security.id)).state == "invited"  # type: ignore[union-attr]


async def test_nobody_is_two_of_the_three(office: Office, superuser: Any) -> None:
    for spelt in ("G2", " G2 ", "Ｇ２", "G\u200b2"):
        twice = {**THREE, "audit_admin": Appointed("aud", "罗二", spelt)}
        with pytest.raises(Invalid, match="要由三个人担任"):
            await separate(office.tenant, twice, office.admin)
    with pytest.raises(Invalid, match="要由三个人担任"):
        await separate(office.tenant, {"system_admin": THREE["system_admin"]}, office.admin)
    await separate(office.tenant, THREE, office.admin)
    with pytest.raises(Exception, match="one_account_per_person"):
        await superuser.execute("update account set person = 'G1' where login = 'sec'")
    with pytest.raises(Exception, match="administrators_are_named"):
        await superuser.execute("update account set person = null where login = 'sec'")
    count = await fetch_value(
        "select count(*) from account where person = 'G1' and tenant_id = $1", current_tenant()
    )
    assert count == 1


async def test_only_an_administrator_separates_and_only_the_security_administrator_unites(
    office: Office,
) -> None:
    with pytest.raises(Forbidden):
        await separate(office.tenant, THREE, office.viewer)
    with pytest.raises(Conflict, match="没有启用"):
        await unite(office.admin)
    await separate(office.tenant, THREE, office.admin)
    for login in ("admin", "sys", "aud"):
        with pytest.raises(Forbidden, match="只有安全管理员可以停用"):
            await unite(await again(login))
    await unite(await again("sec"))
    assert may(await again("admin"), Permission.GRANT_ROLES)
    assert (await queries.rules()).separated is False


async def test_administrators_are_confined_until_they_have_a_second_factor(office: Office) -> None:
    assert office.admin.confined == "", "optional outside production"
    account = await queries.account_by_login("admin")
    assert account is not None
    token = (await open_session(account["id"], "周砚秋", "")).token
    in_production = await signed_in(token, production=True)
    assert in_production is not None
    assert in_production.confined == "second-factor"
    await separate(office.tenant, THREE, office.admin)
    for login in ("sys", "sec", "aud"):
        assert (await again(login)).confined == "second-factor"
    assert (await again("lin")).confined == ""
    assert Role.OPERATOR not in granting.grantable(office.admin)
