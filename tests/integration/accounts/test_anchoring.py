"""What people sign in with is the latest that the service stored: nothing old comes back (control 29)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pyotp
import pytest

from jiceng.accounts import queries
from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.second_factor.codes import secret_of
from jiceng.accounts.second_factor.proving import WrongCode, begin, confirm, factor_of, prove, remove
from jiceng.accounts.service import SignInFailed, sign_in
from jiceng.accounts.signing_in.anchoring import anchor_again, touched_accounts
from jiceng.accounts.signing_in.keeping import keep_password
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.accounts.signing_in.sessions import open_session, signed_in
from jiceng.kernel.audit import Event, record_now
from jiceng.kernel.clock import showing
from jiceng.kernel.database import current_tenant, execute, fetch, fetch_row, fetch_value, tenant_scope
from jiceng.tenancy.queries import by_id

FIRST, SECOND = "correct horse battery", "another long sentence"
KEY = bytes(range(32))
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
PUT_BACK = "update account set password_hash = $3, password_check = $4 where tenant_id = $1 and id = $2"
ENTRIES = """
select details from audit_entry where tenant_id = $1 and object_id = $2 and event = 'authentication_kept'
order by seq
"""


async def person(login: str) -> SignedIn:
    """An account of the current tenant with the first password."""
    tenant = await by_id(current_tenant())
    assert tenant is not None
    await invite(tenant, login, "周砚秋", "viewer")
    account = await queries.account_by_login(login)
    assert account is not None
    await keep_password(account["id"], await hash_password(FIRST))
    user = await signed_in((await open_session(account["id"], "周砚秋", "")).token)
    assert user is not None
    return user


async def enrolled(user: SignedIn) -> tuple[pyotp.TOTP, tuple[str, ...]]:
    """The person's generator, switched on at noon, and the recovery codes."""
    await begin(user)
    generator = pyotp.TOTP(secret_of((await factor_of(user.id)).nonce, KEY))
    return generator, await confirm(user, generator.at(NOON), KEY)


async def pair(account: UUID) -> tuple[Any, ...]:
    """Hash and check value as they stand in the database."""
    sql = "select password_hash, password_check from account where tenant_id = $1 and id = $2"
    row = await fetch_row(sql, current_tenant(), account)
    assert row is not None
    return row["password_hash"], row["password_check"]


async def alarms() -> int:
    """How many alarms the log holds."""
    sql = "select count(*) from audit_entry where tenant_id = $1 and event = 'authentication_changed'"
    number: int = await fetch_value(sql, current_tenant())
    return number


async def test_an_old_pair_of_hash_and_check_value_put_back_opens_nothing(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        user, other = await person("zhou"), await person("qin")
        old = await pair(user.id)
        await keep_password(user.id, await hash_password(SECOND))
        assert (await sign_in("zhou", SECOND)).token
        await execute(PUT_BACK, two_tenants[0], user.id, *old)
        for password in (FIRST, SECOND):
            with pytest.raises(SignInFailed):
                await sign_in("zhou", password)
        assert await alarms() == 2
        assert await touched_accounts() == {user.id: "zhou"}
        assert (await sign_in(other.login, FIRST)).token, "nobody else is touched"
        await keep_password(user.id, await hash_password(SECOND))
        assert (await sign_in("zhou", SECOND)).token
        assert await touched_accounts() == {}


async def test_an_entry_of_the_old_pair_written_again_behind_the_others_does_not_help(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]):
        user = await person("zhou")
        old = await pair(user.id)
        await keep_password(user.id, await hash_password(SECOND))
        await execute(PUT_BACK, two_tenants[0], user.id, *old)
        told = [msgspec.json.decode(row["details"]) for row in await fetch(ENTRIES, *where(user))]
        assert [one["number"] for one in told] == [1, 2]
        for number in (1, 3):
            await record_now(
                Event.AUTHENTICATION_KEPT, ("account", user.id), number=number, digest=told[0]["digest"]
            )
            with pytest.raises(SignInFailed):
                await sign_in("zhou", FIRST)
            assert await touched_accounts() == {user.id: "zhou"}


def where(user: SignedIn) -> tuple[int, str]:
    """Tenant and object of the account's entries."""
    return current_tenant(), str(user.id)


async def test_a_generator_deleted_as_a_whole_lets_nobody_in_by_password(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]), showing(NOON):
        user = await person("zhou")
        await enrolled(user)
        assert await touched_accounts() == {}
        for table in ("recovery_code", "second_factor"):
            await execute(f"delete from {table} where tenant_id = $1", two_tenants[0])  # noqa: S608 - above
        with pytest.raises(SignInFailed):
            await sign_in("zhou", FIRST)
        assert await alarms() == 1
        assert await touched_accounts() == {user.id: "zhou"}


async def test_a_generator_taken_away_by_its_owner_is_no_alarm(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        with showing(NOON):
            user = await person("zhou")
            generator, _ = await enrolled(user)
        later = NOON + timedelta(minutes=1)
        with showing(later):
            await remove(user, generator.at(later), KEY)
            assert (await sign_in("zhou", FIRST)).token
            assert (await alarms(), await touched_accounts()) == (0, {})


async def test_a_recovery_code_that_was_used_cannot_be_made_unused(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]), showing(NOON):
        user = await person("zhou")
        _, codes = await enrolled(user)
        await prove((await sign_in("zhou", FIRST)).token, codes[0], KEY)
        waiting = await sign_in("zhou", FIRST)
        assert (await alarms(), await touched_accounts()) == (0, {})
        await execute("update recovery_code set used_at = null where tenant_id = $1", two_tenants[0])
        with pytest.raises(WrongCode):
            await prove(waiting.token, codes[0], KEY)
        assert await alarms() == 1
        assert await touched_accounts() == {user.id: "zhou"}


async def test_what_holds_is_told_again_before_the_log_forgets_it(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        with showing(NOON):
            user, forged = await person("zhou"), await person("qin")
            await execute(PUT_BACK, two_tenants[0], forged.id, *(await pair(user.id)))
        with showing(NOON + timedelta(days=90)):
            assert await anchor_again() == 0
        with showing(NOON + timedelta(days=91)):
            assert await anchor_again() == 1, "and what was changed is never made good"
            assert await anchor_again() == 0
        assert len(await fetch(ENTRIES, *where(user))) == 2
        assert await touched_accounts() == {forged.id: "qin"}
