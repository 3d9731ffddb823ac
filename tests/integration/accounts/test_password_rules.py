"""mlps3: 90 days, none of the last five; asvs: neither. Sessions end by role."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from jiceng.accounts import queries
from jiceng.accounts.managing.invitations import accept_invitation, invite
from jiceng.accounts.managing.separation import choose
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.service import change_password, sign_in
from jiceng.accounts.signing_in.keeping import keep_password
from jiceng.accounts.signing_in.policy import PolicyName
from jiceng.accounts.signing_in.sessions import absolute_limit, idle_limit, signed_in
from jiceng.kernel.clock import showing
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.tenancy.queries import by_id

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORDS = [f"Wan-Quan-{number}-Bu-Tong" for number in range(7)]


@pytest.fixture
async def somebody(two_tenants: tuple[int, int]) -> AsyncIterator[SignedIn]:
    with tenant_scope(two_tenants[0]), showing(NOON):
        tenant = await by_id(two_tenants[0])
        assert tenant is not None
        link = await invite(tenant, "zhou", "周砚秋", "viewer")
        session = await accept_invitation(link.rsplit("/", 1)[1], PASSWORDS[0], policy="asvs")
        user = await signed_in(session.token)
        assert user is not None
        yield user


async def changed(user: SignedIn, old: str, new: str, policy: PolicyName) -> None:
    await change_password(user, old, new, policy=policy)


async def test_mlps3_refuses_the_last_five_and_takes_the_sixth_again(somebody: SignedIn) -> None:
    for number in range(1, 5):
        await keep_password(somebody.id, QUICK.hash(PASSWORDS[number]))
    for used in (PASSWORDS[0], PASSWORDS[4]):
        with pytest.raises(Invalid, match="与最近 5 次的密码相同"):
            await changed(somebody, PASSWORDS[4], used, "mlps3")
    await keep_password(somebody.id, QUICK.hash(PASSWORDS[5]))
    await changed(somebody, PASSWORDS[5], PASSWORDS[0], "mlps3")
    assert (await sign_in("zhou", PASSWORDS[0])).proved


async def test_asvs_takes_an_old_password_again(somebody: SignedIn) -> None:
    await changed(somebody, PASSWORDS[0], PASSWORDS[0], "asvs")
    assert (await sign_in("zhou", PASSWORDS[0])).proved


@pytest.mark.parametrize(
    ("policy", "days", "confined"),
    [("mlps3", 89, ""), ("mlps3", 90, "sessions"), ("asvs", 90, ""), ("asvs", 4000, "")],
)
async def test_a_password_lasts_90_days_under_mlps3_only(
    somebody: SignedIn, policy: str, days: int, confined: str
) -> None:
    del somebody
    await choose(policy, "no")
    with showing(NOON + timedelta(days=days)):
        user = await signed_in((await sign_in("zhou", PASSWORDS[0])).token)
        assert user is not None
        assert user.confined == confined


async def test_a_changed_password_sets_free(somebody: SignedIn) -> None:
    await choose("mlps3", "no")
    with showing(NOON + timedelta(days=91)):
        session = await change_password(somebody, PASSWORDS[0], PASSWORDS[1], policy="mlps3")
        user = await signed_in(session.token)
        assert user is not None
        assert user.confined == ""


async def test_the_settings_are_the_tenants_own(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await choose("mlps3", "yes")
        assert (await queries.password_policy(), (await queries.rules()).second_factor_for_admins) == (
            "mlps3",
            True,
        )
        with pytest.raises(Invalid):
            await choose("none", "yes")
    with tenant_scope(two_tenants[1]):
        assert (await queries.password_policy(), (await queries.rules()).second_factor_for_admins) == (
            "asvs",
            None,
        )


@pytest.mark.parametrize(
    ("role", "idle", "longest"),
    [
        ("operator", 10, 8),
        ("system_admin", 10, 8),
        ("security_admin", 10, 8),
        ("audit_admin", 10, 8),
        ("tenant_admin", 15, 12),
        ("clerk", 30, 12),
        ("member", 30, 12),
    ],
)
def test_every_role_has_its_limits(role: str, idle: int, longest: int) -> None:
    assert idle_limit(role) == timedelta(minutes=idle)
    assert absolute_limit(role) == timedelta(hours=longest)
