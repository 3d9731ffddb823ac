"""Advisory locks between processes: the kernel drops them when a process ends, however it ends."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from jiceng.kernel.servers.faults import ServerFault, from_os_error

_PAUSE = 0.02


@contextmanager
def exclusive(path: Path, patience: float = 180.0) -> Iterator[None]:
    """Hold `path` alone; wait `patience` seconds for whoever starts or stops the servers right now."""
    with _open(path) as file:
        deadline = time.monotonic() + patience
        while not _try(file, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise ServerFault(
                    f"另一个进程启动或停止内置服务器已超过 {patience:.0f} 秒",
                    str(path),
                    "请先结束那个进程再试",
                    what_en="another process is still starting or stopping the servers",
                    todo_en="end it and try again",
                )
            time.sleep(_PAUSE)
        yield


class Presence:
    """One user of the servers: a shared lock that lasts until `leave` or until the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = _open(path)
        _try(self._file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Give the lock back; True when nobody else holds it. Call it while holding the exclusive lock."""
        self._file.close()
        with _open(self._path) as file:
            return _try(file, fcntl.LOCK_EX)


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("ab")
    except OSError as error:
        raise from_os_error(path, error) from error


def _try(file: IO[bytes], kind: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    return False
