"""The worker: every slice's jobs behind one loop, in processes that are started again when they die."""

import asyncio
import logging
import signal
import sys

from jiceng.kernel import database
from jiceng.kernel.jobs import Handler
from jiceng.kernel.jobs.serving import serve
from jiceng.kernel.jobs.supervisor import Supervisor, environment_of
from jiceng.kernel.servers import running
from jiceng.kernel.settings import Settings, read_settings

log = logging.getLogger(__name__)
JOBS: dict[str, Handler] = {}
"""Every kind of job the core knows; a kind that is not here stays queued for a worker that knows it."""


def run_worker(settings: Settings, processes: int = 2) -> None:
    """Keep `processes` workers running until SIGTERM or Ctrl-C; start embedded servers when none are set."""
    with running(settings) as served:
        asyncio.run(_supervise(served, processes))


async def _supervise(settings: Settings, processes: int) -> None:
    await database.connect(settings)
    command = [sys.executable, "-m", "jiceng.worker"]
    working = asyncio.create_task(Supervisor(command, environment_of(settings), processes).run())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    try:
        await asyncio.wait({working})
        if not working.cancelled():
            working.result()
    finally:
        await database.close()


def main() -> None:
    """Be one worker process: what the supervisor starts."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(process)d %(levelname)s %(message)s")
    logging.getLogger("arq").setLevel(logging.WARNING)
    asyncio.run(serve(read_settings(), JOBS))


if __name__ == "__main__":
    main()
