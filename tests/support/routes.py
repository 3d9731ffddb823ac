"""The rows of the route matrix, who asks for them, and how a request is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from tests.support import samples
from tests.support.programs import token_for
from tests.support.quick_client import QuickClient
from tests.support.told import request_named, told_by_request
from tests.support.web import FORM_TOKEN, signed_in_browser
from tests.support.world import attachment, upload, workbook

from jiceng.accounts.access import Permission, Role, declared, route_handlers
from jiceng.accounts.signing_in.cookies import session_cookie_name
from jiceng.kernel.database import execute, fetch_value, tenant_scope
from jiceng.kernel.ids import new_id
from jiceng.kernel.rest import is_api

if TYPE_CHECKING:
    from litestar import Litestar
    from tests.support.quick_client import Answer

    from jiceng.kernel.audit import Event
    from jiceng.tenancy.schemas import TenantInfo

PAGE = {"accept": "text/html", "sec-fetch-site": "same-origin"}
LATER = (
    "jiceng_",  # plugins
    "jiceng.schemes.editing",
    "jiceng.schemes.periods",
    "jiceng.evaluation.trial",
    "jiceng.evaluation.rulings",
    "jiceng.publication",
    "jiceng.facts.ballots",
    "jiceng.facts.campaigns",
)
"""Packages whose routes came after the foundation: schemes in service, campaigns, ballots, every plugin."""
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
    owner: str
    """The module of its handler."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.permission})"

    @property
    def later(self) -> bool:
        """Whether the route came with a later issue than the foundation (docs/decisions/0301)."""
        return self.owner.startswith(LATER)

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
        owner = handler.fn.__module__
        methods: set[str] = handler.http_methods  # type: ignore[attr-defined]
        found |= {Row(str(method), route.path, permission, owner) for method in methods}
    pages = (row for row in found if row.method != "HEAD" and not is_api(row.path))
    return sorted(pages, key=lambda row: (row.path, row.method))


class Visitor(QuickClient):
    """Somebody's browser: cookies, and the form token of the page he saw."""

    def __init__(self, app: Litestar) -> None:
        super().__init__(app)
        self.token = ""

    async def look(self, address: str) -> None:
        """Open a page for its form token."""
        found = FORM_TOKEN.search((await self.get(address, PAGE)).text)
        self.token = found[1] if found else self.token


class Told(NamedTuple):
    """What an answered request is to have told the audit log; it is read once, at the end."""

    tenant: int
    request: str
    expected: set[Event]
    exactly: bool
    words: str
    """What is wrong when it has not."""


class Crowd:
    """One browser for each person, signed in once; narrow roles look after the whole town."""

    def __init__(self, app: Litestar) -> None:
        self.app = app
        self.kept: dict[tuple[int, str], dict[str, str]] = {}
        """What was prepared for a page: reading uses nothing up, so all may read the same."""
        self.succeeded: dict[Row, list[tuple[int, str]]] = {}
        """By row: tenant and id of each request that was answered."""
        self._here: dict[tuple[int, str], Visitor] = {}
        self._expected: list[Told] = []

    async def who(self, tenant: TenantInfo, role: str, login: str = "") -> Visitor:
        """The person's browser."""
        login = login or f"{role}-x"
        if (tenant.id, login) not in self._here:
            browser = await signed_in_browser(self.app, tenant.id, role, login)
            visitor = self._here[tenant.id, login] = Visitor(self.app)
            visitor.cookies, visitor.token = dict(browser.client.cookies), browser.token
            with tenant_scope(tenant.id):
                await execute(_SEES_THE_TOWN, tenant.id, login)
        return self._here[tenant.id, login]

    async def stranger(self, seat: Seat, role: str) -> Visitor:
        """Somebody of the other tenant who shows his session under this tenant's cookie too."""
        who = await self.who(seat.elsewhere, role, f"stranger-{role}")
        theirs = session_cookie_name(seat.elsewhere.slug, production=False)
        here = session_cookie_name(seat.tenant.slug, production=False)
        who.cookies[here] = who.cookies[theirs]
        return who

    async def nobody(self, tenant: TenantInfo) -> Visitor:
        """A visitor without a session, who has seen the sign-in page."""
        if (tenant.id, "") not in self._here:
            visitor = self._here[tenant.id, ""] = Visitor(self.app)
            await visitor.look(f"/t/{tenant.slug}/login")
        return self._here[tenant.id, ""]

    def note(self, row: Row, seat: Seat, answer: Answer) -> bool:
        """Whether he succeeded, which is remembered; who got another session signs in anew next time."""
        sent_to = urlsplit(answer.headers.get("location", "")).path
        sent_away = sent_to.endswith("/login") and not row.path.endswith(("/login", "/logout"))
        succeeded = answer.status_code < 400 and not sent_away
        if succeeded:
            request = answer.headers["x-request-id"]
            self.succeeded.setdefault(row, []).append((seat.tenant.id, request))
        if any(cookie.startswith("jiceng-session-") for cookie in answer.cookies):
            self._here.pop((seat.tenant.id, seat.login), None)
        return succeeded

    def expect(
        self, answer: Answer, seat: Seat, expected: set[Event], words: str, *, exactly: bool = False
    ) -> None:
        """The request is to have told the log of these events, and with `exactly` of no others."""
        request = answer.headers["x-request-id"]
        self._expected.append(Told(seat.tenant.id, request, expected, exactly, words))

    async def untold(self, tenants: list[TenantInfo]) -> tuple[list[str], dict[str, set[str]]]:
        """Read the log: what it was not told although expected, and by request what it was told."""
        told = {
            (tenant.id, request): events
            for tenant in tenants
            for request, events in (await told_by_request(tenant.id)).items()
        }
        wrong = []
        for each in self._expected:
            found = told.get((each.tenant, each.request), set())
            if not each.expected <= found or (each.exactly and each.expected != found):
                wrong.append(f"{each.words}, told {sorted(found)}")
        by_row = {
            request_named(row.method, row.path): set().union(*(told.get(one, ()) for one in answered))
            for row, answered in self.succeeded.items()
        }
        return wrong, by_row


async def ask(who: Visitor, row: Row, values: dict[str, str], extra: dict[str, str] | None = None) -> Answer:
    """Send the request of a row as a browser would; `extra` fields go with its form."""
    if row.method == "GET":
        return await who.get(row.address(values), PAGE)
    token = who.token
    if "{tenant" not in row.path:
        await who.look("/")  # outside a tenant the form token belongs to no session
    if row.path.endswith("/login/code"):
        await who.look(row.address(values))  # it belongs to the session that waits for the code
    own = {name[1:]: value for name, value in values.items() if name.startswith("=")}
    form = {"_csrf_token": who.token, **samples.form(row.path), **own, **(extra or {})}
    if row.path.endswith("/import/{upload_id:uuid}"):
        form["version"] = values.get("version", "1")
    who.token = token
    sent = samples.file(row.path)
    made = workbook(sent, values["tenant"]) if isinstance(sent, str) and sent else sent and sent()
    return await who.post(row.address(values), form, PAGE, ("upload.xlsx", made) if made else None)


async def consumed(crowd: Crowd, row: Row, seat: Seat) -> dict[str, str]:
    """What a row uses up or needs of its own: another session to end, an upload to import, a file's name."""
    page = seat.tenant.id, row.path
    if row.method != "GET":
        values = await _made(crowd.app, row, seat)
    elif page in crowd.kept:
        values = crowd.kept[page]
    else:
        values = crowd.kept[page] = await _made(crowd.app, row, seat)
    return values | await samples.prepared_for(seat.tenant, row.path, seat.login)


async def _made(app: Litestar, row: Row, seat: Seat) -> dict[str, str]:
    own = seat.tenant
    values = await samples.prepared(own, row.path)
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
