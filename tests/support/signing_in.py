"""What the route matrix sends to the pages on which somebody signs in, proves himself, or secures the tenant.

The town's administrator succeeds; the others have no password, no code, or not the right to appoint somebody.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pyotp
from tests.support.database import data_folder

from jiceng.accounts.access import Role
from jiceng.accounts.second_factor.codes import KEY_BYTES, installation_key, secret_of
from jiceng.accounts.signing_in.anchoring import anchor
from jiceng.accounts.signing_in.keeping import keep_password
from jiceng.accounts.signing_in.passwords import hash_password
from jiceng.accounts.signing_in.persons import SEPARATION
from jiceng.accounts.signing_in.vouching import factor, vouch
from jiceng.kernel.clock import now, today
from jiceng.kernel.database import execute, fetch_value, tenant_scope, transaction
from jiceng.kernel.ids import new_id
from jiceng.tenancy.service import set_setting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from jiceng.tenancy.schemas import TenantInfo

AT = "/t/{tenant:str}"
LOGIN, CODE, PASSWORD = f"{AT}/login", f"{AT}/login/code", f"{AT}/password"
INVITATION = f"{AT}/invitation/{{token:str}}"
CONFIRM = f"{AT}/second-factor/confirm"
RECOVERY, REMOVE = f"{AT}/second-factor/recovery", f"{AT}/second-factor/remove"
ONE, THREE = f"{AT}/security/one", f"{AT}/security/three"
OLD, NEW = "老槐树下放着三张石头凳子", "门前的小溪绕过九块水稻田"
NEW_PASSWORD = {"password": NEW, "again": NEW}
FORMS: dict[str, dict[str, str]] = {INVITATION: NEW_PASSWORD, PASSWORD: NEW_PASSWORD}
ANSWERED: dict[str, set[int]] = {
    LOGIN: {401},  # he has no password
    CODE: {401},  # he has not given a password before
    PASSWORD: {401},
    INVITATION: {404},  # the one before accepted it
    f"{AT}/second-factor": {409},  # those who must have one have it
    CONFIRM: {401, 409},  # he has no password
    RECOVERY: {401},  # he has no generator
    REMOVE: {401},
    THREE: {403, 422},  # the security administrator appoints nobody; nobody is named
    ONE: {409},  # there are no three administrators
}
THE_THREE = {
    f"={role}_{what}": f"{role}-3" if what != "name" else "林知远"
    for role in ("system_admin", "security_admin", "audit_admin")
    for what in ("login", "name", "person")
}
CHOSEN = f"{Role.TENANT_ADMIN}-x"
"""Who succeeds: the town's administrator."""
_GENERATOR = """
insert into second_factor (tenant_id, id, account, nonce, created_at, last_step, confirmed_at, check_value)
values ($1, $2, $3, $4, now(), 0, $5, $6) on conflict (tenant_id, account) do update set
  nonce = excluded.nonce, last_step = 0, confirmed_at = excluded.confirmed_at,
  check_value = excluded.check_value
"""
_WAITING = (
    "update account_session set proved = false where tenant_id = $1 and account = $2 and ended_at is null"
)


async def prepared_for(tenant: TenantInfo, path: str, login: str) -> Mapping[str, str]:
    """What the chosen person needs to succeed: a password, a code of his generator, three people."""
    if path in (ONE, THREE):
        return await _administrators(tenant, path, login)
    if login != CHOSEN or path not in (LOGIN, CODE, PASSWORD, CONFIRM, RECOVERY, REMOVE):
        return {}
    with tenant_scope(tenant.id):
        sql = "select id from account where tenant_id = $1 and login = $2"
        account: UUID = await fetch_value(sql, tenant.id, login)
        if path in (LOGIN, PASSWORD):
            await keep_password(account, await hash_password(OLD))
            return {"=login": login, "=password": OLD} if path == LOGIN else {"=old": OLD}
        if path == CODE:
            await execute(_WAITING, tenant.id, account)
        if path == CONFIRM:
            await keep_password(account, await hash_password(OLD))
            return {"=code": await _code(tenant.id, account, confirmed=False), "=password": OLD}
        return {"=code": await _code(tenant.id, account, confirmed=True)}


async def _code(tenant: int, account: UUID, *, confirmed: bool) -> str:
    """The code of now of a fresh generator of the account."""
    nonce = secrets.token_bytes(KEY_BYTES)
    check = await vouch(factor(account, nonce, "sha1"))
    async with transaction():
        since = now() if confirmed else None
        await execute(_GENERATOR, tenant, new_id(), account, nonce, since, check)
        await anchor(account)
    return pyotp.TOTP(secret_of(nonce, installation_key(data_folder()))).at(now())


async def _administrators(tenant: TenantInfo, path: str, login: str) -> Mapping[str, str]:
    """The town's administrator appoints the three; its security administrator alone ends that."""
    if login == f"{Role.SECURITY_ADMIN}-x":
        with tenant_scope(tenant.id):
            await set_setting(SEPARATION, value=path == ONE, valid_from=today())
    return THE_THREE if path == THREE and login == CHOSEN else {}
