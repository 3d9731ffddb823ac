"""How slices use the database: transactions of each role and raw statements in the current scope."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from jiceng.kernel.ciphers.devices import use_device
from jiceng.kernel.database.driver import Record, Value
from jiceng.kernel.database.engine import engine
from jiceng.kernel.database.transaction import (
    Isolation,
    Transaction,
    in_transaction,
    open_transaction,
    tenant_transaction,
)
from jiceng.kernel.settings import Settings


async def connect(settings: Settings) -> None:
    """Open the pools of this process and its keys; raises Unavailable or Refusal in plain words."""
    use_device(settings)
    await engine.connect(settings)


async def close() -> None:
    """Close the pools; harmless when not connected."""
    await engine.close()


def transaction(isolation: Isolation = "read committed") -> Transaction:
    """`async with transaction():` everything inside commits together, in the current tenant.

    Raises:
        NoTenant: outside every tenant. NestedTransaction: inside another one; use `savepoint()`.
    """
    return tenant_transaction(engine.pools, isolation)


def relay_transaction() -> Transaction:
    """Return a transaction of role relay: the tables `job` and `tick` of all tenants, nothing else."""
    return Transaction(engine.pools, "relay", None)


def operator_transaction() -> Transaction:
    """Return a transaction of role operator: the tenant registry and the count-only summaries."""
    return Transaction(engine.pools, "operator", None)


def savepoint() -> AbstractAsyncContextManager[None]:
    """`async with savepoint():` undoes only this part of the open transaction when it fails."""
    return in_transaction().savepoint()


@asynccontextmanager
async def joined() -> AsyncIterator[Transaction]:
    """Use the open transaction, or a new one: for service functions that others call inside theirs."""
    opened = open_transaction.get()
    if opened is not None:
        yield opened
        return
    async with transaction() as fresh:
        yield fresh


def before_commit(callback: Callable[[], Awaitable[None]]) -> None:
    """Call `callback` inside the open transaction right before it commits; when it fails, nothing commits."""
    in_transaction().before_commit(callback)


def after_commit(callback: Callable[[], Awaitable[None]]) -> None:
    """Call `callback` once the open transaction has committed; never after a rollback."""
    in_transaction().after_commit(callback)


def in_open_transaction() -> bool:
    """Whether a transaction is open in this context."""
    return open_transaction.get() is not None


async def fetch(sql: str, *args: Value) -> list[Record]:
    """Return the rows of one statement ($1, $2 … parameters), in the open transaction or alone."""
    rows: list[Record] = await engine.run(sql, args)
    return rows


async def fetch_row(sql: str, *args: Value) -> Value:
    """Return the first row or None."""
    return await engine.run(sql, args, method="fetchrow")


async def fetch_value(sql: str, *args: Value) -> Value:
    """Return the first column of the first row or None."""
    return await engine.run(sql, args, method="fetchval")


async def execute(sql: str, *args: Value) -> int:
    """Run one statement and return how many rows it changed."""
    answer: str = await engine.run(sql, args, method="execute")
    last = answer.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0
