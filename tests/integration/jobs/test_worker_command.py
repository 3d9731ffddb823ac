"""`jiceng worker` as a whole: its processes and its end."""

import asyncio
import sys

import psutil
from tests.support.job_tools import worker_environment

from jiceng.kernel.settings import Settings
from jiceng.worker import JOBS

RUN = "from jiceng.kernel.settings import read_settings; from jiceng.worker import run_worker; "


async def _children(pid: int) -> list[psutil.Process]:
    async with asyncio.timeout(30):
        while not (found := psutil.Process(pid).children()):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)
    return found


def test_the_worker_knows_the_evaluations_job() -> None:
    assert "evaluation.run" in JOBS


async def test_the_worker_and_its_processes_end_with_the_process_they_work_for(database: Settings) -> None:
    parent = await asyncio.create_subprocess_exec("/bin/sleep", "600")
    environment = {**worker_environment(database), "JICENG_PARENT": str(parent.pid)}
    command = [sys.executable, "-c", f"{RUN}run_worker(read_settings(), 2)"]
    worker = await asyncio.create_subprocess_exec(*command, env=environment)
    processes = await _children(worker.pid)
    settings = processes[0].environ()
    parent.kill()
    await parent.wait()
    assert await asyncio.wait_for(worker.wait(), 14) == 0
    assert not any(process.is_running() for process in processes)
    assert settings["MALLOC_ARENA_MAX"] == "1"
    assert settings["_RJEM_MALLOC_CONF"].endswith("dirty_decay_ms:5000,muzzy_decay_ms:0")


async def test_a_worker_process_without_a_database_says_so_and_ends(database: Settings) -> None:
    environment = {
        **worker_environment(database),
        "JICENG_DATABASE_URL": "postgresql://jiceng_app@127.0.0.1:1/x",
    }
    command = [sys.executable, "-m", "jiceng.worker"]
    worker = await asyncio.create_subprocess_exec(*command, env=environment, stderr=asyncio.subprocess.PIPE)
    _, told = await worker.communicate()
    assert worker.returncode == 1
    assert "JICENG_DATABASE_URL" in told.decode()
    assert "Traceback" not in told.decode()
