"""A PgBouncer before the test server, on a loopback port; tests are skipped where none is installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

import msgspec
import pytest

from jiceng.kernel.database.roles import LOGINS, database_of
from jiceng.kernel.servers.accounts import server_account
from jiceng.kernel.servers.binaries import postgres_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jiceng.kernel.settings import Settings

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
needs_pgbouncer = pytest.mark.skipif(
    not PROGRAM, reason="no pgbouncer here: apt-get install pgbouncer (CI does)"
)
SERVICE = ("database_url", "relay_url", "operator_url")
"""The URLs a running service uses: these may lead through a pooler."""
_CONFIGURATION = """
[databases]
{database} = {server} dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
stats_users = {looker}
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
server_lifetime = 3600
logfile = {folder}/log
"""


class Bouncer(NamedTuple):
    """A running one: the settings that lead through it, where its statistics are, its log."""

    settings: Settings
    console: str
    log: Path

    async def pools(self) -> list[dict[str, str]]:
        """A row for each of its pools that served the test's database: connections of clients and servers."""
        psql = [str(postgres_program("psql")), "-XA", "-F", "\t", self.console, "-c", "show pools"]
        asked = await asyncio.create_subprocess_exec(*psql, stdout=subprocess.PIPE)
        said, _ = await asked.communicate()
        names, *rows = (line.split("\t") for line in said.decode().splitlines()[:-1])
        every = [dict(zip(names, row, strict=True)) for row in rows]
        return [row for row in every if row["database"] != "pgbouncer"]


@contextmanager
def bouncing(
    settings: Settings, size: int = 5, mode: str = "transaction", forced: str = ""
) -> Iterator[Bouncer]:
    """Lead the service's URLs through a PgBouncer with `size` server connections for each role.

    `forced` is the one role it logs everybody in as (a mistake).
    """
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="jt-pool-"))
    process = None
    try:
        port = _free_port()
        _write(folder, settings, port, size, mode, forced)
        for path in (folder, *folder.iterdir()):
            account.give(path)
        process = subprocess.Popen([str(PROGRAM), "-q", str(folder / "ini")], **account.popen())
        _wait_for(port, process)
        changes = {name: through(getattr(settings, name), port) for name in SERVICE}
        led = msgspec.structs.replace(settings, pooler=True, **changes)
        yield Bouncer(led, through(settings.database_url, port, "pgbouncer"), folder / "log")
    finally:
        ended = None if process is None else process.poll()
        said = (folder / "log").read_text("utf-8", "replace")[-2000:] if ended is not None else ""
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(folder)
        assert ended is None, f"pgbouncer ended by itself with {ended}: {said}"


def _write(folder: Path, settings: Settings, port: int, size: int, mode: str, forced: str) -> None:
    parts = urlsplit(settings.database_url)
    asked = parse_qs(parts.query)
    server = f"host={asked.get('host', [parts.hostname])[0]} port={asked.get('port', ['5432'])[0]}"
    server += f" user={forced}" if forced else ""
    logins = [urlsplit(getattr(settings, role.setting)) for role in LOGINS]
    users = "".join(f'"{login.username}" "{unquote(login.password or "")}"\n' for login in logins)
    (folder / "users").write_text(users, "utf-8")
    (folder / "ini").write_text(
        _CONFIGURATION.format(
            folder=folder,
            database=database_of(settings.database_url),
            server=server,
            port=port,
            size=size,
            mode=mode,
            looker=parts.username,
        ),
        "utf-8",
    )


def through(url: str, port: int, database: str = "") -> str:
    """The URL of the same role and database (or another) at a pooler's port."""
    parts = urlsplit(url)
    login = parts.netloc.rpartition("@")[0]
    path = f"/{database}" if database else parts.path
    return urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{port}", path=path, query=""))


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None, "pgbouncer did not start"
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("pgbouncer did not answer")
