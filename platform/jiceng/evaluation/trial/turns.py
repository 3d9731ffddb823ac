"""Turns: one computation at a time, tenants in rotation, so that nobody waits behind another's queue."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from concurrent.futures import Executor

T = TypeVar("T")


class Turns:
    """A lane for one. Of those waiting, tenants take turns; within a tenant the first comes first."""

    def __init__(self) -> None:
        self._busy = False
        self._waiting: OrderedDict[int, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, tenant: int) -> AsyncIterator[None]:
        """Wait for the turn, and pass it on at the end."""
        if self._busy:
            await self._wait(tenant)
        self._busy = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, tenant: int) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(tenant, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        """Call the next; the lane stays busy on his behalf. Who has given up meanwhile is passed over."""
        while self._waiting:
            tenant, line = next(iter(self._waiting.items()))
            called = line.popleft()
            if line:
                self._waiting.move_to_end(tenant)
            else:
                del self._waiting[tenant]
            if not called.done():
                called.set_result(None)
                return
        self._busy = False


async def computed(pool: Executor, work: Callable[[], T]) -> T:
    """The result of `work`, done in the pool. A cancellation is passed on when the thread has ended.

    A thread cannot be stopped; whoever holds a turn keeps it until the machine is free again.
    """
    future = asyncio.get_running_loop().run_in_executor(pool, work)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        await asyncio.wait([future])
        raise
