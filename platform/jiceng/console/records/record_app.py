"""The record console: piccolo-admin, built once at start, behind our session, read-only and fenced in.

What is mended (design/console.md): only listed tables; no user or session tables; PUT, POST, PATCH, DELETE
answer 405; its login, password change, documentation pages (a CDN), media and OpenAPI are not reachable; it
sets no cookie; a refusal of row-level security is a 404, not a 500; lists of ids are capped.
"""

from __future__ import annotations

import functools
import html
import json
import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, urlencode

import asyncpg
from litestar.exceptions import MethodNotAllowedException, NotFoundException, ValidationException
from piccolo_admin.endpoints import AdminRouter
from piccolo_admin.translations.data import TRANSLATIONS
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    BaseUser,
)
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.responses import JSONResponse, Response

from jiceng.console.frame.pages import static
from jiceng.console.gateway.headers import RECORDS_CSP
from jiceng.console.records.record_tables import shown_tables, titles

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send
    from starlette.requests import HTTPConnection

    from jiceng.accounts.schemas import SignedIn

PERSON = "jiceng_person"
LONGEST_LIST = 100
_PATHS = re.compile(
    r"/|/assets/[\w.-]+"
    r"|/api/(?:tables/|tables/grouped/|links/|forms/|forms/grouped/|user/)"
    r"|/api/tables/(?P<table>\w+)/(?:|count/|schema/|ids/|references/|[0-9a-f-]{36}/)"
    r"|/public/(?:meta/|translations/|translations/[\w-]+/)"
)
_LANGUAGES = ("zh-CN", "en")


class Person(BaseUser):
    """Who is signed in, as piccolo-admin wants to see it."""

    def __init__(self, person: SignedIn) -> None:
        self._person = person

    @property
    def is_authenticated(self) -> bool:
        """Always: nobody else comes this far."""
        return True

    @property
    def display_name(self) -> str:
        """The name in the corner."""
        return self._person.name

    @property
    def user_id(self) -> str:
        """The account's id."""
        return str(self._person.id)


class OurSessions(AuthenticationBackend):
    """Takes the person our own session belongs to; piccolo's session table is never asked."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """The person put into the scope by `Records`."""
        person = conn.scope.get(PERSON)
        if person is None:
            raise AuthenticationError("not signed in")
        return AuthCredentials(["authenticated"]), Person(person)


def _sign_in_first(_: HTTPConnection, __: AuthenticationError) -> Response:
    return JSONResponse({"error": "请先登录"}, status_code=401)


class OurAdmin(AdminRouter):
    """piccolo-admin whose API asks our session instead of its own."""

    def mount(self, path: str, app: Any, name: str | None = None) -> None:  # noqa: ANN401 - Starlette's own type
        """Put our authentication around what is mounted at /api; leave out what is not served."""
        if path == "/api":
            app = AuthenticationMiddleware(app.app, backend=OurSessions(), on_error=_sign_in_first)
        super().mount(path, app, name)


@functools.cache
def build_records() -> ASGIApp:
    """The record console as an ASGI application that expects the tenant's scope and `PERSON` in the scope.

    One for a process, whatever the settings: building it is half of what starting the application costs.
    """
    admin = OurAdmin(
        *shown_tables(),
        read_only=True,
        site_name="记录",
        default_language_code="zh-CN",
        translations=[each for each in TRANSLATIONS if each.language_code in _LANGUAGES],
    )
    words = html.escape(json.dumps(titles(), ensure_ascii=False))
    ours = (
        f'<link rel="icon" href="{static("seal.svg")}" type="image/svg+xml">'
        f'<link rel="stylesheet" href="{static("records.css")}">'
        f'<script src="{static("records.js")}" data-words="{words}"></script></head>'
    )
    admin.template = admin.template.replace('<html lang="en">', '<html lang="zh-CN">').replace(
        "</head>", ours
    )
    listed = frozenset(admin.table_config_map)

    async def records(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["state"]["address"].split("/admin", 1)[1] or "/"
        refuse_unlisted(scope["method"], path, listed)  # type: ignore[typeddict-item]
        inner = _inner_scope(scope, path)
        try:
            await cast("ASGIApp", admin)(inner, receive, _as_ours(send))
        except asyncpg.InsufficientPrivilegeError as error:
            raise NotFoundException from error
        except ValueError as error:  # an order or a filter that names no column
            raise ValidationException from error

    return records


def refuse_unlisted(method: str, path: str, listed: frozenset[str]) -> None:
    """404 for every path but those the read-only pages use; 405 for every method that changes something."""
    found = _PATHS.fullmatch(path)
    if found is None or (found["table"] is not None and found["table"] not in listed):
        raise NotFoundException
    if method not in {"GET", "HEAD"}:
        raise MethodNotAllowedException(headers={"allow": "GET, HEAD"})


def _inner_scope(scope: Scope, path: str) -> Scope:
    """A fresh scope: nothing of Litestar's goes in, the list of ids is capped."""
    query = scope["query_string"]
    if path.endswith("/ids/"):
        asked = dict(parse_qsl(query.decode("latin-1")))
        limit = asked.get("limit", "")
        asked["limit"] = str(min(int(limit), LONGEST_LIST)) if limit.isdecimal() else str(LONGEST_LIST)
        query = urlencode(asked).encode()
    kept = ("type", "asgi", "http_version", "method", "scheme", "headers", "client", "server")
    address = scope["state"]["address"]
    inner = {
        **{name: scope[name] for name in kept if name in scope},  # type: ignore[literal-required]
        "path": address,
        "raw_path": address.encode(),
        "root_path": address[: len(address) - len(path)] if path != "/" else address.rstrip("/"),
        "query_string": query,
        PERSON: scope["user"],
    }
    return cast("Scope", inner)


def _as_ours(send: Send) -> Send:
    """No cookie of piccolo's (nothing can be changed, so its CSRF cookie is not needed); its style rule."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                *((name, value) for name, value in message["headers"] if name.lower() != b"set-cookie"),
                (b"content-security-policy", RECORDS_CSP.encode()),
            ]
        await send(message)

    return sending
