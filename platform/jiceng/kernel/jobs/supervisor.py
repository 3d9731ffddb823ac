"""Worker processes kept running: one that ends is started again, and what it was doing is freed at once."""

import asyncio
import logging
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from jiceng.kernel.ids import new_id
from jiceng.kernel.jobs.claim import abandon
from jiceng.kernel.jobs.serving import WORKER_ID
from jiceng.kernel.privacy import environment_without_secrets
from jiceng.kernel.settings import Settings

log = logging.getLogger(__name__)
_STEADY = 10.0
_LONGEST_PAUSE = 5.0
_PATIENCE = 10.0
_PLUGINS = ("JICENG_PLUGINS", "JICENG_PLUGIN_SIGNER")
"""Which plugins may be loaded: a worker asks for itself."""


class Supervisor:
    """Keeps `count` processes of `command` running until `run` is cancelled."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], count: int) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._count = count
        self.processes: dict[UUID, asyncio.subprocess.Process] = {}

    async def run(self) -> None:
        """Start the processes, again and again; cancelled, end them within ten seconds."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._count):
                group.create_task(self._keep_one())

    async def _keep_one(self) -> None:
        pause = 0.0
        while True:
            began = time.monotonic()
            worker = new_id()
            process = await self._start(worker)
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                await self._end(process)
                raise
            finally:
                del self.processes[worker]
            log.warning("worker %s ended with %d; starting another", process.pid, code)
            await _free(worker)
            killed = code < 0  # by a signal: nothing is wrong with starting another at once
            steady = killed or time.monotonic() - began > _STEADY
            pause = 0.0 if steady else min(_LONGEST_PAUSE, pause * 2 + 0.1)
            await asyncio.sleep(pause)

    async def _start(self, worker: UUID) -> asyncio.subprocess.Process:
        """Start one; the pipe to its standard input tells it when this process is gone."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            env={**self._environment, WORKER_ID: str(worker)},
        )
        self.processes[worker] = process
        return process

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with suppress(ProcessLookupError):
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _PATIENCE)
            except TimeoutError:
                process.kill()
                await process.wait()


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment of a worker process: the two roles it logs in as and no other secret."""
    return {
        **environment_without_secrets(),
        "JICENG_MODE": settings.mode,
        "JICENG_DATA": str(settings.data_dir),
        "JICENG_DATABASE_URL": settings.database_url,
        "JICENG_RELAY_URL": settings.relay_url,
        "JICENG_REDIS_URL": settings.redis_url,
        "JICENG_POOLER": "transaction" if settings.pooler else "",
        **{name: os.environ[name] for name in _PLUGINS if name in os.environ},
    }


async def _free(worker: UUID) -> None:
    """Let the dead worker's jobs be claimed now; without the database they wait for their lease to end."""
    try:
        await abandon(worker)
    except Exception as error:  # noqa: BLE001 - whatever it is, the next worker is started
        log.warning("the jobs of a dead worker wait for their lease (%s)", type(error).__name__)
