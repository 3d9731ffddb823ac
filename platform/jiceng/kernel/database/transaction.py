"""Our own transaction: one tenant, one task, one connection that always goes back to its pool."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Literal, Protocol, Self

import asyncpg

from jiceng.kernel.database.context import current_tenant, statement_limit
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.pools import finish
from jiceng.kernel.errors import Conflict

log = logging.getLogger(__name__)
open_transaction: ContextVar["Transaction | None"] = ContextVar("open_transaction", default=None)
"""The transaction of this context. A task started inside inherits it; `Transaction` refuses to serve it."""
Isolation = Literal["read committed", "repeatable read", "serializable"]


class NestedTransaction(RuntimeError):  # noqa: N818 - says what was done
    """A transaction was opened inside another: use `savepoint()` instead."""


class Connections(Protocol):
    """Where a transaction takes its connection from: the process's pools, or the migration's own."""

    async def take(self, role: str) -> Connection:
        """Take a connection of `role`."""

    async def commit(self, connection: Connection) -> None:
        """Commit; raises InFailedSQLTransactionError when one of its statements failed."""

    async def give_back(self, role: str, connection: Connection) -> None:
        """Give it back, rolled back and usable, or ended."""


class Transaction:
    """One explicit transaction of role `role`, for `tenant` (None for the relay and the operator)."""

    def __init__(
        self, pools: Connections, role: str, tenant: int | None, isolation: Isolation = "read committed"
    ) -> None:
        self.pools = pools
        self.role = role
        self.tenant = tenant
        self._begin = f"BEGIN ISOLATION LEVEL {isolation.upper()}"
        if tenant is not None:
            self._begin += f"; SET LOCAL app.tenant_id = '{int(tenant)}'{statement_limit()}"
        self._task: asyncio.Task[Any] | None = None
        self._token: Token[Transaction | None] | None = None
        self._connection: Connection = None
        self._savepoints = 0
        self._before_commit: list[Callable[[], Awaitable[None]]] = []
        self._after_commit: list[Callable[[], Awaitable[None]]] = []

    @property
    def connection(self) -> Connection:
        """The connection, for the task that opened the transaction only.

        Raises:
            RuntimeError: in a task started inside (gather, background task): it would interleave or outlive.
        """
        if asyncio.current_task() is not self._task:
            raise RuntimeError(
                "this task inherited a transaction that another task opened: run its queries one after the "
                "other in that task, or start the work in a fresh context (contextvars.Context())"
            )
        return self._connection

    async def enter(self, tenant: int) -> None:
        """Go on inside a tenant, in a transaction that began outside every one (the operator's).

        Raises:
            NestedTransaction: it is inside a tenant already.
        """
        if self.tenant is not None:
            raise NestedTransaction("this transaction belongs to a tenant already")
        await self.connection.execute(f"SET LOCAL app.tenant_id = '{int(tenant)}'")
        self.tenant = tenant

    def before_commit(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Call `callback` inside the transaction, right before COMMIT: for what takes a lock others wait for.

        When it fails, nothing is committed. What a savepoint undoes is not called.
        """
        self._before_commit.append(callback)

    def after_commit(self, callback: Callable[[], Awaitable[None]]) -> None:
        """Call `callback` once the transaction has committed; never when it rolls back."""
        self._after_commit.append(callback)

    async def __aenter__(self) -> Self:
        if open_transaction.get() is not None:
            raise NestedTransaction("a transaction is already open here; use savepoint() for a part of it")
        connection = await self.pools.take(self.role)
        try:
            await connection.execute(self._begin)
        except BaseException:
            await finish(self.pools.give_back(self.role, connection))
            raise
        self._connection = connection
        self._task = asyncio.current_task()
        self._token = open_transaction.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                for callback in self._before_commit:
                    await callback()
            except BaseException as failed:
                await finish(self.pools.give_back(self.role, self._leave()))
                if isinstance(failed, asyncpg.InFailedSQLTransactionError):
                    raise _not_saved() from failed
                raise
            await finish(self._commit(self._leave()))
        else:
            await finish(self.pools.give_back(self.role, self._leave()))

    def _leave(self) -> Connection:
        if self._token is not None:
            open_transaction.reset(self._token)
        connection, self._connection = self._connection, None
        return connection

    async def _commit(self, connection: Connection) -> None:
        try:
            await self.pools.commit(connection)
        except asyncpg.InFailedSQLTransactionError as failed:
            raise _not_saved() from failed
        finally:
            await self.pools.give_back(self.role, connection)
        for callback in self._after_commit:
            try:
                await callback()
            except Exception:
                # What is committed stays committed; a lost ring is found by the workers' sweep.
                log.exception("after_commit callback failed")

    def for_migration(self) -> AbstractAsyncContextManager[None]:
        """Return what Piccolo's migrations may open inside the one migrating transaction: a savepoint."""
        if self.role != "migrate":
            raise NestedTransaction("a transaction is already open here; use savepoint() for a part of it")
        return self.savepoint()

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo only this block when it fails; the transaction goes on."""
        self._savepoints += 1
        name = f"sp_{self._savepoints}"
        planned = len(self._before_commit), len(self._after_commit)
        await self.connection.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            del self._before_commit[planned[0] :], self._after_commit[planned[1] :]
            if not self.connection.is_closed():
                await self.connection.execute(f"ROLLBACK TO SAVEPOINT {name}; RELEASE SAVEPOINT {name}")
            raise
        await self.connection.execute(f"RELEASE SAVEPOINT {name}")


def _not_saved() -> Conflict:
    return Conflict(
        "操作没有保存：其中一步失败了",
        todo_zh="请重试",
        what_en="this was not saved: a part of it failed",
        todo_en="try again",
    )


def tenant_transaction(pools: Connections, isolation: Isolation = "read committed") -> Transaction:
    """Return a transaction of the current tenant (raises NoTenant outside)."""
    return Transaction(pools, "app", current_tenant(), isolation)


def in_transaction() -> Transaction:
    """Return the open transaction.

    Raises:
        RuntimeError: there is none; the caller needs one (a lock or an enqueue must commit with its cause).
    """
    opened = open_transaction.get()
    if opened is None:
        raise RuntimeError("this needs an open transaction: async with transaction(): …")
    return opened
