"""The job as its handler sees it: arguments, progress, cancelling, and the transaction that finishes it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from jiceng.kernel.database import execute, fetch_row, transaction
from jiceng.kernel.jobs import claim
from jiceng.kernel.jobs import statements as sql
from jiceng.kernel.jobs.claim import Claimed

_REPORT_SECONDS = 0.5


class JobCancelled(Exception):  # noqa: N818 - what happened, not an error
    """Somebody asked for this job to stop; raised by `check` and `finish`, need not be caught."""


class StaleFence(Exception):  # noqa: N818 - what happened, not an error
    """The lease ended and another worker has the job: nothing of this attempt may be kept."""


class Job:
    """One claimed job, inside its tenant. Everything a handler may do with it."""

    def __init__(self, claimed: Claimed) -> None:
        self._claimed = claimed
        self._reported_at = 0.0
        self._lost = False
        self.cancelled = False
        """Whether cancelling was asked for, as far as this worker knows."""
        self.finishing = False
        """Whether the last transaction is open: its lock on the row stands for the lease meanwhile."""
        self.finished = False

    @property
    def id(self) -> UUID:
        """The job's id."""
        return self._claimed.id

    @property
    def tenant_id(self) -> int:
        """Whose job it is; the handler runs inside this tenant."""
        return self._claimed.tenant_id

    @property
    def args(self) -> dict[str, Any]:
        """The arguments given to `enqueue`; UUIDs and dates as text."""
        return self._claimed.args

    @property
    def attempt(self) -> int:
        """1 for the first attempt."""
        return self._claimed.attempt

    async def progress(self, done: int, total: int, note: str = "") -> None:
        """Show how far the job is; written at most twice a second, so call it as often as you like.

        Raises:
            JobCancelled, StaleFence: as `check`.
        """
        self.check()
        now = time.monotonic()
        if self.finishing or (now - self._reported_at < _REPORT_SECONDS and done < total):
            return
        self._reported_at = now
        self.learn(await claim.report(self._claimed, done, total, note[:200]))
        self.check()

    def learn(self, answer: bool | None) -> None:
        """Take in what a renewal or a report came back with: cancelled or not, None when no longer ours."""
        self._lost = self._lost or answer is None
        self.cancelled = self.cancelled or bool(answer)

    def check(self) -> None:
        """Raise JobCancelled when asked to stop, StaleFence when the job went to another worker."""
        if self._lost:
            raise StaleFence(str(self.id))
        if self.cancelled:
            raise JobCancelled(str(self.id))

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[None]:
        """Open the transaction in which the results and "done" commit together, or neither.

        Write results inside; do the long computing before. The row is locked meanwhile, so nobody takes over.

        Raises:
            StaleFence: another worker has taken the job over. JobCancelled: somebody asked to stop it.
        """
        key = self._claimed.key
        async with transaction():
            self.finishing = True
            try:
                row = await fetch_row(sql.LOCK, *key)
                if row is None or not row["ours"]:
                    raise StaleFence(str(self.id))
                if row["cancel_asked"]:
                    raise JobCancelled(str(self.id))
                yield
                await execute(sql.DONE, *key)
            finally:
                self.finishing = False
        self.finished = True
