"""The rows of the route matrix, who asks for them, and how a request is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from tests.support import samples
from tests.support.programs import token_for
from tests.support.web import Browser, browser, signed_in_browser
from tests.support.world import attachment, upload, workbook

from jiceng.accounts.access import Permission, Role, declared, route_handlers
from jiceng.accounts.signing_in.cookies import session_cookie_name
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.rest import is_api

if TYPE_CHECKING:
    import httpx
    from litestar import Litestar

    from jiceng.tenancy.schemas import TenantInfo

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
_SEES_THE_TOWN = """
update account set scope = 'subtree', organization = (
  select organization from organization_state where tenant_id = $1 and parent is null limit 1)
where tenant_id = $1 and login = $2 and scope = 'self'
"""
_OTHER_SESSION = """
select s.id from account_session s join account a on a.id = s.account
where s.tenant_id = $1 and a.login = $2 and s.ended_at is null order by s.created_at desc limit 1
"""


class Seat(NamedTuple):
    """A role and the tenant its account is in; operators exist in provinces only."""

    role: Role
    tenant: TenantInfo
    elsewhere: TenantInfo

    @property
    def login(self) -> str:
        """The name of its account."""
        return f"{self.role.value}-x"


class Row(NamedTuple):
    """One method of one route."""

    method: str
    path: str
    permission: Permission | None

    def address(self, values: dict[str, str]) -> str:
        """The path with its parameters filled in."""
        return re.sub(r"{(\w+):\w+}", lambda found: values[found[1]], self.path)

    @property
    def ids(self) -> list[str]:
        """The parameters that name one thing of a tenant."""
        unnamed = samples.no_id()
        return [name for name in re.findall(r"{(\w+):", self.path) if name not in unnamed]


def rows(app: Litestar) -> list[Row]:
    """Every row of the matrix, from the router; the API has its own (test_the_api_matrix.py)."""
    found = set()
    for route, handler in route_handlers(app):
        permission = declared(handler)
        assert not isinstance(permission, bool)
        found |= {Row(str(method), route.path, permission) for method in handler.http_methods}  # type: ignore[attr-defined]
    pages = (row for row in found if row.method != "HEAD" and not is_api(row.path))
    return sorted(pages, key=lambda row: (row.path, row.method))


class Crowd:
    """One browser for each person, signed in once; narrow roles look after the whole town."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.here: dict[tuple[int, str], Browser] = {}
        self.told: dict[str, set[str]] = {}
        """Of each request that succeeded: what it told the audit log, whoever sent it."""

    async def who(self, tenant: TenantInfo, role: str, login: str = "") -> Browser:
        """The person's browser."""
        login = login or f"{role}-x"
        if (tenant.id, login) not in self.here:
            self.here[tenant.id, login] = await signed_in_browser(self.app, tenant.id, role, login)
            with tenant_scope(tenant.id):
                await execute(_SEES_THE_TOWN, tenant.id, login)
        return self.here[tenant.id, login]

    async def stranger(self, seat: Seat, role: str) -> Browser:
        """Somebody of the other tenant who shows his session under this tenant's cookie too."""
        who = await self.who(seat.elsewhere, role, f"stranger-{role}")
        theirs = session_cookie_name(seat.elsewhere.slug, production=False)
        here = session_cookie_name(seat.tenant.slug, production=False)
        who.client.cookies.set(here, who.client.cookies[theirs])
        return who

    async def nobody(self, tenant: TenantInfo) -> Browser:
        """A visitor without a session, who has seen the sign-in page."""
        if (tenant.id, "") not in self.here:
            self.here[tenant.id, ""] = browser(self.app)
            await self.here[tenant.id, ""].get(f"/t/{tenant.slug}/login")
        return self.here[tenant.id, ""]

    def forget(self, row: Row) -> None:
        """Signing out ends sessions: then everybody signs in again."""
        if row.path.endswith("/logout"):
            self.here.clear()


async def ask(
    who: Browser, row: Row, values: dict[str, str], extra: dict[str, str] | None = None
) -> httpx.Response:
    """Send the request of a row as a browser would; `extra` fields go with its form."""
    if row.method == "GET":
        return await who.client.get(row.address(values), headers=PAGE)
    token = who.token
    if "{tenant" not in row.path:
        await who.get("/")  # outside a tenant the form token belongs to no session
    own = {name[1:]: value for name, value in values.items() if name.startswith("=")}
    form = {"_csrf_token": who.token, **samples.form(row.path), **own, **(extra or {})}
    if row.path.endswith("/import/{upload_id:uuid}"):
        form["version"] = values.get("version", "1")
    who.token = token
    sent = samples.file(row.path)
    made = workbook(sent, values["tenant"]) if isinstance(sent, str) and sent else sent and sent()
    files = {"file": ("upload.xlsx", made)} if made else None
    return await who.client.post(row.address(values), data=form, files=files, headers=PAGE)


async def consumed(app: Litestar, row: Row, seat: Seat) -> dict[str, str]:
    """What a row uses up or needs of its own: another session to end, an upload to import, a file's name."""
    own = seat.tenant
    values = await samples.prepared(own, row.path, seat.login)
    if "session" in row.ids:
        values["session"] = await other_session(app, own, seat.login)
    if "upload_id" in row.ids:
        values |= await upload(own)
    if "file_id" in row.ids:
        values |= await attachment(own)
    if "api_token" in row.ids:
        values["api_token"] = await api_token(own)
    if row.path.startswith("/static/vendor"):
        values["file_path"] = "htmx.min.js"
    if row.path.startswith("/static/api"):
        values["file_path"] = "swagger-ui.css"
    if "/admin/public/" in row.path:
        values["rest"] = "meta/"
    return values


async def api_token(tenant: TenantInfo) -> str:
    """A token of the tenant, to be ended."""
    await token_for(tenant.id, login=f"api-{new_id()}")
    with tenant_scope(tenant.id):
        newest = "SELECT id FROM api_token WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 1"
        return str(await fetch_value(newest, tenant.id))


async def other_session(app: Litestar, tenant: TenantInfo, login: str) -> str:
    """A second session of the person, to be ended."""
    await signed_in_browser(app, tenant.id, login.removesuffix("-x"), login)
    with tenant_scope(tenant.id):
        return str(await fetch_value(_OTHER_SESSION, tenant.id, login))
