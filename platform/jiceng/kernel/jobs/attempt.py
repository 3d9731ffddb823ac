"""One attempt at one job: its handler inside its tenant, its lease kept meanwhile, and what became of it."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import timedelta
from pathlib import Path

import asyncpg
import msgspec

from jiceng.kernel import clock
from jiceng.kernel.audit import Actor, acting
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Refusal, Unavailable
from jiceng.kernel.jobs import claim
from jiceng.kernel.jobs.claim import MAX_ATTEMPTS, Claimed
from jiceng.kernel.jobs.job import Job, JobCancelled, StaleFence

log = logging.getLogger(__name__)
Handler = Callable[[Job], Awaitable[None]]
"""What a slice's jobs.py exports under the job's kind: a door into its service."""

DATABASE_TROUBLE = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a server that crashes just between two messages
    Unavailable,
)
_LONGEST_PAUSE = 60
_NO_ROOM_PAUSE = timedelta(seconds=30)


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds: a lease and its renewal, between looks at the table, and the longest a job may take."""

    lease: float = 15.0
    renew_every: float = 4.0
    look_every: float = 1.0
    job_limit: float = 3600.0
    stop_within: float = 8.0
    """How long a stopping worker lets its job go on before giving it back; the supervisor waits two more."""

    @property
    def lease_time(self) -> timedelta:
        """The lease as PostgreSQL takes it."""
        return timedelta(seconds=self.lease)


class TookTooLong(Exception):  # noqa: N818 - what happened
    """The handler was stopped at the job's time limit."""


async def attempt(claimed: Claimed, handler: Handler, pace: Pace) -> None:
    """Work on a claimed job to its end, whatever that is; when cancelled, give it back."""
    job = Job(claimed)
    work = asyncio.create_task(_inside(job, handler, pace), context=clock.apart())
    keeper = asyncio.create_task(_keep_lease(job, claimed, pace, work), context=Context())
    try:
        await asyncio.wait({work})
    except asyncio.CancelledError:
        work.cancel()
        await asyncio.wait({work})
        await _quietly(claim.give_back(claimed))
        raise
    finally:
        keeper.cancel()
        await asyncio.wait({keeper})
    await _quietly(_settle(job, claimed, _error_of(work)))


async def _inside(job: Job, handler: Handler, pace: Pace) -> None:
    with tenant_scope(job.tenant_id), acting(Actor("job", request=job.id)):
        limit = asyncio.timeout(pace.job_limit)
        try:
            async with limit:
                await handler(job)
                if not job.finished:
                    async with job.finish():
                        pass
        except TimeoutError as error:
            if limit.expired():
                raise TookTooLong from error
            raise


async def _keep_lease(job: Job, claimed: Claimed, pace: Pace, work: "asyncio.Task[None]") -> None:
    """Renew until the work ends; stop the work once it is no longer ours or does not heed being cancelled."""
    while not work.done():
        await asyncio.sleep(pace.renew_every)
        if job.finishing:
            continue
        told_before = job.cancelled
        try:
            answer = await claim.renew(claimed, pace.lease_time)
        except DATABASE_TROUBLE as error:
            log.warning("job %s: lease not renewed (%s)", job.id, type(error).__name__)
            continue
        job.learn(answer)
        if not job.finishing and (answer is None or told_before):
            work.cancel()


def _error_of(work: "asyncio.Task[None]") -> BaseException | None:
    return asyncio.CancelledError() if work.cancelled() else work.exception()


async def _settle(job: Job, claimed: Claimed, error: BaseException | None) -> None:
    """Write what became of the attempt; every statement checks the fence, so a lost job is left alone."""
    match error:
        case None:
            return
        case StaleFence():
            log.warning("job %s (%s): taken over by another worker", job.id, claimed.kind)
        case JobCancelled():
            await claim.end(claimed, "cancelled", "")
        case asyncio.CancelledError():
            if job.cancelled:
                await claim.end(claimed, "cancelled", "")
        case TookTooLong():
            await claim.end(claimed, "parked", "超过规定时间仍未完成，已停止")
        case Refusal() if not isinstance(error, Unavailable):
            await claim.end(claimed, "failed", in_both(error))
        case asyncpg.DiskFullError():
            await _wait(claimed, "数据库磁盘已满，腾出空间后自动继续")
        case asyncpg.TooManyConnectionsError() | Unavailable():
            await _wait(claimed, "数据库连接已用完，稍后自动继续")
        case _:
            await _again_or_park(claimed, error)


def in_both(refused: Refusal) -> str:
    """Why a job failed, for its page: the Chinese words, an empty line, the English ones if it has any."""
    return "\n\n".join(words for words in (refused.in_chinese(), refused.in_english()) if words)


async def _wait(claimed: Claimed, words: str) -> None:
    """The server has no room: not the job's fault, so no attempt is used up however long this lasts."""
    log.error("job %s (%s) waits: %s", claimed.id, claimed.kind, words)
    await claim.put_off(claimed, _NO_ROOM_PAUSE, words)


async def _again_or_park(claimed: Claimed, error: BaseException) -> None:
    """An unexpected error: its type and place are kept, not its message, which may quote somebody's data."""
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" {Path(frame.filename).name}:{frame.lineno}" for frame in place)
    text = f"{type(error).__name__}{where}"
    log.error("job %s (%s), attempt %d: %s", claimed.id, claimed.kind, claimed.attempt, text)
    if claimed.attempt >= MAX_ATTEMPTS:
        await claim.end(claimed, "parked", text)
    else:
        pause = min(_LONGEST_PAUSE, 2**claimed.attempt)
        await claim.try_later(claimed, timedelta(seconds=pause), text)


async def _quietly(step: Awaitable[None]) -> None:
    """Do `step`; when the database does not answer, the lease's end does the same later."""
    try:
        await step
    except DATABASE_TROUBLE as error:
        log.warning("the outcome of a job was not written (%s); its lease decides", type(error).__name__)
