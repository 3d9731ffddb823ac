"""A worker's loop: claim, work, claim again; rest until the bell rings or a second has passed."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs.attempt import DATABASE_TROUBLE, Handler, Pace, attempt
from jiceng.kernel.jobs.claim import claim
from jiceng.kernel.jobs.schedule import Schedule, turn_ticks

log = logging.getLogger(__name__)
_TROUBLE_PAUSE = 0.5


class Dispatcher:
    """One worker process's work: one job at a time, so that a job that kills its process kills no other's."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        *,
        pace: Pace | None = None,
        schedules: Mapping[str, Schedule] | None = None,
        worker: UUID | None = None,
    ) -> None:
        self._handlers = dict(handlers)
        self._pace = pace or Pace()
        self._schedules = dict(schedules or {})
        self._worker = worker or new_id()
        self._rung = asyncio.Event()
        self._stopping = False
        self._current: asyncio.Task[None] | None = None
        self._served = 0

    def wake(self) -> None:
        """Look at the table now: somebody rang."""
        self._rung.set()

    async def run(self) -> None:
        """Work until `stop`; survives a database that is away for a while."""
        while not self._stopping:
            self._rung.clear()
            try:
                await turn_ticks(self._schedules)
                worked = await self.work_once()
            except DATABASE_TROUBLE as error:
                log.warning("cannot look for jobs (%s)", type(error).__name__)
                await asyncio.sleep(_TROUBLE_PAUSE)
                continue
            if not worked:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._rung.wait(), self._pace.look_every)

    async def work_once(self) -> bool:
        """Claim one due job and work on it to its end; False when none is due."""
        claimed = await claim(list(self._handlers), self._served, self._pace.lease_time, self._worker)
        if claimed is None:
            return False
        self._served = claimed.tenant_id
        self._current = asyncio.create_task(attempt(claimed, self._handlers[claimed.kind], self._pace))
        if self._stopping:  # told while the job was being claimed
            await self._let_go(self._current)
        else:
            await asyncio.wait({self._current})
        return True

    async def stop(self) -> None:
        """Take no more jobs; let the current one go on for the pace's `stop_within`, then give it back."""
        self._stopping = True
        self.wake()
        current = self._current
        if current is not None and not current.done():
            await self._let_go(current)

    async def _let_go(self, current: asyncio.Task[None]) -> None:
        """A task cancelled before its first step would give nothing back: it always has some time."""
        await asyncio.wait({current}, timeout=self._pace.stop_within)
        current.cancel()
        await asyncio.wait({current})


async def run_due_jobs(handlers: Mapping[str, Handler]) -> int:
    """Work on every due job of all tenants in this process, one after the other; return how many attempts.

    For commands that wait for their own work, and for tests. A job put back for later is not waited for.
    """
    dispatcher = Dispatcher(handlers)
    attempts = 0
    while await dispatcher.work_once():
        attempts += 1
    return attempts
