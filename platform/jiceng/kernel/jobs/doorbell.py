"""The worker's side of the doorbell: arq's worker with one function, restarted when it ends."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from arq.connections import ArqRedis, create_pool
from arq.worker import Worker, func

from jiceng.kernel.jobs.bell import DRAIN, QUEUE, from_json, redis_settings, to_json

if TYPE_CHECKING:
    from arq.typing import WorkerCoroutine

log = logging.getLogger(__name__)
_PAUSES = (0.5, 1.0, 2.0, 5.0)
_STEADY = 30.0


async def listen(redis_url: str, wake: Callable[[], None]) -> None:
    """Call `wake` at every ring until cancelled; Redis may come and go meanwhile."""
    failures = 0
    while True:
        began = time.monotonic()
        try:
            await _listen_once(redis_url, wake)
        except Exception as error:  # noqa: BLE001 - whatever ends arq's worker, it is started again
            log.warning("the doorbell stopped (%s); starting it again", type(error).__name__)
        failures = 0 if time.monotonic() - began > _STEADY else failures + 1
        await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES)) - 1] if failures else 0)


async def _listen_once(redis_url: str, wake: Callable[[], None]) -> None:
    pool = await create_pool(redis_settings(redis_url), job_serializer=to_json, job_deserializer=from_json)
    try:
        worker = _arq_worker(pool, wake)
        try:
            await worker.async_run()
        finally:
            # Not worker.close(): it gives up before closing its connections when a task was cancelled.
            for task in worker.tasks.values():
                task.cancel()
            await asyncio.gather(*worker.tasks.values(), return_exceptions=True)
    finally:
        await pool.aclose(close_connection_pool=True)


def _arq_worker(pool: ArqRedis, wake: Callable[[], None]) -> Worker:
    async def drain(ctx: dict[str, Any]) -> None:  # noqa: ARG001 - arq passes its context
        wake()

    function = cast("WorkerCoroutine", drain)
    return Worker(
        [func(function, name=DRAIN, timeout=10, max_tries=1, keep_result=0)],
        queue_name=QUEUE,
        redis_pool=pool,
        handle_signals=False,
        max_jobs=100,
        max_tries=1,
        job_timeout=10,
        keep_result=0,
        poll_delay=0.05,
        retry_jobs=False,
        allow_abort_jobs=False,
        log_results=False,
        job_serializer=to_json,
        job_deserializer=from_json,
    )
