"""Security headers on every response: pages, files, errors, the mounted record console (control 38, 39)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from litestar.types import Message, Send

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"vary", b"Cookie"),
    (b"cache-control", b"no-store"),
)
RECORDS_CSP = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""The record console's icons bring their own style elements; scripts stay as strict as everywhere."""
HSTS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")


def with_headers(send: Send, *, production: bool) -> Send:
    """`send`, adding every header that the response does not set itself; HSTS in production."""
    wanted = (*ALWAYS, HSTS) if production else ALWAYS

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            added = [(name, value) for name, value in wanted if name not in present]
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return sending
