"""The door of a tenant: the tenant from the address, the person from the cookie; then the routes.

Below /api/v1 it is a program with a token instead; there no cookie is looked at, so no site can borrow one.
Everything behind runs inside the tenant's scope, so no query on a tenant's page can be without one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException
from litestar.utils.scope.state import ScopeState

from jiceng.accounts.access import MANAGEMENT, Permission, declared
from jiceng.accounts.programs.tokens import recognised
from jiceng.accounts.scope import NOTHING, looking
from jiceng.accounts.signing_in.cookies import csrf_cookie_name, secure_cookie, session_cookie_name
from jiceng.accounts.signing_in.sessions import signed_in
from jiceng.accounts.signing_in.tokens import csrf_token, new_token
from jiceng.api.mounting import PLUGINS
from jiceng.console.gateway.acts import actor_of
from jiceng.kernel.addresses import networks, within
from jiceng.kernel.audit import acting
from jiceng.kernel.database import tenant_scope, transaction
from jiceng.kernel.errors import Forbidden
from jiceng.kernel.forms import READS
from jiceng.kernel.limits import Limit, allow
from jiceng.tenancy.queries import by_slug, with_plugins

if TYPE_CHECKING:
    from litestar.handlers.base import BaseRouteHandler
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

AnyConnection = ASGIConnection[Any, Any, Any, Any]
_TENANT = re.compile(r"^(/api/v1)?/t/([a-z0-9][a-z0-9-]{0,39})(?:/|$)")
_BEARER = "bearer "
FAILED = "gate_failed"


class Gate:
    """ASGI application around the whole of Litestar's; see the module."""

    def __init__(self, app: ASGIApp, *, production: bool, api: Limit) -> None:
        self._app = app
        self._production = production
        self._api = api
        self._numbers: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other kinds of connection are not offered and are closed by Litestar."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        scope["user"] = None
        state: dict[str, Any] = scope.setdefault("state", {})
        state.update(tenant=None, address=scope["path"])
        found = _TENANT.match(scope["path"])
        if found is None:
            await self._onward(scope, receive, send, session="")
        else:
            await self._in_tenant(found[2], scope, receive, send, program=found[1] is not None)

    async def _in_tenant(
        self, slug: str, scope: Scope, receive: Receive, send: Send, *, program: bool
    ) -> None:
        state, token = scope["state"], "" if program else self._session_token(slug, scope)
        try:
            await self._arrive(slug, scope, token, program=program)
        except Exception as error:  # noqa: BLE001 - shown as an error page by `gate_guard`
            state[FAILED] = error
        if state["tenant"] is None:
            await self._onward(scope, receive, send, session="")
            return
        with tenant_scope(state["tenant"].id):
            await self._onward(scope, receive, send, session=token if scope["user"] else "")

    async def _arrive(self, slug: str, scope: Scope, token: str, *, program: bool) -> None:
        """Find the tenant, its plugins and the person in one transaction, over before the page begins.

        The tenant's number is remembered from before; nothing else is, and the row that is read confirms it.
        """
        number = self._numbers.get(slug)
        if number is None:
            known = await by_slug(slug)
            if known is None:
                return
            number = self._numbers[slug] = known.id
        with tenant_scope(number):
            async with transaction():
                found = await with_plugins(slug)
                if found is not None:
                    scope["state"]["tenant"], scope["state"][PLUGINS] = found
                    await self._recognise(scope, token, program=program)
                    return
        self._numbers.pop(slug, None)  # it was removed, or stands under another number since
        await self._arrive(slug, scope, token, program=program)

    async def _recognise(self, scope: Scope, token: str, *, program: bool) -> None:
        if program:
            await self._program(scope)
        elif token:
            scope["user"] = await signed_in(token, production=self._production)

    def _session_token(self, slug: str, scope: Scope) -> str:
        name = session_cookie_name(slug, production=self._production)
        return AnyConnection(scope).cookies.get(name, "")

    async def _program(self, scope: Scope) -> None:
        """Recognise a program by its token and count its request; without one it is nobody."""
        sent = AnyConnection(scope).headers.get("authorization", "")
        if sent[: len(_BEARER)].lower() != _BEARER:
            return
        user = await recognised(sent[len(_BEARER) :].strip())
        if user is not None:
            await allow(self._api, str(user.session))
        scope["user"] = user

    async def _onward(self, scope: Scope, receive: Receive, send: Send, *, session: str) -> None:
        name = csrf_cookie_name(production=self._production)
        known = AnyConnection(scope).cookies.get(name)
        secret = known or new_token()
        ScopeState.from_scope(scope).csrf_token = csrf_token(secret, session)
        scope["state"]["csrf_known"] = known is not None
        if known is None:
            cookie = secure_cookie(name, secret, production=self._production)
            send = _with_cookie_on_pages(send, cookie.to_header(header="").encode())
        user = scope["user"]
        seen = looking(user.reach, user.role) if user else looking(NOTHING, "")
        with acting(actor_of(scope)), seen:
            await self._app(scope, receive, send)


async def gate_guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """The first guard of the application: the tenant in the address exists and the gate found no fault."""
    failed = connection.scope["state"].get(FAILED)
    if failed is not None:
        raise failed
    if "tenant" in connection.path_params and connection.scope["state"].get("tenant") is None:
        raise NotFoundException
    _refuse_while_suspended(connection, handler)
    _refuse_from_elsewhere(connection, handler)


def _refuse_while_suspended(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """A suspended tenant can be read and searched but not changed, neither by whoever holds a link; signing
    in and out stays possible.
    """
    tenant = connection.scope["state"].get("tenant")
    if tenant is None or tenant.active or connection.scope.get("method") in {"GET", "HEAD"}:
        return
    if not handler.opt.get(READS) and declared(handler) is not Permission.OWN_SESSION:
        raise Forbidden(
            "本单位已暂停使用，现在只能查看",
            "",
            "请联系平台运营员",
            what_en="This tenant is suspended and can only be read",
            todo_en="Ask the platform's operator",
        )


def _refuse_from_elsewhere(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """Where JICENG_MANAGEMENT_FROM names networks, what is managed with is reached from them only."""
    allowed = connection.app.state.settings.management_from
    if not allowed or declared(handler) not in MANAGEMENT:
        return
    address = connection.client.host if connection.client else ""
    if not within(address, networks(allowed)):
        raise Forbidden(
            "管理功能只能从规定的网络进入",
            "",
            "请在规定的网络中打开，或者联系平台运营员",
            what_en="Managing is possible from the networks named by the operator only",
            todo_en="Open the page there, or ask the platform's operator",
        )


def _with_cookie_on_pages(send: Send, cookie: bytes) -> Send:
    """Hand the browser its CSRF secret with the first page; files need none."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            if kind.startswith(b"text/html"):
                message["headers"] = [*message["headers"], (b"set-cookie", cookie)]
        await send(message)

    return sending
