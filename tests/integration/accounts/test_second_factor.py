"""The second factor: enrolled with a code, each code once, recovery codes once, nothing usable stored."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import msgspec
import pyotp
import pytest

from jiceng.accounts import queries
from jiceng.accounts.managing.invitations import accept_invitation, invite, invite_again
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.second_factor.codes import address, secret_of
from jiceng.accounts.second_factor.proving import (
    PasswordFirst,
    WrongCode,
    begin,
    confirm,
    factor_of,
    prove,
    remove,
    remove_of,
    renew_recovery,
)
from jiceng.accounts.service import sign_in
from jiceng.accounts.signing_in.keeping import keep_password
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.accounts.signing_in.sessions import open_session, signed_in
from jiceng.kernel.ciphers.devices import use_device
from jiceng.kernel.clock import showing
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Forbidden
from jiceng.kernel.settings import Settings
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.schemas import TenantInfo

PASSWORD = "correct horse battery"
KEY = bytes(range(32))
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


class Enrolled(NamedTuple):
    """Somebody with a generator, confirmed at NOON; `code(seconds)` is what it shows so long after NOON."""

    tenant: TenantInfo
    user: SignedIn
    code: Callable[[int], str]
    recovery: tuple[str, ...]
    secret: str


async def person(tenant: TenantInfo, login: str, role: str) -> SignedIn:
    """An account with the one password; hashed once in each test."""
    await invite(tenant, login, "周砚秋", role)
    account = await queries.account_by_login(login)
    assert account is not None
    await keep_password(account["id"], await hash_password(PASSWORD))
    user = await signed_in((await open_session(account["id"], "周砚秋", "")).token)
    assert user is not None
    return user


@pytest.fixture
async def enrolled(two_tenants: tuple[int, int]) -> AsyncIterator[Enrolled]:
    with tenant_scope(two_tenants[0]), showing(NOON):
        tenant = await by_id(two_tenants[0])
        assert tenant is not None
        user = await person(tenant, "zhou", "viewer")
        await begin(user)
        secret = secret_of((await factor_of(user.id)).nonce, KEY)

        def code(seconds: int) -> str:
            return pyotp.TOTP(secret).at(NOON + timedelta(seconds=seconds))

        recovery = await confirm(user, code(0), KEY)
        yield Enrolled(tenant, user, code, recovery, secret)


async def test_without_the_right_first_code_a_generator_is_not_on(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]), showing(NOON):
        tenant = await by_id(two_tenants[0])
        assert tenant is not None
        user = await person(tenant, "zhou", "viewer")
        assert (await factor_of(user.id)).state == "none"
        await begin(user)
        waiting = await factor_of(user.id)
        assert waiting.state == "waiting"
        with pytest.raises(WrongCode):
            await confirm(user, "000000", KEY)
        with pytest.raises(WrongCode):
            await confirm(user, pyotp.TOTP(secret_of(waiting.nonce, bytes(32))).at(NOON), KEY)
        assert (await factor_of(user.id)).state == "waiting"
        assert (await sign_in("zhou", PASSWORD)).proved, "a generator that is not on is not asked for"
        await begin(user)
        assert (await factor_of(user.id)).nonce != waiting.nonce


async def test_the_password_alone_lets_nobody_in(enrolled: Enrolled) -> None:
    waiting = await sign_in("zhou", PASSWORD)
    assert not waiting.proved
    assert await signed_in(waiting.token) is None
    with pytest.raises(WrongCode):
        await prove(waiting.token, "000000", KEY)
    with showing(NOON + timedelta(seconds=60)):
        session = await prove(waiting.token, enrolled.code(60), KEY)
        assert session.proved
        assert session.token != waiting.token
        assert await signed_in(session.token) is not None
        assert await signed_in(waiting.token) is None
        with pytest.raises(PasswordFirst):
            await prove(waiting.token, enrolled.code(90), KEY)
    with pytest.raises(PasswordFirst):
        await prove("x" * 43, enrolled.code(60), KEY)


async def test_the_code_is_waited_for_five_minutes(enrolled: Enrolled) -> None:
    waiting = await sign_in("zhou", PASSWORD)
    with showing(NOON + timedelta(minutes=5)), pytest.raises(PasswordFirst):
        await prove(waiting.token, enrolled.code(300), KEY)


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
async def test_a_clock_may_be_half_a_minute_off(enrolled: Enrolled, seconds: int, *, taken: bool) -> None:
    later = 300
    with showing(NOON + timedelta(seconds=later)):
        waiting = await sign_in("zhou", PASSWORD)
        if taken:
            assert (await prove(waiting.token, enrolled.code(later + seconds), KEY)).proved
        else:
            with pytest.raises(WrongCode):
                await prove(waiting.token, enrolled.code(later + seconds), KEY)


async def test_a_code_works_once_and_none_before_it_either(enrolled: Enrolled) -> None:
    with showing(NOON + timedelta(seconds=300)):
        first, second = await sign_in("zhou", PASSWORD), await sign_in("zhou", PASSWORD)
        await prove(first.token, enrolled.code(300), KEY)
        for seconds in (300, 270):
            with pytest.raises(WrongCode):
                await prove(second.token, enrolled.code(seconds), KEY)
        assert (await prove(second.token, enrolled.code(330), KEY)).proved


async def test_one_code_brought_by_four_at_once_opens_one_session(enrolled: Enrolled) -> None:
    with showing(NOON + timedelta(seconds=300)):
        waiting = [(await open_session(enrolled.user.id, "周砚秋", "", proved=False)).token for _ in range(4)]
        answers = await asyncio.gather(
            *(prove(token, enrolled.code(300), KEY) for token in waiting), return_exceptions=True
        )
    assert sum(not isinstance(answer, BaseException) for answer in answers) == 1
    assert sum(isinstance(answer, WrongCode) for answer in answers) == 3


async def test_five_wrong_codes_lock_for_fifteen_minutes(enrolled: Enrolled) -> None:
    with showing(NOON + timedelta(seconds=60)):
        waiting = await sign_in("zhou", PASSWORD)
        for _ in range(5):
            with pytest.raises(WrongCode):
                await prove(waiting.token, "000000", KEY)
        with pytest.raises(WrongCode):
            await prove(waiting.token, enrolled.code(60), KEY)
    with showing(NOON + timedelta(minutes=16)):
        again = await sign_in("zhou", PASSWORD)
        assert (await prove(again.token, enrolled.code(16 * 60), KEY)).proved


async def test_a_recovery_code_stands_in_once(enrolled: Enrolled) -> None:
    assert len(set(enrolled.recovery)) == 10
    with showing(NOON + timedelta(seconds=60)):
        first, second = await sign_in("zhou", PASSWORD), await sign_in("zhou", PASSWORD)
        assert (await prove(first.token, f" {enrolled.recovery[3].lower()} ", KEY)).proved
        assert (await factor_of(enrolled.user.id)).recovery_left == 9
        with pytest.raises(WrongCode):
            await prove(second.token, enrolled.recovery[3], KEY)
        fresh = await renew_recovery(enrolled.user, enrolled.code(60), KEY)
        with pytest.raises(WrongCode):
            await prove(second.token, enrolled.recovery[4], KEY)
        assert (await prove(second.token, fresh[0], KEY)).proved


async def test_it_is_taken_away_with_a_code_or_by_another_administrator(enrolled: Enrolled) -> None:
    user = enrolled.user
    with pytest.raises(Conflict, match="动态口令已经启用"):
        await begin(user)
    with pytest.raises(WrongCode):
        await remove(user, "000000", KEY)
    admin = await person(enrolled.tenant, "admin", "tenant_admin")
    viewer = await person(enrolled.tenant, "lin", "viewer")
    with pytest.raises(Forbidden):
        await remove_of(user.id, viewer)
    with pytest.raises(Conflict, match="不能这样停用自己的"):
        await remove_of(admin.id, admin)
    token = (await open_session(user.id, "周砚秋", "")).token
    await remove_of(user.id, admin)
    assert await signed_in(token) is None
    assert (await sign_in("zhou", PASSWORD)).proved
    assert (await factor_of(user.id)).state == "none"


async def test_a_new_invitation_does_not_go_round_it(enrolled: Enrolled) -> None:
    admin = await person(enrolled.tenant, "admin", "tenant_admin")
    link = await invite_again(enrolled.tenant, enrolled.user.id, admin)
    session = await accept_invitation(link.rsplit("/", 1)[1], "another long password", policy="asvs")
    assert not session.proved
    assert await signed_in(session.token) is None


async def test_the_database_alone_gives_nobody_a_code(enrolled: Enrolled, superuser: Any) -> None:
    dump = ""
    for table in ("second_factor", "recovery_code", "account_session", "login_attempt", "audit_entry"):
        dump += str([dict(row) for row in await superuser.fetch(f"SELECT * FROM {table}")])  # noqa: S608 - names above
    assert enrolled.secret not in dump
    assert not any(code in dump or code.replace("-", "") in dump for code in enrolled.recovery)
    told = await superuser.fetch("SELECT event FROM audit_entry ORDER BY seq")
    assert [row["event"] for row in told].count("totp_changed") == 1


async def test_under_gm_new_generators_use_sm3_and_old_ones_go_on(
    enrolled: Enrolled, database: Settings
) -> None:
    use_device(msgspec.structs.replace(database, crypto="gm"))
    with showing(NOON):
        user = await person(enrolled.tenant, "qin", "viewer")
        await begin(user)
        factor = await factor_of(user.id)
        assert factor.algorithm == "sm3"
        secret = secret_of(factor.nonce, KEY, "sm3")
        assert secret != secret_of(factor.nonce, KEY)
        assert "algorithm=SM3" in address(secret, "qin", "东湖区", "sm3")
        usual, national = pyotp.TOTP(secret), pyotp.TOTP(secret, digest=partial(hashlib.new, "sm3"))
        with pytest.raises(WrongCode):
            await confirm(user, usual.at(NOON), KEY)
        assert len(await confirm(user, national.at(NOON), KEY)) == 10
        with showing(NOON + timedelta(seconds=60)):
            waiting = await sign_in("zhou", PASSWORD)
            assert (await prove(waiting.token, enrolled.code(60), KEY)).proved
    use_device(database)
