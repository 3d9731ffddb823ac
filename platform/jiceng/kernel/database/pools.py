"""Connection pools, one per database role, and the only two ways to take a connection and give it back."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import asyncpg

from jiceng.kernel.database.columnar import ColumnarConnections
from jiceng.kernel.database.driver import Connection, Pool
from jiceng.kernel.database.refused import explained
from jiceng.kernel.database.resetting import COMMIT, ResettingConnection
from jiceng.kernel.errors import Unavailable
from jiceng.kernel.settings import Settings

log = logging.getLogger(__name__)
_RELEASE_SECONDS = 5.0
ANSWER_SECONDS = {"app": 130.0, "relay": 15.0, "operator": 130.0}
"""How long a statement may stay unanswered: beyond the server's own limit the network must have swallowed it.

The relay's statements are short, and a worker's lease hangs on them.
"""
_background: set[asyncio.Future[Any]] = set()
"""Clean-up that outlives a cancelled task; the event loop itself holds tasks by weak references only."""


class Pools:
    """The pools of one process; `app` opens at once, the others with their first use."""

    def __init__(self, settings: Settings) -> None:
        self.acquire_timeout = settings.acquire_timeout
        self._size = settings.pool_size
        self.pooled = settings.pooler
        self._urls = {
            "app": settings.database_url,
            "relay": settings.relay_url,
            "operator": settings.operator_url,
        }
        self._pools: dict[str, Pool] = {}
        self.columnar = ColumnarConnections(settings.database_url)
        self._opening = asyncio.Lock()

    def url(self, role: str) -> str:
        """Return the URL a role connects with; empty when it is not configured."""
        return self._urls[role]

    async def pool(self, role: str) -> Pool:
        """Return the pool of `role`, opening it on first use; a refusal says what to correct."""
        ready = self._pools.get(role)
        if ready is not None:
            return ready
        async with self._opening:
            if role not in self._pools:
                self._pools[role] = await self._open(role)
        return self._pools[role]

    async def _open(self, role: str) -> Pool:
        url = self._urls[role]
        with explained(url, role):
            return await asyncpg.create_pool(
                url,
                min_size=1 if role == "app" else 0,
                max_size=self._size if role == "app" else 4,
                timeout=10,
                command_timeout=ANSWER_SECONDS[role],
                statement_cache_size=0 if self.pooled else 600,
                server_settings={"application_name": f"jiceng-{role}"},
                connection_class=ResettingConnection,
            )

    async def take(self, role: str) -> Connection:
        """Take a connection of `role`, waiting at most `acquire_timeout` seconds."""
        pool = await self.pool(role)
        if pool.get_idle_size():
            return await pool.acquire()  # one is open and free: nothing to wait for, so nothing to time
        acquiring = asyncio.ensure_future(_acquired(pool))
        try:
            done, _ = await asyncio.wait({acquiring}, timeout=self.acquire_timeout)
        except asyncio.CancelledError:
            _return_when_it_comes(pool, acquiring)
            raise
        if not done:
            _return_when_it_comes(pool, acquiring)
            raise Unavailable(
                "系统繁忙，暂时无法连接数据库",
                todo_zh="请稍后重试",
                what_en="no free database connection",
                todo_en="try again, or raise the pool size",
            )
        return acquiring.result()

    async def commit(self, connection: Connection) -> None:
        """Commit and make the session like new, in one round trip; then it can only be given back.

        Raises:
            asyncpg.InFailedSQLTransactionError: one of its statements failed; nothing is saved.
        """
        await connection.end(COMMIT)

    async def give_back(self, role: str, connection: Connection) -> None:
        """Roll back what is open and return the connection; the pool replaces a broken one."""
        pool = self._pools.get(role)
        if pool is None:
            return  # closed meanwhile, and the connection with it
        try:
            if not connection.is_closed() and connection.is_in_transaction():
                await connection.end("ROLLBACK", within=_RELEASE_SECONDS)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            with suppress(asyncpg.InterfaceError):  # its pool noticed the cut before we did
                connection.terminate()
        finally:
            await pool.release(connection, timeout=_RELEASE_SECONDS)

    def idle(self, role: str) -> tuple[int, int]:
        """Return (idle, open) connections of a role's pool: what a leak test and the metrics look at."""
        pool = self._pools.get(role)
        return (0, 0) if pool is None else (pool.get_idle_size(), pool.get_size())

    async def close(self) -> None:
        """Finish background clean-up and close every pool."""
        if _background:
            await asyncio.wait(set(_background), timeout=_RELEASE_SECONDS)
        self.columnar.close()
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            try:
                async with asyncio.timeout(_RELEASE_SECONDS):
                    await pool.close()
            except TimeoutError:
                # Somebody still holds a connection; the process must be able to end nevertheless.
                pool.terminate()


async def finish(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end even when the calling task is cancelled meanwhile (then in the background)."""
    task = asyncio.ensure_future(work)
    _keep(task)
    await asyncio.shield(task)


def _keep(task: "asyncio.Future[Any]") -> None:
    _background.add(task)
    task.add_done_callback(_forget)


def _forget(task: "asyncio.Future[Any]") -> None:
    _background.discard(task)
    if not task.cancelled() and task.exception() is not None:
        log.debug("database clean-up ended with %r", task.exception())


async def _acquired(pool: Pool) -> Connection:
    return await pool.acquire()


def _return_when_it_comes(pool: Pool, acquiring: "asyncio.Future[Any]") -> None:
    """Nobody waits for this connection any more: cancel, and release it if it was already on its way."""

    def release(done: "asyncio.Future[Any]") -> None:
        if done.cancelled() or done.exception() is not None:
            return
        _keep(asyncio.ensure_future(pool.release(done.result(), timeout=_RELEASE_SECONDS)))

    _keep(acquiring)
    acquiring.add_done_callback(release)
    acquiring.cancel()
