"""Nothing here calls another host: no module can fetch a URL, so none can be made to (T40, control 56)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("platform/**/*.py"), *ROOT.glob("plugins/**/*.py")])
CALLING_OUT = {
    "aiohttp",
    "ftplib",
    "http.client",
    "httpx",
    "imaplib",
    "paramiko",
    "poplib",
    "pycurl",
    "requests",
    "smtplib",
    "socket",
    "telnetlib",
    "urllib.request",
    "urllib3",
    "webbrowser",
    "websockets",
    "xmlrpc",
}
OPENING = {
    "open_connection",
    "open_unix_connection",
    "create_connection",
    "create_datagram_endpoint",
    "urlopen",
}
LISTENING = {
    "platform/jiceng/app.py",  # binds the port it serves at
    "platform/jiceng/kernel/database/refused.py",  # names socket.gaierror
}
"""Modules that may import socket; none of them connects."""
REDIS = {
    "platform/jiceng/kernel/servers/valkey.py",
    "platform/jiceng/kernel/watching/readiness.py",
    "platform/jiceng/kernel/jobs/bell.py",
    "platform/jiceng/kernel/jobs/doorbell.py",
}
"""Modules that talk to the Redis of the settings; PostgreSQL: tests/unit/database/test_source.py."""
_COULD = re.compile(
    rf"\b(?:{'|'.join(sorted({name.split('.')[0] for name in CALLING_OUT} | OPENING | {'redis', 'arq'}))})\b"
)
"""What a module that calls out must name somewhere: only such modules are taken apart."""


def ways_out(source: str) -> Iterator[str]:
    """Yield what could reach another host in one module's source."""
    for node in ast.walk(ast.parse(source)) if _COULD.search(source) else ():
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in OPENING:
            yield node.attr
        for name in names:
            for module in CALLING_OUT:
                if name == module or name.startswith(f"{module}."):
                    yield module
            if name.split(".")[0] in {"redis", "arq"} and "exceptions" not in name:
                yield "redis"


def found() -> dict[str, set[str]]:
    """Each module's ways out, without those it is known for."""
    every = {str(path.relative_to(ROOT)): set(ways_out(path.read_text(encoding="utf-8"))) for path in SOURCES}
    for path in LISTENING:
        every[path] -= {"socket"}
    for path in REDIS:
        every[path] -= {"redis"}
    return {path: ways for path, ways in every.items() if ways}


def test_no_module_can_reach_another_host() -> None:
    assert found() == {}


@pytest.mark.parametrize("path", sorted(LISTENING | REDIS))
def test_the_exceptions_are_still_needed(path: str) -> None:
    assert set(ways_out((ROOT / path).read_text(encoding="utf-8"))) & {"socket", "redis"}


@pytest.mark.parametrize(
    "line",
    [
        "import httpx",
        "import urllib.request",
        "from urllib import request",
        "from http.client import HTTPSConnection",
        "import socket as s",
        "from redis.asyncio import Redis",
        "asyncio.open_connection('a', 80)",
        "loop.create_connection(factory, 'a', 80)",
    ],
)
def test_each_seeded_way_out_is_found(line: str) -> None:
    assert list(ways_out(f"import asyncio\n{line}"))
