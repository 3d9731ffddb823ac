"""Folders for embedded servers of a test alone, and other processes that use them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from jiceng.kernel.servers.accounts import server_account
from jiceng.kernel.servers.places import Places
from jiceng.kernel.servers.processes import end, living_in, parent_of
from jiceng.kernel.servers.valkey import _STOP_STEPS

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


def with_tests(environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` in which another process finds the package `tests`."""
    path = [str(ROOT), *environment.get("PYTHONPATH", "").split(os.pathsep)]
    return {**environment, "PYTHONPATH": os.pathsep.join(filter(None, path))}


def fast_disk() -> Path:
    """Return memory where there is plenty (copying a database takes a tenth of the time), else /tmp."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 * 2**30
    return memory if roomy else Path("/tmp")


@contextmanager
def own_folder(name: str = "数据 folder") -> Iterator[Path]:
    """Give a new data folder (with a space in its path), reachable for the servers; remove all traces."""
    above = Path(tempfile.mkdtemp(prefix="jt-", dir=fast_disk()))
    above.chmod(0o711)
    folder = above / name
    try:
        yield folder
    finally:
        remove_traces(folder)
        shutil.rmtree(above, ignore_errors=True)


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """Give a data folder on a disk of its own of that size; skip the test where one may not mount."""
    with own_folder() as folder:
        folder.mkdir(mode=0o711)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=711", "tmpfs", str(folder)]
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("no right to mount here")
        try:
            yield folder
        finally:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def remove_traces(folder: Path) -> None:
    """End servers left over and remove their socket folder and data."""
    state = folder / "servers.json"
    if not state.exists():
        return
    places = places_of(folder)
    for name in ("postgres", "valkey"):
        if (places.home / name).exists():
            end(living_in(places.home / name), _STOP_STEPS[1:])
    shutil.rmtree(places.sockets, ignore_errors=True)
    shutil.rmtree(places.home, ignore_errors=True)


def places_of(folder: Path) -> Places:
    """Read what the runner remembers about a data folder."""
    text = (folder / "servers.json").read_bytes()
    return msgspec.json.decode(text, type=Places, dec_hook=lambda kind, value: kind(value))


def postmaster_process(folder: Path) -> psutil.Process:
    """Return the data folder's PostgreSQL."""
    mine = {process.pid: process for process in living_in(places_of(folder).home / "postgres")}
    (found,) = [process for process in mine.values() if parent_of(process) not in mine]
    return found


def postmaster(folder: Path) -> int:
    """Return its pid."""
    return postmaster_process(folder).pid


def servers_of(folder: Path) -> list[int]:
    """Return the pids of the data folder's live servers; a zombie is none."""
    home = places_of(folder).home
    return [process.pid for name in ("postgres", "valkey") for process in living_in(home / name)]


class User:
    """Another process using the servers of `folder`; `found` is what it saw, or its fault."""

    def __init__(self, folder: Path, *options: str) -> None:
        environment = with_tests(os.environ) | {"PYTHONWARNINGS": "default::ResourceWarning"}
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.server_user", str(folder), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
        )

    @property
    def found(self) -> dict[str, Any]:
        """Wait for its line."""
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def leave(self) -> int:
        """Let it leave; return its exit code. What it complained of is in `said`."""
        _, self.said = self.process.communicate(timeout=60)
        return self.process.returncode

    def kill(self) -> None:
        """End it by SIGKILL: it leaves nothing in order."""
        self.process.kill()
        self.process.communicate(timeout=10)


def account_uid() -> int:
    """Return the user the servers run as in this test run."""
    return server_account().uid
