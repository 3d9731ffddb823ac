"""Whether this process can serve: database, tables, queue, disk, clock; each looked at and named."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

import asyncpg
import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from jiceng.kernel import clock
from jiceng.kernel.database import fetch, fetch_value
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.errors import Refusal
from jiceng.kernel.settings import Settings
from jiceng.kernel.watching.metrics import observe_skew

log = structlog.get_logger(__name__)

PATIENCE = 3.0
MOST_SKEW = 2.0
LEAST_FREE_BYTES = 256 * 1024 * 1024
LEAST_FREE_PART = 0.20
_KEPT_FOR = 1.0
_COLUMNS = """
select c.relname || '.' || a.attname as name from pg_class c
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
"""
State = Literal["ok", "warning", "failed"]


class Check(msgspec.Struct, frozen=True):
    """One thing looked at; a warning asks somebody to look, a failure takes the process out of service."""

    name: str
    state: State
    detail: str = ""


class Readiness(msgspec.Struct, frozen=True):
    """Every check; the process is ready while none has failed."""

    status: State
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, checks: tuple[Check, ...]) -> "Readiness":
        """Sum the checks up."""
        states = {check.state for check in checks}
        return cls("failed" if "failed" in states else "warning" if "warning" in states else "ok", checks)


async def readiness(settings: Settings) -> Readiness:
    """Look at everything, each for at most three seconds; asked again within a second, the same is told."""
    if time.monotonic() - _Kept.at > _KEPT_FOR or _Kept.settings is not settings:
        found = await asyncio.gather(
            _within_patience("database", _database),
            _within_patience("tables", _tables),
            _within_patience("redis", lambda: _redis(settings.redis_url)),
            _within_patience("disk", lambda: _disk(settings.data_dir)),
            _within_patience("clock", _clock),
        )
        _Kept.answer, _Kept.settings, _Kept.at = Readiness.of(tuple(found)), settings, time.monotonic()
    return _Kept.answer


class _Kept:
    """The last answer: anybody may ask, and asking often must not cost anything."""

    answer = Readiness("failed", ())
    settings: Settings | None = None
    at = -_KEPT_FOR


async def _within_patience(name: str, look: Callable[[], Awaitable[Check]]) -> Check:
    try:
        async with asyncio.timeout(PATIENCE):
            return await look()
    except (
        Refusal,
        OSError,
        RuntimeError,
        TimeoutError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        log.warning("not ready", check=name, error=type(error).__qualname__)
        return Check(name, "failed", "does not answer")


async def _database() -> Check:
    await fetch_value("select 1")
    return Check("database", "ok")


async def _tables() -> Check:
    """Every table and column this code knows is there; more than that is there while versions change over."""
    present = {row["name"] for row in await fetch(_COLUMNS)}
    wanted = {
        f"{table._meta.tablename}.{column._meta.db_column_name}"
        for table in registered_tables()
        for column in table._meta.columns
    }
    missing = len(wanted - present)
    return Check("tables", "failed", "run jiceng migrate") if missing else Check("tables", "ok")


async def _redis(url: str) -> Check:
    """Without Redis everything still gets done, a second later: workers look at the table by themselves."""
    if not url:
        return Check("redis", "warning", "not configured")
    client = Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    try:
        await client.ping()
    except (OSError, RedisError):
        log.warning("not ready", check="redis")
        return Check("redis", "warning", "does not answer")
    finally:
        await client.aclose()
    return Check("redis", "ok")


async def _disk(folder: Path) -> Check:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    used = await asyncio.to_thread(shutil.disk_usage, there)
    if used.free < LEAST_FREE_BYTES:
        log.warning("not ready", check="disk", free=used.free)
        return Check("disk", "failed", "full")
    low = used.free < used.total * LEAST_FREE_PART
    return Check("disk", "warning", "less than a fifth is free") if low else Check("disk", "ok")


async def _clock() -> Check:
    """This host's clock against the database's: sessions, audit and jobs compare both (control 28)."""
    before = clock.now()
    theirs = await fetch_value("select clock_timestamp()")
    after = clock.now()
    skew = ((before - theirs) + (after - theirs)).total_seconds() / 2
    observe_skew(skew)
    if abs(skew) <= MOST_SKEW:
        return Check("clock", "ok")
    log.warning("clock skew", seconds=round(skew, 3))
    return Check("clock", "warning", f"differs from the database's by {skew:+.1f} s")
