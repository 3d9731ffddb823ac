"""What people sign in with, changed in the database directly, opens nothing and is told (control 29)."""

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pyotp
import pytest
from rich.console import Console
from tests.support.database import as_superuser

from jiceng.accounts import queries
from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.second_factor.codes import recovery_digest, secret_of
from jiceng.accounts.second_factor.proving import WrongCode, begin, confirm, factor_of, prove
from jiceng.accounts.service import SignInFailed, change_password, sign_in
from jiceng.accounts.signing_in.anchoring import touched_accounts
from jiceng.accounts.signing_in.keeping import keep_password
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.accounts.signing_in.sessions import open_session, signed_in
from jiceng.kernel.ciphers.devices import KeyFiles, device, use_device
from jiceng.kernel.clock import showing
from jiceng.kernel.crypto.keyring import renew, rewrap
from jiceng.kernel.database import close, connect, current_tenant, execute, fetch, tenant_scope
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate, registered_tables
from jiceng.kernel.database.roles import database_of
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings
from jiceng.operations.auditing.commands import verify_command
from jiceng.operations.auditing.keeping import prove_accounts
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.service import create_tenant

PASSWORD = "correct horse battery"
KEY = bytes(range(32))
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
HASH = "update account set password_hash = $3 where tenant_id = $1 and login = $2"
FORGED = {
    "a hash of the thief's own": HASH,
    "without its check value": "update account set password_hash = $3, password_check = null"
    " where tenant_id = $1 and login = $2",
    "hash and check value of another account": "update account a set password_hash = b.password_hash,"
    " password_check = b.password_check from account b where a.tenant_id = $1 and a.login = $2"
    " and b.tenant_id = a.tenant_id and b.login = 'thief' and $3::text is not null",
}


async def person(login: str) -> SignedIn:
    """An account of the current tenant with the one password."""
    tenant = await by_id(current_tenant())
    assert tenant is not None
    await invite(tenant, login, "周砚秋", "viewer")
    account = await queries.account_by_login(login)
    assert account is not None
    await keep_password(account["id"], await hash_password(PASSWORD))
    user = await signed_in((await open_session(account["id"], "周砚秋", "")).token)
    assert user is not None
    return user


async def alarms() -> list[UUID]:
    """Whom the alarms of the audit log name, oldest first."""
    rows = await fetch(
        "select object_id from audit_entry where tenant_id = $1 and event = 'authentication_changed'"
        " and not success order by seq",
        current_tenant(),
    )
    return [UUID(row["object_id"]) for row in rows]


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
async def test_a_hash_put_in_by_hand_is_a_wrong_password_and_an_alarm(
    two_tenants: tuple[int, int], database: Settings, forged: str
) -> None:
    with tenant_scope(two_tenants[0]):
        user, thief = await person("zhou"), await person("thief")
        assert (await sign_in("zhou", PASSWORD)).token
        assert await execute(forged, two_tenants[0], "zhou", await hash_password("the thief's own")) == 1
        answers = []
        for password in ("the thief's own", PASSWORD, "wrong"):
            with pytest.raises(SignInFailed) as refused:
                await sign_in("zhou", password)
            answers.append(str(refused.value))
        assert len(set(answers)) == 1, "the answer tells nothing"
        with pytest.raises(SignInFailed):
            await change_password(user, "the thief's own", "another long sentence", policy="asvs")
        assert await alarms() == [user.id] * 4
        assert await touched_accounts() == {user.id: "zhou"}
        with pytest.raises(Refusal, match="1 个账号"):
            await prove_accounts()
        assert (await sign_in("thief", PASSWORD)).token, "nobody else is touched"
        assert thief.id not in await alarms()
    await close()
    said = Console(file=io.StringIO(), width=300)
    assert await verify_command(database, "", None, None, said) == 1
    assert "账号 zhou：" in said.file.getvalue()  # type: ignore[attr-defined]
    assert "账号 thief" not in said.file.getvalue()  # type: ignore[attr-defined]


async def test_a_wrong_password_alone_is_no_alarm_and_a_new_one_ends_it(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        user = await person("zhou")
        for login in ("zhou", "nobody"):
            with pytest.raises(SignInFailed):
                await sign_in(login, "wrong")
        assert await alarms() == []
        await execute(HASH, two_tenants[0], "zhou", await hash_password("the thief's own"))
        await keep_password(user.id, await hash_password("another long sentence"))
        assert (await sign_in("zhou", "another long sentence")).token
        assert (await alarms(), await touched_accounts()) == ([], {})


async def test_a_generator_and_a_recovery_code_put_in_by_hand_prove_nothing(
    two_tenants: tuple[int, int],
) -> None:
    with tenant_scope(two_tenants[0]), showing(NOON):
        user, thief = await person("zhou"), await person("thief")
        codes = {}
        for each in (user, thief):
            await begin(each)
            codes[each.login] = pyotp.TOTP(secret_of((await factor_of(each.id)).nonce, KEY))
            await confirm(each, codes[each.login].at(NOON), KEY)
        await execute(
            "update recovery_code set digest = $3 where tenant_id = $1 and id = (select id from recovery_code"
            " where tenant_id = $1 and account = $2 limit 1)",
            *(two_tenants[0], user.id, recovery_digest("MINE1-MINE2-MINE3")),
        )
        waiting = await sign_in("zhou", PASSWORD)
        with pytest.raises(WrongCode):
            await prove(waiting.token, "MINE1-MINE2-MINE3", KEY)
        assert await alarms() == [user.id]
        await execute(
            "update second_factor f set nonce = t.nonce, check_value = t.check_value from second_factor t"
            " where f.tenant_id = $1 and f.account = $2 and t.tenant_id = $1 and t.account = $3",
            *(two_tenants[0], user.id, thief.id),
        )
        with showing(NOON + timedelta(seconds=60)):
            with pytest.raises(WrongCode):
                await prove(waiting.token, codes["thief"].at(NOON + timedelta(seconds=60)), KEY)
            assert await alarms() == [user.id] * 2
            assert await touched_accounts() == {user.id: "zhou"}


async def test_check_values_outlast_renewed_keys_and_another_suite(
    two_tenants: tuple[int, int], database: Settings
) -> None:
    with tenant_scope(two_tenants[0]):
        await person("zhou")
        using = device()
        assert isinstance(using, KeyFiles)
        using.renew()
        await renew()
        assert await rewrap() > 0
        assert (await sign_in("zhou", PASSWORD)).token
        use_device(msgspec.structs.replace(database, crypto="gm"))
        try:
            await person("qin")
            assert (await sign_in("zhou", PASSWORD)).token
            assert (await sign_in("qin", PASSWORD)).token
        finally:
            use_device(database)
        assert (await sign_in("qin", PASSWORD)).token
        assert await touched_accounts() == {}


async def test_migrating_vouches_for_what_is_there_once_and_never_again(own_settings: Settings) -> None:
    async def past(sql: str) -> list[Any]:
        return await as_superuser(own_settings, sql, database=database_of(own_settings.database_url))

    await connect(own_settings)
    tenant = (await create_tenant("donghu", "东湖区", "district")).id
    with tenant_scope(tenant), showing(NOON):
        user = await person("zhou")
        await begin(user)
        code = pyotp.TOTP(secret_of((await factor_of(user.id)).nonce, KEY)).at(NOON)
        await confirm(user, code, KEY)
    await close()
    for change in (
        "alter table account drop column password_check",
        "alter table second_factor drop column check_value",
        "alter table recovery_code drop column check_value",
        "delete from migration where app_name = 'accounts' and name >= '2026-11-22T21:49'",
    ):
        await past(change)
    assert (await migrate(own_settings)).changed
    assert await check_database(own_settings, registered_tables()) == []
    await connect(own_settings)
    with tenant_scope(tenant):
        assert (await sign_in("zhou", PASSWORD)).token
        assert await touched_accounts() == {}
        await execute("update account set password_check = null where tenant_id = $1", tenant)
    await close()
    assert not (await migrate(own_settings)).changed
    await connect(own_settings)
    with tenant_scope(tenant):
        assert await touched_accounts() == {user.id: "zhou"}
    await close()


async def test_what_is_kept_is_a_keyed_hash_of_account_and_value(two_tenants: tuple[int, int]) -> None:
    with tenant_scope(two_tenants[0]):
        user = await person("zhou")
        ((kept, hashed),) = await fetch(
            "select password_check, password_hash from account where tenant_id = $1 and login = 'zhou'",
            two_tenants[0],
        )
        assert len(kept) == 32
        assert bytes(kept) != hashlib.sha256(f"check|password|{user.id}|{hashed}".encode()).digest()
