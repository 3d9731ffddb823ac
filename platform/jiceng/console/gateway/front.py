"""The front of the application: every request passes here first and every answer last.

Here a request gets its id, the client's address behind trusted proxies, the check of its Host; its answer
gets the security headers, a line in the log and its place in the metrics.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog
from litestar.enums import ScopeType

from jiceng.console.gateway.headers import with_headers
from jiceng.kernel.addresses import client_of, networks, within
from jiceng.kernel.database import statements_within
from jiceng.kernel.ids import new_id
from jiceng.kernel.watching.metrics import observe_request

if TYPE_CHECKING:
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

    from jiceng.kernel.settings import Settings

log = structlog.get_logger("jiceng.requests")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
LONGEST_STATEMENT = 20
"""Seconds one statement of a request may take; then it is told that the service is busy (threat T41)."""
ELSEWHERE = "-"
"""The route of an address that is none."""


class Front:
    """ASGI application around the gate; see the module."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._production = settings.production
        self._hosts = settings.hosts
        self._trusted = networks(settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other kinds of connection go on as they are."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id, began = new_id(), time.perf_counter()
        self._look_behind_proxies(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(with_headers(send, production=self._production), str(request_id))
        told = structlog.contextvars.bound_contextvars(request=str(request_id))
        with told, statements_within(LONGEST_STATEMENT):
            try:
                await self._inside(scope, receive, answer)
            finally:
                _tell(scope, answer.status, time.perf_counter() - began)

    async def _inside(self, scope: HTTPScope, receive: Receive, answer: _Answer) -> None:
        if scope["method"] not in METHODS:
            await answer.refuse(405, allow=", ".join(sorted(METHODS)))
        elif self._hosts and _host(scope) not in self._hosts:
            await answer.refuse(400)
        else:
            await self._app(scope, receive, answer)

    def _look_behind_proxies(self, scope: HTTPScope) -> None:
        peer, port = scope.get("client") or ("", 0)
        if not within(peer, self._trusted):
            return
        sent = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        scope["client"] = (
            client_of(peer, [value for name, value in sent if name == b"x-forwarded-for"], self._trusted),
            port,
        )
        if [value.strip() for name, value in sent if name == b"x-forwarded-proto"] == ["https"]:
            scope["scheme"] = "https"


class _Answer:
    """`send` that remembers the status and adds the request's id."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._id = request_id.encode()
        self.status = 500

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", self._id)]
        await self._send(message)

    async def refuse(self, status: int, **headers: str) -> None:
        """Answer with an empty body."""
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        await self(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [*told, (b"content-length", b"0")],
            }
        )
        await self({"type": "http.response.body", "body": b"", "more_body": False})


def _host(scope: HTTPScope) -> str:
    """The name in the Host header, without its port; empty when there is none, or more than one."""
    sent = [value for name, value in scope["headers"] if name.lower() == b"host"]
    if len(sent) != 1:
        return ""
    name = sent[0].decode("latin-1").lower()
    return name if name.endswith("]") else name.rsplit(":", 1)[0] if ":" in name else name


def _tell(scope: HTTPScope, status: int, seconds: float) -> None:
    """One log line and one observation; the route is its template, so no id and no name is in it."""
    route = str(scope.get("path_template") or ELSEWHERE)
    tenant = scope["state"].get("tenant")
    method = scope["method"] if scope["method"] in METHODS else ELSEWHERE
    observe_request(method, route, status, seconds)
    log.info(
        "request",
        tenant=tenant.id if tenant is not None else None,
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000),
    )
