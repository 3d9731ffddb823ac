"""A program that talks to the API of the application in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
from tests.support.web import tenant_info

from jiceng.accounts.managing.granting import NARROW
from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.programs.tokens import SCOPES, make_token
from jiceng.accounts.schemas import SignedIn
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Collection

    from litestar import Litestar

EVERY_SCOPE = tuple(SCOPES)


async def token_for(
    tenant_id: int, scopes: Collection[str] = EVERY_SCOPE, role: str = "tenant_admin", login: str = "api"
) -> str:
    """The secret of a token of an account made for it."""
    tenant = await tenant_info(tenant_id)
    with tenant_scope(tenant_id):
        await invite(tenant, login, "周砚秋", role, person=login if role in NARROW else "")
        sql = "UPDATE account SET state = 'active' WHERE tenant_id = $1 AND login = $2"
        await execute(sql, tenant_id, login)
        sql = "SELECT id FROM account WHERE tenant_id = $1 AND login = $2"
        account = await fetch_value(sql, tenant_id, login)
        by = SignedIn(account, login, "周砚秋", role, tenant_id, new_id())
        return await make_token(by, "测试程序", scopes, 30)


class Program:
    """Speaks to one tenant with one token."""

    def __init__(self, app: Litestar, slug: str, token: str = "") -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.client = httpx.AsyncClient(transport=transport, base_url="http://jiceng.test", headers=headers)
        self.root = f"/api/v1/t/{slug}"

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        """Read."""
        return await self.client.get(f"{self.root}/{path}", **kwargs)

    async def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> httpx.Response:
        """Write, under a fresh key unless one is given."""
        sent = {"idempotency-key": key or f"key-{new_id()}", **headers}
        return await self.client.post(f"{self.root}/{path}", json=body, headers=sent)


async def program(app: Litestar, tenant_id: int, scopes: Collection[str] = EVERY_SCOPE) -> Program:
    """A program with a token of the tenant."""
    return Program(app, (await tenant_info(tenant_id)).slug, await token_for(tenant_id, scopes))
