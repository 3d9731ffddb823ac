"""Interleaved work of two tenants, cancelled and cut at random: run directly and through a pooler (T05)."""

import asyncio
import random
from collections import Counter

import asyncpg
import msgspec

from jiceng.kernel import database as db
from jiceng.kernel.errors import Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings
from jiceng.tenancy.tables import TenantPlugin

INSERT = (
    "insert into tenant_plugin (tenant_id, id, name, enabled, changed_at) values ($1, $2, $3, true, now())"
)
EXPECTED = (
    asyncio.CancelledError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    Refusal,
    RuntimeError,
    ZeroDivisionError,
)


async def _alone(tenant: int, dice: random.Random) -> None:
    await db.execute(INSERT, tenant, new_id(), f"alone-{dice.random()}")
    _own_only(tenant, await TenantPlugin.select(TenantPlugin.tenant_id).limit(50))


async def _together(tenant: int, dice: random.Random) -> None:
    async with db.transaction():
        await db.execute(INSERT, tenant, new_id(), f"together-{dice.random()}")
        await asyncio.sleep(dice.random() * 0.002)
        _own_only(tenant, await db.fetch("select tenant_id from tenant_plugin limit 50"))
        if dice.random() < 0.2:
            _ = 1 / 0


async def _failing_commit(tenant: int, dice: random.Random) -> None:
    async with db.transaction():
        await db.execute(INSERT, tenant, new_id(), f"lost-{dice.random()}")
        # Ends this very connection: what follows, COMMIT included, fails.
        await db.execute("select pg_terminate_backend(pg_backend_pid())")


async def _refused_commit(tenant: int, dice: random.Random) -> None:
    async with db.transaction():
        await db.execute(INSERT, tenant, new_id(), f"lost-{dice.random()}")
        try:
            await db.execute("select 1 / 0")
        except asyncpg.DivisionByZeroError:
            return  # PostgreSQL answers the COMMIT with ROLLBACK: the transaction must say so


async def _swallowing(tenant: int, dice: random.Random) -> None:
    async with db.transaction():
        try:
            async with db.savepoint():
                await db.execute(INSERT, tenant, new_id(), "same")
                await db.execute(INSERT, tenant, new_id(), "same")
        except asyncpg.UniqueViolationError:
            await db.execute(INSERT, tenant, new_id(), f"after-{dice.random()}")


async def _stealing(tenant: int, dice: random.Random) -> None:
    other = 3 - tenant
    try:
        await db.execute(INSERT, other, new_id(), f"stolen-{dice.random()}")
    except asyncpg.InsufficientPrivilegeError:
        return
    raise AssertionError("a foreign row was written")


ACTS = 9 * (_alone, _alone, _together, _together, _refused_commit, _swallowing, _stealing) + (
    _failing_commit,
)
"""One in 64 cuts its own connection, which costs a new one; one in seven fails to commit for free."""


def _own_only(tenant: int, rows: list[dict[str, int]]) -> None:
    foreign = [row for row in rows if row["tenant_id"] != tenant]
    if foreign:
        raise AssertionError(f"tenant {tenant} saw {len(foreign)} foreign rows")


async def _one(number: int, seed: int) -> str:
    dice = random.Random(seed * 1_000_003 + number)  # noqa: S311 - repeatable on purpose
    tenant = 1 + number % 2
    with db.tenant_scope(tenant):
        task = asyncio.create_task(dice.choice(ACTS)(tenant, dice))
    if dice.random() < 0.35:
        await asyncio.sleep(dice.random() * 0.004)
        task.cancel()
    try:
        await task
    except EXPECTED as error:
        return type(error).__name__
    return "done"


async def fuzz(settings: Settings, operations: int, seed: int, at_once: int = 16) -> Counter[str]:
    await db.connect(msgspec.structs.replace(settings, pool_size=5, acquire_timeout=10.0))
    try:
        gate = asyncio.Semaphore(at_once)

        async def gated(number: int) -> str:
            async with gate:
                return await _one(number, seed)

        outcomes = Counter(await asyncio.gather(*(gated(number) for number in range(operations))))
        await _given_back()
        # All five can be borrowed at once: none is lost, none is stuck in a dead transaction.
        held = [await db.engine.pools.take("app") for _ in range(5)]
        assert [
            await each.fetchval("select current_setting('app.tenant_id', true)") or "" for each in held
        ] == [""] * 5
        for each in held:
            await db.engine.pools.give_back("app", each)
        with db.tenant_scope(1):
            _own_only(1, await TenantPlugin.select(TenantPlugin.tenant_id))
            assert (
                await db.fetch("select 1 from tenant_plugin where name like 'lost-%' or name like 'stolen-%'")
                == []
            )
    finally:
        await db.close()
    return outcomes


async def _given_back() -> None:
    """What cancelled operations left is cleaned up in the background: a busy machine has a moment for it."""
    for _ in range(300):
        idle, size = db.engine.pools.idle("app")
        if idle == size:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{size - idle} connections were never given back")
