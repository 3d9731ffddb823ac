"""One worker process: the loop, its doorbell, and an orderly end within ten seconds."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from uuid import UUID

from jiceng.kernel import database
from jiceng.kernel.database.selfcheck import refuse_bad_roles
from jiceng.kernel.jobs.attempt import Handler, Pace
from jiceng.kernel.jobs.bell import close_bell, open_bell
from jiceng.kernel.jobs.doorbell import listen
from jiceng.kernel.jobs.schedule import Schedule
from jiceng.kernel.jobs.work import Dispatcher
from jiceng.kernel.settings import Settings

WORKER_ID = "JICENG_WORKER_ID"
"""Set by the supervisor: under this id it frees the jobs of a process that died."""


async def serve(
    settings: Settings,
    handlers: Mapping[str, Handler],
    *,
    schedules: Mapping[str, Schedule] | None = None,
    pace: Pace | None = None,
) -> None:
    """Work until SIGTERM or SIGINT or the supervisor's death; then finish or give back what is running."""
    await database.connect(settings)
    open_bell(settings.redis_url)
    given = os.environ.get(WORKER_ID, "")
    worker = UUID(given) if given else None
    try:
        await refuse_bad_roles(("app", "relay"), production=settings.production)
        dispatcher = Dispatcher(handlers, pace=pace, schedules=schedules, worker=worker)
        await _work(dispatcher, settings.redis_url, supervised=bool(given))
    finally:
        await close_bell()
        await database.close()


async def _work(dispatcher: Dispatcher, redis_url: str, *, supervised: bool) -> None:
    stop = asyncio.Event()
    forget = _stop_when_told(stop.set, supervised=supervised)
    working = asyncio.create_task(dispatcher.run())
    others = [asyncio.create_task(stop.wait()), asyncio.create_task(_listen(redis_url, dispatcher.wake))]
    try:
        await asyncio.wait({working, others[0]}, return_when=asyncio.FIRST_COMPLETED)
        await dispatcher.stop()
        await working
    finally:
        forget()
        for task in others:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def _listen(redis_url: str, wake: Callable[[], None]) -> None:
    if redis_url:
        await listen(redis_url, wake)


def _stop_when_told(stop: Callable[[], None], *, supervised: bool) -> Callable[[], None]:
    """Call `stop` on a signal, and when standard input ends, for then the supervisor holding it has died."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    entrance = sys.stdin.fileno() if supervised else None
    if entrance is not None:
        loop.add_reader(entrance, stop)

    def forget() -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
        if entrance is not None:
            loop.remove_reader(entrance)

    return forget
