"""Databases for tests: one server for all workers, one migrated template per state of the code, cheap copies.

A worker keeps one copy and every test finds it empty; a test that changes the schema takes a copy of its own.
"""

import asyncio
import hashlib
import os
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import asyncpg
import msgspec
import psutil
from tests.support.servers import fast_disk

from jiceng.kernel.database.migrate import migrate
from jiceng.kernel.database.roles import LOGINS, ensure_roles, with_database
from jiceng.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
_BUILD_LOCK = 0x7465737473
_KEPT_TEMPLATES = 6


def data_folder() -> Path:
    """Return the folder of the test servers: one per user and checkout, kept between runs."""
    mark = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    return fast_disk() / f"jiceng-tests-{os.getuid()}-{mark}"


def code_state() -> str:
    """Return a digest of everything that decides the schema."""
    digest = hashlib.sha256()
    sources = [
        *ROOT.glob("migrations/**/*.py"),
        *ROOT.glob("platform/jiceng/kernel/database/*.py"),
        *ROOT.glob("platform/jiceng/**/tables.py"),
        *ROOT.glob("platform/jiceng/**/piccolo_app.py"),
        ROOT / "platform/jiceng/piccolo_conf.py",
        *ROOT.glob("plugins/*/*/**/migrations/*.py"),
        *ROOT.glob("plugins/*/*/**/tables.py"),
        *ROOT.glob("plugins/*/*/**/piccolo_app.py"),
        *ROOT.glob("plugins/*/pyproject.toml"),
    ]
    for source in sorted(sources):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:12]


def pointed_at(settings: Settings, database: str) -> Settings:
    """Return `settings` with every role's URL at `database` (the superuser's stays where it is)."""
    changes = {role.setting: with_database(getattr(settings, role.setting), database) for role in LOGINS}
    return msgspec.structs.replace(settings, **changes)


def ensure_template(server: Settings) -> str:
    """Build the migrated template of this code state unless it exists; others wait meanwhile."""
    return asyncio.run(_ensure_template(server))


async def _ensure_template(server: Settings) -> str:
    name = f"jt_{code_state()}"
    connection = await asyncpg.connect(server.superuser_url)
    try:
        await connection.execute("select pg_advisory_lock($1)", _BUILD_LOCK)
        if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
            await connection.execute(f"drop database if exists {name}_new with (force)")
            await migrate(pointed_at(server, f"{name}_new"))
            await connection.execute(f"alter database {name}_new rename to {name}")
            await _shorten_logins(connection, server)
        await _drop_left_over(connection)
    finally:
        await connection.close()
    return name


async def _shorten_logins(connection: Any, server: Settings) -> None:
    """Keep the passwords after one pass instead of 4,096: that is a millisecond of every connection."""
    await connection.execute("set scram_iterations = 1")
    for url in (server.superuser_url, *(getattr(server, role.setting) for role in LOGINS)):
        login = urlsplit(url)
        await connection.execute(f"alter role {login.username} password '{unquote(login.password or '')}'")


async def _drop_left_over(connection: Any) -> None:
    """Drop copies whose process is gone and all but the newest templates."""
    rows = await connection.fetch("select datname from pg_database where datname ~ '^j[tc]_' order by oid")
    names = [row["datname"] for row in rows]
    old = [name for name in names if name.startswith("jt_")][:-_KEPT_TEMPLATES]
    gone = [
        name for name in names if name.startswith("jc_") and not psutil.pid_exists(int(name.split("_")[1]))
    ]
    for name in [*old, *gone]:
        try:
            await connection.execute(f"drop database if exists {name}")
        except asyncpg.ObjectInUseError:
            continue


def apart(work: Coroutine[Any, Any, Any]) -> None:
    """Run it in a thread with a loop of its own: Playwright keeps one running in the tests' thread."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@contextmanager
def copied(server: Settings, template: str, mark: str) -> Iterator[Settings]:
    """Give settings of a fresh copy of `template`; it is dropped at the end."""
    name = f"jc_{os.getpid()}_{mark}"
    files = "strategy file_copy"  # half of what writing each page to the log costs
    apart(as_superuser(server, f"create database {name} template {template} owner jiceng_owner {files}"))
    copy = pointed_at(server, name)
    try:
        apart(ensure_roles(copy))
        yield copy
    finally:
        apart(as_superuser(server, f"drop database if exists {name} with (force)"))


async def as_superuser(settings: Settings, sql: str, *args: Any, database: str = "") -> list[Any]:
    """Run one statement past every policy: to prepare a test and to look at what it left."""
    url = with_database(settings.superuser_url, database) if database else settings.superuser_url
    connection = await asyncpg.connect(url)
    try:
        rows: list[Any] = await connection.fetch(sql, *args)
    finally:
        await connection.close()
    return rows
