"""The embedded PostgreSQL: made once, started when nobody answers, ended by pid."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil

from jiceng.kernel.servers import processes
from jiceng.kernel.servers.accounts import Account
from jiceng.kernel.servers.binaries import Binaries
from jiceng.kernel.servers.faults import (
    did_not_start,
    disk_full,
    from_os_error,
    log_tail,
    other_version,
    password_lost,
)
from jiceng.kernel.servers.places import Places

PORT = 5432
"""Only names the socket file: the server listens on no network port, so a port in use does not matter."""

_ROOM_TO_BE_MADE = 200 * 2**20
_ROOM_TO_START = 32 * 2**20
_READY, _STARTING = 0, 1
_START_SECONDS = 120.0
_SILENCE = 2.0
"""How long a live server may be silent (its sockets swept away, or stopping) before it is ended."""
_STOP_STEPS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))
_DURABLE = "fsync = on\n"
_FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"


class Postgres:
    """One data folder's server. Every method is called while holding the data folder's exclusive lock."""

    def __init__(self, places: Places, binaries: Binaries, account: Account) -> None:
        self._binaries = binaries
        self._account = account
        self._password = places.passwords["postgres"]
        self._sockets = places.sockets
        self.data = places.home / "postgres"
        self.log = places.home / "postgres.log"

    def ensure(self, *, durable: bool, password_known: bool) -> None:
        """Attach to the server that answers, or clear what a crash left behind and start one."""
        if not self.data.exists():
            self._initialise(durable=durable)
        elif not password_known:
            raise password_lost(self.data, self.data.parent / "servers.json")
        self._check_version()
        if self._settled() == _READY:
            return
        processes.end(self.processes(), _STOP_STEPS[1:])
        self._forget_reused_pid()
        self._start(durable=durable)

    def stop(self) -> None:
        """End the server: connections are closed, everything committed is on disk."""
        processes.end(self._postmaster(), _STOP_STEPS)
        processes.end(self.processes(), _STOP_STEPS[2:])

    def processes(self) -> list[psutil.Process]:
        """Return the live processes of this data folder, zombies excluded."""
        return processes.living_in(self.data) if self.data.exists() else []

    def _postmaster(self) -> list[psutil.Process]:
        mine = {process.pid: process for process in self.processes()}
        return [process for process in mine.values() if processes.parent_of(process) not in mine]

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text("utf-8").strip()
        if found != self._binaries.major:
            raise other_version(self.data, found, self._binaries.major)

    def _initialise(self, *, durable: bool) -> None:
        """Run initdb in a folder beside the final one, so that an interrupted one never looks finished."""
        home = self.data.parent
        _need_room(home, _ROOM_TO_BE_MADE)
        unfinished = self.data.with_name("postgres.new")
        secret = home / "postgres.password"
        try:
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
            self._account.give(unfinished)
            secret.unlink(missing_ok=True)
            with os.fdopen(os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(self._password)
            self._account.give(secret)
            self._run_initdb(unfinished, secret, durable=durable)
            with (unfinished / "postgresql.conf").open("a") as file:
                file.write("\ninclude = 'jiceng.conf'\n")
            unfinished.rename(self.data)
        except OSError as error:
            raise from_os_error(home, error) from error
        finally:
            secret.unlink(missing_ok=True)

    def _run_initdb(self, folder: Path, secret: Path, *, durable: bool) -> None:
        program = self._binaries.postgres / "initdb"
        options = [
            "-D",
            str(folder),
            "-U",
            "postgres",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-instructions",
        ]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if durable else ["--no-sync"]
        if processes.launch([program, *options], self._account, self.log).wait():
            raise did_not_start("PostgreSQL (initdb)", self.log, log_tail(self.log))

    def _configure(self, *, durable: bool) -> None:
        quoted = str(self._sockets).replace("'", "''")
        file = self.data / "jiceng.conf"
        file.write_text(
            "# written at every start\n"
            "listen_addresses = ''\n"
            f"unix_socket_directories = '{quoted}'\n"
            "unix_socket_permissions = 0700\n"
            f"port = {PORT}\n"
            "max_connections = 200\n"
            "password_encryption = 'scram-sha-256'\n"
            "log_min_messages = warning\n"
            "log_statement = none\n"
            "log_min_error_statement = panic\n"  # neither statements nor the rows they met: they name people
            "log_error_verbosity = terse\n"
            "log_parameter_max_length_on_error = 0\n"
            "max_parallel_workers_per_gather = 0\n"  # its shared memory does not fit a container's 64 MB
            "timezone = 'UTC'\n" + (_DURABLE if durable else _FAST)
        )
        self._account.give(file)

    def _start(self, *, durable: bool) -> None:
        _need_room(self.data, _ROOM_TO_START)
        try:
            self._configure(durable=durable)
            self.log.unlink(missing_ok=True)
            program = self._binaries.postgres / "postgres"
            started = processes.launch([program, "-D", self.data], self._account, self.log)
        except OSError as error:
            raise from_os_error(self.data, error) from error
        deadline = time.monotonic() + _START_SECONDS
        while self._answer() != _READY:
            if started.poll() is not None or time.monotonic() > deadline:
                raise did_not_start("PostgreSQL", self.log, log_tail(self.log))
            time.sleep(0.03)

    def _settled(self) -> int:
        """Wait while a server of ours is starting, recovering or stopping; return its last answer."""
        deadline = time.monotonic() + _START_SECONDS
        patience = time.monotonic() + _SILENCE
        answer = self._answer()
        while answer != _READY and time.monotonic() < (deadline if answer == _STARTING else patience):
            if not self.processes():
                break
            time.sleep(0.1)
            answer = self._answer()
        return answer

    def _answer(self) -> int:
        """Ask pg_isready: 0 ready, 1 starting, recovering or stopping, 2 silent."""
        program = self._binaries.postgres / "pg_isready"
        command = [str(program), "-q", "-t", "2", "-h", str(self._sockets), "-p", str(PORT)]
        environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, check=False, env=environment, cwd="/").returncode  # noqa: S603 - own paths

    def _forget_reused_pid(self) -> None:
        """Remove lock files that name a living process which is not ours: PostgreSQL would believe them.

        Called when no process lives in the data folder. A file that names a dead process is left to
        PostgreSQL: it also looks for shared memory still in use.
        """
        lock = self._sockets / f".s.PGSQL.{PORT}.lock"
        for file in (self.data / "postmaster.pid", lock):
            try:
                pid = abs(int(file.read_text("utf-8").split("\n", 1)[0]))
            except (FileNotFoundError, ValueError):
                continue
            if psutil.pid_exists(pid):
                file.unlink()


def _need_room(folder: Path, size: int) -> None:
    if shutil.disk_usage(folder).free < size:
        raise disk_full(folder)
