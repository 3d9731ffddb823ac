"""Signing in: lock-out counted in the database, sessions that end, nothing usable stored."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.told import told_since

from jiceng.accounts import service
from jiceng.accounts.managing.invitations import accept_invitation, invite
from jiceng.accounts.managing.separation import choose
from jiceng.accounts.service import SignInFailed, sign_in
from jiceng.accounts.signing_in.lockout import count_attempt, lockout_minutes
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.accounts.signing_in.sessions import end_session, open_sessions, signed_in
from jiceng.kernel.clock import showing
from jiceng.kernel.database import execute, tenant_scope
from jiceng.kernel.errors import Invalid
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.schemas import TenantInfo

PASSWORD = "correct horse battery"
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


async def person(tenant_id: int, login: str = "zhou", role: str = "viewer") -> TenantInfo:
    """Invite and accept, the only way to an account with a password."""
    tenant = await by_id(tenant_id)
    assert tenant is not None
    path = await invite(tenant, login, "周砚秋", role)
    await accept_invitation(path.rsplit("/", 1)[1], PASSWORD, policy="asvs")
    return tenant


async def wrong(login: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            await sign_in(login, "wrong")


async def test_the_right_password_opens_a_session_that_ends_at_once_when_ended(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        session = await sign_in(" ZHOU ", PASSWORD, "Chrome（Windows）")
        user = await signed_in(session.token)
        assert user is not None
        assert (user.login, user.name, user.role, user.tenant) == ("zhou", "周砚秋", "viewer", two_tenants[0])
        assert [each.device for each in await open_sessions(user) if each.current] == ["Chrome（Windows）"]
        assert await end_session(user.id, user.session)
        assert await signed_in(session.token) is None
        assert not await end_session(user.id, user.session)


async def test_a_token_of_one_tenant_is_nothing_in_another(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        session = await sign_in("zhou", PASSWORD)
    with tenant_scope(two_tenants[1]):
        assert await signed_in(session.token) is None
        with pytest.raises(SignInFailed):
            await sign_in("zhou", PASSWORD)


async def test_nobody_is_there_before_he_was_invited(two_tenants: tuple[int, int], superuser: Any) -> None:
    assert await superuser.fetchval("SELECT count(*) FROM account") == 0
    with tenant_scope(two_tenants[0]):
        for login in ("admin", "root", "operator"):
            with pytest.raises(SignInFailed):
                await sign_in(login, login)


async def test_the_database_refuses_the_same_login_twice(
    two_tenants: tuple[int, int], superuser: Any
) -> None:
    for tenant in two_tenants:
        with tenant_scope(tenant):
            await person(tenant)
            await person(tenant, "lin")
    with pytest.raises(Exception, match="one_login_per_tenant"):
        await superuser.execute("UPDATE account SET login = 'zhou' WHERE login = 'lin'")


async def test_five_wrong_passwords_lock_even_the_right_one_for_fifteen_minutes(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        with showing(NOON):
            await wrong("zhou", 5)
            with pytest.raises(SignInFailed):
                await sign_in("zhou", PASSWORD)
        with showing(NOON + timedelta(minutes=14, seconds=59)), pytest.raises(SignInFailed):
            await sign_in("zhou", PASSWORD)
        with showing(NOON + timedelta(minutes=15)):
            assert (await sign_in("zhou", PASSWORD)).token


async def test_a_tenant_locks_for_longer_when_it_says_so_and_never_for_less(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        await person(two_tenants[0], "lin")
        with showing(NOON):
            await choose("asvs", "no", "６０")
            await wrong("zhou", 5)
        with showing(NOON + timedelta(minutes=45)):
            assert (await sign_in("lin", PASSWORD)).token
            with pytest.raises(SignInFailed):
                await sign_in("zhou", PASSWORD)
        with showing(NOON + timedelta(minutes=60)):
            assert (await sign_in("zhou", PASSWORD)).token
        for minutes in ("14", "1441", "很久"):
            with pytest.raises(Invalid, match="锁定时间"):
                await choose("asvs", "no", minutes)
        assert await lockout_minutes() == 60


async def test_a_lock_is_one_persons_own_and_four_failures_lock_nobody(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        await person(two_tenants[0], "lin")
        await wrong("zhou", 5)
        await wrong("lin", 4)
        assert (await sign_in("lin", PASSWORD)).token
        await wrong("lin", 4)
        assert (await sign_in("lin", PASSWORD)).token


async def test_parallel_guesses_get_no_more_than_five_tries(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        allowed = await asyncio.gather(*(count_attempt("zhou") for _ in range(20)))
        assert sum(allowed) == 5
        with pytest.raises(SignInFailed):
            await sign_in("zhou", PASSWORD)


async def test_the_count_is_in_the_database_so_processes_share_it(
    two_tenants: tuple[int, int], superuser: Any
) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        await wrong("zhou", 4)
        # What another process counts is one more row change; this one then refuses the right password.
        await superuser.execute(
            "UPDATE login_attempt SET failures = 5, locked_until = now() + interval '1 minute'"
        )
        with pytest.raises(SignInFailed):
            await sign_in("zhou", PASSWORD)


@pytest.mark.parametrize(
    ("role", "idle"), [("viewer", timedelta(minutes=30)), ("tenant_admin", timedelta(minutes=15))]
)
async def test_an_idle_session_ends(two_tenants: tuple[int, int], role: str, idle: timedelta) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0], role=role)
        with showing(NOON):
            token = (await sign_in("zhou", PASSWORD)).token
        with showing(NOON + idle):
            assert await signed_in(token) is not None
        with showing(NOON + idle + idle + timedelta(seconds=1)):
            assert await signed_in(token) is None


async def test_a_session_in_use_ends_after_twelve_hours(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        with showing(NOON):
            token = (await sign_in("zhou", PASSWORD)).token
        for minutes in range(25, 12 * 60, 25):
            with showing(NOON + timedelta(minutes=minutes)):
                assert await signed_in(token) is not None
        with showing(NOON + timedelta(hours=12)):
            assert await signed_in(token) is None


async def test_the_database_holds_no_usable_token_or_password(
    two_tenants: tuple[int, int], superuser: Any
) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        token = (await sign_in("zhou", PASSWORD)).token
    dump = ""
    for table in ("account", "account_session", "invitation", "login_attempt"):
        dump += str([dict(row) for row in await superuser.fetch(f"SELECT * FROM {table}")])  # noqa: S608 - names above
    assert "argon2id" in dump
    assert token not in dump
    assert PASSWORD not in dump
    with tenant_scope(two_tenants[0]), pytest.raises(Exception, match="hashed_password"):
        await execute("UPDATE account SET password_hash = 'plain' WHERE tenant_id = $1", two_tenants[0])


async def test_changing_the_password_ends_every_session(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        await person(two_tenants[0])
        first, second = (await sign_in("zhou", PASSWORD)).token, (await sign_in("zhou", PASSWORD)).token
        user = await signed_in(first)
        assert user is not None
        with pytest.raises(SignInFailed):
            await service.change_password(user, "wrong", "another long sentence", policy="asvs")
        new = await service.change_password(user, PASSWORD, "another long sentence", policy="asvs")
        assert [await signed_in(token) for token in (first, second)] == [None, None]
        assert await told_since(two_tenants[0], 0) >= {"password_changed", "authentication_kept"}
        assert await signed_in(new.token) is not None
        with pytest.raises(SignInFailed):
            await sign_in("zhou", PASSWORD)


async def test_hashing_uses_a_new_salt_each_time() -> None:
    assert await hash_password(PASSWORD) != await hash_password(PASSWORD)
