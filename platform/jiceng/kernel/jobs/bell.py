"""The doorbell: arq tells a worker that something is due. A lost ring loses nothing: workers look too."""

import asyncio
import json
import logging
import time
from typing import Any, Protocol
from uuid import UUID

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = logging.getLogger(__name__)
DRAIN = "drain"
"""The one arq function; it stays, so that no worker of any version meets a function it does not know."""

QUEUE = "jiceng:jobs"

_PATIENCE = 0.5
_SILENCE = 2.0


class Bell(Protocol):
    """What enqueuing needs of a doorbell."""

    async def ring(self, job_id: UUID, attempt: int) -> None:
        """Tell the workers that the job is due; never raises and never waits long."""

    async def close(self) -> None:
        """Let go of connections."""


class NoBell:
    """Silence: the workers' look at the table every second finds the job."""

    async def ring(self, job_id: UUID, attempt: int) -> None:
        """Do nothing."""

    async def close(self) -> None:
        """Do nothing."""


class ArqBell:
    """Rings through Redis; after a failure it stays silent for two seconds, so that requests do not wait."""

    def __init__(self, redis_url: str) -> None:
        self._settings = redis_settings(redis_url)
        self._pool: ArqRedis | None = None
        self._silent_until = 0.0

    async def ring(self, job_id: UUID, attempt: int) -> None:
        """Queue `drain` under an id of its own: arq refuses an id it has seen for minutes after a kill."""
        if time.monotonic() < self._silent_until:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                pool = await self._connected()
                await pool.enqueue_job(DRAIN, _queue_name=QUEUE, _job_id=f"{job_id}:{attempt}")
        except (OSError, RedisError, TimeoutError) as error:
            self._silent_until = time.monotonic() + _SILENCE
            log.warning("the bell did not ring (%s); workers find the job by looking", type(error).__name__)

    async def close(self) -> None:
        """Close the connections."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.aclose()

    async def _connected(self) -> ArqRedis:
        if self._pool is None:
            self._pool = await create_pool(self._settings, job_serializer=to_json, job_deserializer=from_json)
        return self._pool


class _Hanging:
    """The bell of this process: one, because what rings it (a commit) knows nothing of bells."""

    bell: Bell = NoBell()


def open_bell(redis_url: str) -> None:
    """Hang the process's bell: at the start of the web service and of every command that enqueues."""
    hang(ArqBell(redis_url) if redis_url else NoBell())


def hang(bell: Bell) -> None:
    """Use `bell` from now on."""
    _Hanging.bell = bell


async def close_bell() -> None:
    """Take it down."""
    bell, _Hanging.bell = _Hanging.bell, NoBell()
    await bell.close()


async def ring(job_id: UUID, attempt: int) -> None:
    """Ring the process's bell."""
    await _Hanging.bell.ring(job_id, attempt)


def redis_settings(redis_url: str) -> RedisSettings:
    """Return arq's settings for `redis_url`: one quick try, again after a lost connection."""
    settings = RedisSettings.from_dsn(redis_url)
    settings.conn_retries = 0
    settings.retry_on_error = [OSError, RedisConnectionError, RedisTimeoutError]
    return settings


def to_json(value: dict[str, Any]) -> bytes:
    """Write what arq stores; never pickle, which would run whatever somebody put into Redis."""
    return json.dumps(value, default=repr).encode()


def from_json(data: bytes) -> dict[str, Any]:
    """Read what arq stored; anything but JSON raises, and arq drops it."""
    value: dict[str, Any] = json.loads(data)
    return value
