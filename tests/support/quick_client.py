"""The least of a client that speaks HTTP to the application in this process: for thousands of small requests.

It keeps cookies by name, follows nothing and parses nothing; where more is wanted, see web.py.
"""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar import Litestar

    Headers = list[tuple[bytes, bytes]]

HOST = "jiceng.test"
_LEFT_ALONE = "/:@!$&'()*+,;=~%-._"


class Answer(msgspec.Struct, frozen=True):
    """What came back."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    cookies: tuple[str, ...]
    """Each `Set-Cookie`, whole."""

    @property
    def text(self) -> str:
        """The body; what is no text is not read as any."""
        return self.content.decode(errors="replace")


class QuickClient:
    """One browser's cookies and the requests it sends."""

    def __init__(self, app: Litestar) -> None:
        self._app: Any = app
        self.cookies: dict[str, str] = {}

    async def get(self, address: str, headers: Mapping[str, str]) -> Answer:
        """Open a page."""
        return await self.send("GET", address, headers)

    async def post(
        self,
        address: str,
        form: Mapping[str, str],
        headers: Mapping[str, str],
        file: tuple[str, bytes] | None = None,
    ) -> Answer:
        """Send a form; with a file (its name, its bytes; the field `file`) as browsers do."""
        if file is None:
            kind, body = "application/x-www-form-urlencoded", urlencode(form, doseq=True).encode()
        else:
            mark = token_hex(16)
            kind, body = f"multipart/form-data; boundary={mark}", _multipart(mark, form, *file)
        sized = {"content-type": kind, "content-length": str(len(body))}
        return await self.send("POST", address, {**headers, **sized}, body)

    async def send(self, method: str, address: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Send a request of any method."""
        messages, rest = [{"type": "http.request", "body": body, "more_body": False}], _Sent()

        async def receive() -> dict[str, Any]:
            return messages.pop() if messages else {"type": "http.disconnect"}

        try:
            await self._app(self._scope(method, address, headers), receive, rest)
        except Exception:
            if not rest.status:  # what comes after the answer is told by the log
                raise
        for cookie in rest.cookies:
            self._keep(cookie)
        return Answer(rest.status, rest.headers, b"".join(rest.body), tuple(rest.cookies))

    def _scope(self, method: str, address: str, headers: Mapping[str, str]) -> dict[str, Any]:
        parts = urlsplit(address)
        sent = {"host": HOST, **headers}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        raw = quote(parts.path, safe=_LEFT_ALONE)
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
            "scheme": "http",
            "path": unquote(raw),
            "raw_path": raw.encode(),
            "query_string": parts.query.encode(),
            "server": (HOST, None),
            "client": ("127.0.0.1", 123),
            "root_path": "",
        }

    def _keep(self, cookie: str) -> None:
        pair, *attributes = [piece.strip() for piece in cookie.split(";")]
        name, _, value = pair.partition("=")
        if "max-age=0" in {each.lower() for each in attributes}:
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value.strip('"')


class _Sent:
    """`send` that keeps what the application answers."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.cookies: list[str] = []
        self.body: list[bytes] = []

    async def __call__(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            told: Headers = message["headers"]
            self.headers = {name.decode().lower(): value.decode("latin-1") for name, value in told}
            self.cookies = [value.decode() for name, value in told if name.lower() == b"set-cookie"]
        elif message["type"] == "http.response.body":
            self.body.append(message.get("body", b""))


def _multipart(mark: str, form: Mapping[str, str], name: str, content: bytes) -> bytes:
    fields = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in form.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    return ("".join(fields) + head + kind).encode() + content + f"\r\n--{mark}--\r\n".encode()
