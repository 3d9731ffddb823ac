"""Hashing a password takes a moment: what an administrator does meanwhile stands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import pyotp
import pytest

from jiceng.accounts import queries, service
from jiceng.accounts.managing import invitations, standing
from jiceng.accounts.managing.invitations import (
    InvitationOver,
    accept_invitation,
    invite,
    invite_again,
)
from jiceng.accounts.schemas import SignedIn
from jiceng.accounts.second_factor.codes import secret_of
from jiceng.accounts.second_factor.proving import PasswordFirst, begin, confirm, factor_of, prove
from jiceng.accounts.service import SignInFailed, sign_in
from jiceng.accounts.signing_in.passwords import hash_password, verify_password
from jiceng.accounts.signing_in.sessions import end_all_sessions, open_session, signed_in
from jiceng.kernel.clock import now
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.tenancy.queries import by_id
from jiceng.tenancy.schemas import TenantInfo

PASSWORD, NEWER = "correct horse battery", "门前的小溪绕过九块水稻田"
KEY = bytes(range(32))


class Office(NamedTuple):
    """A tenant with an administrator; `viewer` has the password."""

    tenant: TenantInfo
    admin: SignedIn
    viewer: SignedIn


@pytest.fixture
async def office(two_tenants: tuple[int, int]) -> AsyncIterator[Office]:
    with tenant_scope(two_tenants[0]):
        tenant = await by_id(two_tenants[0])
        assert tenant is not None
        found = []
        for login, role in (("admin", "tenant_admin"), ("zhou", "viewer")):
            path = await invite(tenant, login, "周砚秋", role)
            session = await accept_invitation(path.rsplit("/", 1)[1], PASSWORD, policy="asvs")
            user = await signed_in(session.token)
            assert user is not None
            found.append(user)
        yield Office(tenant, *found)


def meanwhile(act: Callable[[], Awaitable[object]], hashing: Callable[..., Awaitable[object]]) -> object:
    """`hashing`, at whose end `act` has happened."""

    async def busy(*given: object) -> object:
        made = await hashing(*given)
        await act()
        return made

    return busy


async def state_of(user: SignedIn) -> str:
    account = await queries.account_by_id(user.id)
    assert account is not None
    return str(account["state"])


async def test_who_is_disabled_while_changing_the_password_stays_disabled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = meanwhile(lambda: standing.disable(office.viewer.id, office.admin), hash_password)
    monkeypatch.setattr(service, "hash_password", busy)
    with pytest.raises(SignInFailed):
        await service.change_password(office.viewer, PASSWORD, NEWER, policy="asvs")
    assert await state_of(office.viewer) == "disabled"


async def test_who_is_disabled_while_accepting_an_invitation_stays_disabled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = await invite_again(office.tenant, office.viewer.id, office.admin)
    busy = meanwhile(lambda: standing.disable(office.viewer.id, office.admin), hash_password)
    monkeypatch.setattr(invitations, "hash_password", busy)
    with pytest.raises(InvitationOver):
        await accept_invitation(path.rsplit("/", 1)[1], NEWER, policy="asvs")
    assert await state_of(office.viewer) == "disabled"


async def test_a_password_changed_while_it_is_checked_opens_no_session(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def change() -> None:
        monkeypatch.setattr(service, "verify_password", verify_password)
        await service.change_password(office.viewer, PASSWORD, NEWER, policy="asvs")

    monkeypatch.setattr(service, "verify_password", meanwhile(change, verify_password))
    with pytest.raises(SignInFailed):
        await sign_in("zhou", PASSWORD)
    assert (await sign_in("zhou", NEWER)).proved


async def test_a_session_ended_while_its_password_is_changed_gets_no_new_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = meanwhile(lambda: end_all_sessions(office.viewer.id), hash_password)
    monkeypatch.setattr(service, "hash_password", busy)
    with pytest.raises(SignInFailed):
        await service.change_password(office.viewer, PASSWORD, NEWER, policy="asvs")
    assert (await sign_in("zhou", PASSWORD)).proved


async def test_one_right_password_opens_one_session_with_however_many_codes(office: Office) -> None:
    await begin(office.viewer)
    secret = secret_of((await factor_of(office.viewer.id)).nonce, KEY)
    first, second, *_ = await confirm(office.viewer, pyotp.TOTP(secret).at(now()), KEY)
    waiting = await open_session(office.viewer.id, "周砚秋", "", proved=False)
    found = await asyncio.gather(
        *(prove(waiting.token, code, KEY) for code in (first, second)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in found) == ["NewSession", PasswordFirst.__name__]


async def test_two_who_invite_the_same_person_at_once_make_one_account(office: Office) -> None:
    found = await asyncio.gather(
        *(invite(office.tenant, "lin", "林知远", "viewer", office.admin) for _ in range(4)),
        *(invite(office.tenant, f"lin{n}", "林知远", "viewer", office.admin, person="D1") for n in range(4)),
        return_exceptions=True,
    )
    assert {type(one) for one in found} <= {str, Conflict}
    logins = [account.login for account in await queries.accounts()]
    assert logins.count("lin") == 1
    assert len([login for login in logins if login.startswith("lin")]) == 2  # lin, and one whose person is D1
    assert not [one for one in found if isinstance(one, Exception) and not isinstance(one, Refusal)]
