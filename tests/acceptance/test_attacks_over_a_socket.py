"""Story: somebody with a socket tries what browsers do not do; nothing gives way, nothing leaks."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec
import pytest
import requests
from tests.support.database import copied
from tests.support.generated_requests import Served, serving

from jiceng.kernel.settings import Settings

PAGE = {"accept": "text/html"}


@pytest.fixture(scope="module")
def served(server: Settings, template: str) -> Iterator[Served]:
    """The application behind a real port, answering to 127.0.0.1 only, for all that is tried here."""
    with copied(server, template, "attacked") as settings:
        named = msgspec.structs.replace(settings, hosts=("127.0.0.1",))
        with serving(named) as ready:
            yield ready


def said(served: Served, request: bytes, patience: float = 10.0) -> bytes:
    """What the server answers to these bytes."""
    at = urlsplit(served.address)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=patience) as wire:
        wire.sendall(request)
        answer = b""
        while piece := wire.recv(65536):
            answer += piece
            if b"\r\n\r\n" in answer and len(answer) > 200_000:
                break
        return answer


def head(method: str, path: str, *lines: str, host: str = "127.0.0.1") -> bytes:
    """The head of a request that ends the connection."""
    return "\r\n".join(
        (f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", "")
    ).encode()


def status(answer: bytes) -> int:
    """The status of a raw answer."""
    return int(answer.split(b" ", 2)[1])


def test_the_socket_gives_nothing_away(served: Served) -> None:
    for host in (
        "evil.example",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "evil.example#127.0.0.1",
        "",
    ):
        answer = said(served, head("GET", "/t/donghu/login", "X-Forwarded-Host: 127.0.0.1", host=host))
        assert status(answer) == 400, host
        assert b"evil.example" not in answer.split(b"\r\n\r\n", 1)[1]
    for method in ("TRACE", "CONNECT", "PUT", "DELETE", "PATCH", "PROPFIND"):
        answer = said(served, head(method, "/t/donghu/login", "Cookie: secret=1"))
        assert status(answer) in {400, 404, 405, 501}, method
        assert b"secret" not in answer
    override = head(
        "GET", "/t/donghu/logout", "X-HTTP-Method-Override: POST", "X-Original-URL: /t/donghu/members"
    )
    assert status(said(served, override)) in {303, 404, 405}
    for path in (
        "/static/../../../../etc/passwd",
        "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/static/vendor/..%2f..%2f..%2f..%2fetc%2fpasswd",
        "/static/vendor/%252e%252e/%252e%252e/settings.py",
        "//etc/passwd",
        "/t/../static/../../../etc/passwd",
        "/t/donghu/../../../../etc/passwd",
        "/t/donghu%00/login",
    ):
        answer = said(served, head("GET", path))
        assert status(answer) in {400, 404}, path
        assert b"root:" not in answer


def test_lines_are_not_broken_and_nobody_is_sent_elsewhere(served: Served) -> None:
    with requests.Session() as anybody:
        page = anybody.get(f"{served.address}/t/donghu/login", headers=PAGE)
        token = re.search(r'name="_csrf_token" value="([0-9a-f]{64})"', page.text)
        assert token is not None
        for back in (
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/\t/evil.example",
            "/\r\nset-cookie: stolen=1",
            "/%0d%0aset-cookie: stolen=1",
            "javascript:alert(1)",
            "\x01//evil.example",
        ):
            form = {"_csrf_token": token[1], "to": "en", "back": back}
            answer = anybody.post(f"{served.address}/t/donghu/language", data=form, allow_redirects=False)
            sent_to = answer.headers.get("location", "/")
            assert answer.status_code in {303, 400}, back
            assert sent_to.startswith("/"), back
            assert not sent_to.startswith(("//", "/\\", "/\t")), back
            assert "stolen" not in answer.cookies


def test_a_session_named_by_somebody_else_is_never_taken_over(served: Served) -> None:
    address = f"{served.address}/t/donghu/members"
    for cookie in ("jiceng-donghu=", "jiceng-donghu=" + "A" * 43, "jiceng-donghu=a; jiceng-donghu=b"):
        answer = requests.get(address, headers=PAGE | {"cookie": cookie}, allow_redirects=False, timeout=10)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/t/donghu/login")
        assert "jiceng-donghu=A" not in answer.headers.get("set-cookie", "")
    bearer = {"authorization": f"Bearer {served.token}"}
    assert requests.get(address, headers=PAGE | bearer, allow_redirects=False, timeout=10).status_code == 303


def test_forms_of_other_sites_and_of_no_page_are_refused(served: Served) -> None:
    address = f"{served.address}/t/donghu/login"
    form = {"login": "zhou", "password": "x"}
    for headers in (
        {},
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"cookie": "jiceng-csrf=known", "x-csrf-token": "known"},
        {"content-type": "text/plain"},
        {"content-type": "application/json"},
    ):
        answer = requests.post(address, data=form, headers=PAGE | headers, allow_redirects=False, timeout=10)
        assert answer.status_code == 403, headers


FORM = "Content-Type: application/x-www-form-urlencoded"


def test_lengths_that_contradict_each_other_are_refused_and_smuggle_nothing(served: Served) -> None:
    for line, body in (
        ("Content-Length: 5\r\nContent-Length: 6", b"abcdef"),
        ("Content-Length: -1", b""),
        ("Content-Length: x", b""),
        ("Transfer-Encoding: chunked", b"ZZ\r\n"),
    ):
        assert status(said(served, head("POST", "/t/donghu/login", FORM, line) + body)) == 400, line
    both = "Content-Length: 5\r\nTransfer-Encoding: chunked"
    inside = b"0\r\n\r\n" + head("GET", "/t/donghu/login")
    answer = said(served, head("POST", "/t/donghu/login", FORM, both) + inside)
    assert (status(answer), answer.count(b"HTTP/1.1 ")) == (403, 1), "what follows the body is no request"


def test_a_body_without_end_is_refused_before_it_ends(served: Served) -> None:
    at = urlsplit(served.address)
    with socket.create_connection((at.hostname or "", at.port or 0), timeout=10) as wire:
        wire.sendall(head("POST", "/t/donghu/login", FORM, "Transfer-Encoding: chunked"))
        wire.sendall(b"10000\r\n" + b"a" * 65536 + b"\r\n")
        assert status(wire.recv(65536)) == 403, "no token in the head: nobody waits for the rest"
    assert status(said(served, head("GET", "/t/donghu/login"))) == 200
