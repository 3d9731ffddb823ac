"""A browser for tests that speaks HTTP to the application in this process, and people to sign in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from jiceng.accounts.access import SEPARATED_ROLES
from jiceng.accounts.managing.granting import NARROW
from jiceng.accounts.managing.invitations import invite
from jiceng.accounts.signing_in.cookies import session_cookie_name
from jiceng.accounts.signing_in.persons import ALWAYS_PROVE
from jiceng.accounts.signing_in.sessions import open_session
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.tenancy.queries import by_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Litestar

    from jiceng.tenancy.schemas import TenantInfo

_PROVED = """
insert into second_factor (tenant_id, id, account, nonce, created_at, last_step, confirmed_at)
values ($1, $2, $3, ''::bytea, now(), 0, now()) on conflict (tenant_id, account) do nothing
"""
FORM_TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]{64})"')


@dataclass
class Browser:
    """Keeps cookies and the form token of the last page, follows no redirect by itself."""

    client: httpx.AsyncClient
    token: str = field(default="")

    async def get(self, path: str, **kwargs: Any) -> httpx.Response:
        """Open a page as a browser does."""
        kwargs.setdefault("headers", {"accept": "text/html"})
        return self._remember(await self.client.get(path, **kwargs))

    async def post(
        self, path: str, data: Mapping[str, str | list[str]] | None = None, **kwargs: Any
    ) -> httpx.Response:
        """Send the form of the last page."""
        kwargs.setdefault("headers", {"accept": "text/html", "sec-fetch-site": "same-origin"})
        form = {"_csrf_token": self.token, **(data or {})}
        return self._remember(await self.client.post(path, data=form, **kwargs))

    def _remember(self, answer: httpx.Response) -> httpx.Response:
        found = FORM_TOKEN.search(answer.text)
        if found:
            self.token = found[1]
        return answer


def browser(app: Litestar) -> Browser:
    """A fresh browser without cookies."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    return Browser(httpx.AsyncClient(transport=transport, base_url="http://jiceng.test"))


async def signed_in_browser(
    app: Litestar, tenant_id: int, role: str, login: str = "", person: str = ""
) -> Browser:
    """A browser signed in to the tenant with the role (an account made for it, no password needed).

    Roles that must have a second factor have proved one; `person` is the member's number, if not the login.
    """
    tenant = await tenant_info(tenant_id)
    login = login or f"{role}-1"
    with tenant_scope(tenant_id):
        numbered = role in NARROW or role in SEPARATED_ROLES
        await invite(tenant, login, "周砚秋", role, person=(person or login) if numbered else "")
        await execute(
            "UPDATE account SET state = 'active' WHERE tenant_id = $1 AND login = $2", tenant_id, login
        )
        account = await fetch_value(
            "SELECT id FROM account WHERE tenant_id = $1 AND login = $2", tenant_id, login
        )
        if role in ALWAYS_PROVE:
            await execute(_PROVED, tenant_id, new_id(), account)
        session = await open_session(account, "周砚秋", "测试")
    ready = browser(app)
    ready.client.cookies.set(session_cookie_name(tenant.slug, production=False), session.token)
    await ready.get(f"/t/{tenant.slug}/sessions")
    return ready


async def tenant_info(tenant_id: int) -> TenantInfo:
    """The registry's row, which must exist."""
    tenant = await by_id(tenant_id)
    assert tenant is not None
    return tenant
