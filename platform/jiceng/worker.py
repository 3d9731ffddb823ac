"""The worker: every slice's jobs behind one loop, in processes that are started again when they die."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress

import psutil

from jiceng.api.workflows import handlers
from jiceng.evaluation.jobs import JOBS as EVALUATION
from jiceng.facts.jobs import JOBS as FACTS
from jiceng.kernel import database
from jiceng.kernel.database.selfcheck import refuse_bad_roles
from jiceng.kernel.errors import Refusal
from jiceng.kernel.files import keep_files_in
from jiceng.kernel.jobs import Handler
from jiceng.kernel.jobs.serving import serve
from jiceng.kernel.jobs.supervisor import Supervisor, environment_of
from jiceng.kernel.privacy import keep_memory_private
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings, read_settings
from jiceng.kernel.watching.logs import configure_logs
from jiceng.operations.jobs import JOBS as OPERATIONS
from jiceng.operations.jobs import every_schedule
from jiceng.operations.service import plant_everywhere
from jiceng.schemes.host import installed

log = logging.getLogger(__name__)
JOBS: dict[str, Handler] = {**EVALUATION, **FACTS, **OPERATIONS, **handlers()}
"""Every kind of job of core and plugins; a kind that is not here stays queued for a worker that knows it."""

PARENT = "JICENG_PARENT"
"""Pid of the process this one works for, if any: gone, the worker stops too."""


def run_worker(settings: Settings, processes: int = 2) -> None:
    """Keep `processes` workers running until SIGTERM or Ctrl-C; start embedded servers when none are set."""
    _log()
    with running(settings) as served:
        asyncio.run(_supervise(served, processes))


async def _supervise(settings: Settings, processes: int) -> None:
    await database.connect(settings)
    try:
        await refuse_bad_roles(("app", "relay"), production=settings.production)
        await plant_everywhere()
        await _keep_working(settings, processes)
    finally:
        await database.close()


async def _keep_working(settings: Settings, processes: int) -> None:
    command = [sys.executable, "-m", "jiceng.worker"]
    working = asyncio.create_task(Supervisor(command, environment_of(settings), processes).run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    watching = asyncio.create_task(_parent_gone(os.environ.get(PARENT, "")))
    await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
    for task in (working, watching):
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _parent_gone(pid: str) -> None:
    """Return once process `pid` has ended; never for an empty `pid`."""
    try:
        parent = psutil.Process(int(pid)) if pid else None
        while parent is None or (parent.is_running() and parent.status() != psutil.STATUS_ZOMBIE):  # noqa: ASYNC110
            await asyncio.sleep(1)
    except psutil.Error:
        return


def _log() -> None:
    configure_logs(production=os.environ.get("JICENG_MODE") == "production")


def main() -> None:
    """Be one worker process: what the supervisor starts."""
    _log()
    keep_memory_private(production=os.environ.get("JICENG_MODE") == "production")
    installed()  # asks the plugins now, while nothing else waits
    try:
        settings = read_settings()
        keep_files_in(settings)
        asyncio.run(serve(settings, JOBS, schedules=every_schedule()))
    except Refusal as refused:
        log.error("%s", refused.in_words())  # noqa: TRY400 - words for a person, who has no use for the trace
        sys.exit(1)


if __name__ == "__main__":
    main()
