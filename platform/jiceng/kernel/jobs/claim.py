"""Claiming jobs as role relay: one statement takes the lease, raises the fence and counts the attempt."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextvars import Context
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from jiceng.kernel import clock
from jiceng.kernel.database import current_tenant, relay_transaction
from jiceng.kernel.jobs import statements as sql
from jiceng.kernel.jobs.arguments import decode_arguments

MAX_ATTEMPTS = 5
"""A job whose fifth attempt has ended its worker too is parked."""

KEEP_DONE, KEEP_TROUBLED = timedelta(days=90), timedelta(days=400)
"""How long ended jobs are kept: done or cancelled ones, and those that somebody should have looked at."""


class Claimed(msgspec.Struct, frozen=True):
    """A job this worker may work on until its lease ends; `fence` proves it when committing."""

    tenant_id: int
    id: UUID
    kind: str
    args: dict[str, Any]
    attempt: int
    fence: int

    @property
    def key(self) -> tuple[int, UUID, int]:
        """What every later statement about this claim must match."""
        return self.tenant_id, self.id, self.fence


async def claim(kinds: Sequence[str], after: int, lease: timedelta, worker: UUID) -> Claimed | None:
    """Claim a due job of one of `kinds`, of the next tenant after `after`, round and round; None if none.

    A job that has used up its attempts is parked on the way. Kinds unknown here stay queued for a worker that
    knows them.
    """
    async with relay_transaction() as relay:
        for (tenant,) in await relay.connection.fetch(sql.TENANTS, after):
            while row := await relay.connection.fetchrow(sql.TAKE, tenant, list(kinds), lease, worker):
                claimed = Claimed(
                    row["tenant_id"],
                    row["id"],
                    row["kind"],
                    decode_arguments(row["args"]),
                    row["attempts"],
                    row["fence"],
                )
                if claimed.attempt <= MAX_ATTEMPTS:
                    return claimed
                error = f"处理它的进程 {MAX_ATTEMPTS} 次意外结束，已停止重试"
                await relay.connection.execute(sql.END, *claimed.key, "parked", error)
    return None


async def renew(claimed: Claimed, lease: timedelta) -> bool | None:
    """Lengthen the lease; return whether cancelling was asked for, None when the job is no longer ours."""
    answer: bool | None = await _apart(_one(sql.RENEW, *claimed.key, lease))
    return answer


async def report(claimed: Claimed, done: int, total: int, note: str) -> bool | None:
    """Write the progress; return as `renew` does."""
    answer: bool | None = await _apart(_one(sql.REPORT, *claimed.key, done, total, note))
    return answer


async def give_back(claimed: Claimed) -> None:
    """Put the job back untouched: the attempt does not count, for the worker is stopping."""
    await _apart(_one(sql.AGAIN, *claimed.key, 1, timedelta(0), ""))


async def put_off(claimed: Claimed, delay: timedelta, reason: str) -> None:
    """Put the job back for `delay`; the attempt does not count, for its failing was not the job's fault."""
    await _apart(_one(sql.AGAIN, *claimed.key, 1, delay, reason))


async def try_later(claimed: Claimed, delay: timedelta, error: str) -> None:
    """Put the job back to be tried again after `delay`."""
    await _apart(_one(sql.AGAIN, *claimed.key, 0, delay, error))


async def end(claimed: Claimed, state: str, error: str) -> None:
    """End the job as failed, parked or cancelled."""
    await _apart(_one(sql.END, *claimed.key, state, error))


async def abandon(worker: UUID) -> None:
    """Free the jobs of a worker process known to be dead: no need to wait for their leases."""
    await _apart(_one(sql.ABANDON, worker))


async def forget_ended() -> None:
    """Delete the current tenant's jobs that ended long ago, and the ticks they came from."""
    await _apart(_forget(current_tenant()))


async def _forget(tenant: int) -> None:
    moment = clock.now()
    async with relay_transaction() as relay:
        await relay.connection.execute(sql.FORGET_JOBS, tenant, moment - KEEP_DONE, moment - KEEP_TROUBLED)
        await relay.connection.execute(sql.FORGET_TICKS, tenant, moment - KEEP_DONE)


async def _one(statement: str, *args: Any) -> Any:  # noqa: ANN401 - SQL values
    async with relay_transaction() as relay:
        return await relay.connection.fetchval(statement, *args)


async def _apart(work: Coroutine[Any, Any, Any]) -> Any:  # noqa: ANN401 - SQL values
    """Run on a connection of its own, outside the tenant and the transaction the caller may be in."""
    return await asyncio.create_task(work, context=Context())
