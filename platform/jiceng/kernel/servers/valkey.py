"""The embedded Valkey: the doorbell of the job queue. It holds nothing that PostgreSQL does not."""

import shutil
import signal
import time
from pathlib import Path

import psutil
from redis import Redis
from redis.exceptions import RedisError

from jiceng.kernel.servers import processes
from jiceng.kernel.servers.accounts import Account
from jiceng.kernel.servers.binaries import Binaries
from jiceng.kernel.servers.faults import did_not_start, from_os_error, log_tail
from jiceng.kernel.servers.places import Places

_START_SECONDS = 30.0
_STOP_STEPS = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 10.0))


class Valkey:
    """One data folder's server. Every method is called while holding the data folder's exclusive lock."""

    def __init__(self, places: Places, binaries: Binaries, account: Account) -> None:
        self._program = binaries.valkey
        self._account = account
        self._password = places.passwords["valkey"]
        self.socket = places.sockets / "valkey.sock"
        self.data = places.home / "valkey"
        self.log = places.home / "valkey.log"

    @property
    def url(self) -> str:
        """The address with its password, as redis and arq read it."""
        return f"unix://:{self._password}@{self.socket}?db=0"

    def ensure(self) -> None:
        """Attach to the server that answers, or start one; damaged data are thrown away, no job is lost."""
        if self._answers():
            return
        processes.end(self.processes(), _STOP_STEPS)
        if not self._start():
            shutil.rmtree(self.data, ignore_errors=True)
            if not self._start():
                raise did_not_start("Valkey", self.log, log_tail(self.log))

    def stop(self) -> None:
        """End the server."""
        processes.end(self.processes(), _STOP_STEPS)

    def processes(self) -> list[psutil.Process]:
        """Return the live processes of this data folder, zombies excluded."""
        return processes.living_in(self.data) if self.data.exists() else []

    def _answers(self) -> bool:
        client = Redis(unix_socket_path=str(self.socket), password=self._password, socket_timeout=2)
        try:
            return bool(client.ping())
        except (RedisError, OSError):
            return False
        finally:
            client.close()

    def _start(self) -> bool:
        try:
            self.data.mkdir(mode=0o700, exist_ok=True)
            self._account.give(self.data)
            self.log.unlink(missing_ok=True)
            started = processes.launch([self._program, self._configure()], self._account, self.log)
        except OSError as error:
            raise from_os_error(self.data, error) from error
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if started.poll() is not None or time.monotonic() > deadline:
                processes.end(self.processes(), _STOP_STEPS)
                return False
            time.sleep(0.02)
        return True

    def _configure(self) -> Path:
        """Write the configuration (it holds the password: 0600)."""
        file = self.data / "valkey.conf"
        file.touch(mode=0o600)
        file.write_text(
            "port 0\n"
            f"unixsocket {_quoted(self.socket)}\n"
            "unixsocketperm 700\n"
            f"requirepass {self._password}\n"
            f"dir {_quoted(self.data)}\n"
            "daemonize no\n"
            "appendonly yes\n"
            "appendfsync everysec\n"
            'save ""\n'
            "maxmemory 256mb\n"
            "maxmemory-policy noeviction\n"
        )
        self._account.give(file)
        return file


def _quoted(path: Path) -> str:
    text = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
