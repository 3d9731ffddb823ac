"""Processes found by the data folder they live in: a reused pid or a zombie is never one of them."""

import atexit
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from jiceng.kernel.servers.accounts import Account

_STARTED: list[subprocess.Popen[bytes]] = []
"""What this process started: kept so that an ended one is reaped instead of staying a zombie."""


def living_in(folder: Path) -> list[psutil.Process]:
    """Return the live processes working in `folder`: both servers change into their data folder."""
    reap()
    wanted = str(folder.resolve())
    found = []
    for process in psutil.process_iter():
        try:
            # Where it works is one link to read, its state a file to take apart: few come so far.
            if process.cwd() == wanted and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def launch(command: Sequence[str | Path], account: Account, log: Path) -> subprocess.Popen[bytes]:
    """Start a server as `account`, in a session of its own: Ctrl-C in our terminal does not reach it."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - a command made of our own paths, never of input
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            **account.popen(),
        )
    _STARTED.append(process)
    return process


def reap() -> None:
    """Collect the exit status of servers we started that have ended."""
    _STARTED[:] = [process for process in _STARTED if process.poll() is None]


@atexit.register
def _let_go() -> None:
    """Servers that others still use outlive this process on purpose: nobody waits for them any more."""
    reap()
    for process in _STARTED:
        process.returncode = 0


def end(processes: Sequence[psutil.Process], steps: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn, waiting the seconds named with it, until all `processes` are gone."""
    left = list(processes)
    for number, patience in steps:
        for process in left:
            with suppress(psutil.Error):
                process.send_signal(number)
        deadline = time.monotonic() + patience
        while (left := [process for process in left if _lives(process)]) and time.monotonic() < deadline:
            time.sleep(0.01)
            reap()
        if not left:
            break


def parent_of(process: psutil.Process) -> int:
    """The pid of its parent; its own when it has just ended, so that it is nobody's only server."""
    try:
        return process.ppid()
    except psutil.Error:
        return process.pid


def _lives(process: psutil.Process) -> bool:
    """Whether it still runs; a zombie, which its parent has not reaped yet, does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
