"""Computations that behave badly, each in its own way; and one that behaves."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path


def doubles(payload: bytes) -> bytes:
    """Twice each number."""
    return json.dumps([2 * n for n in json.loads(payload)]).encode()


def raises(payload: bytes) -> bytes:
    raise KeyError(payload)


def hangs(_: bytes) -> bytes:
    time.sleep(3600)
    return b""


def spins(_: bytes) -> bytes:
    while True:
        pass


def eats_memory(_: bytes) -> bytes:
    eaten = []
    while True:
        eaten.append(bytearray(2**24))


def changes_its_input(payload: bytes) -> bytes:
    sys.modules["json"].loads = None  # type: ignore[attr-defined]
    os.environ["HOME"] = "/nowhere"
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return payload[::-1]


def returns_rubbish(_: bytes) -> bytes:
    return {"not": threading.Lock()}  # type: ignore[return-value]


def answers_without_end(_: bytes) -> bytes:
    return bytes(3 * 2**20)


def exits(_: bytes) -> bytes:
    os._exit(7)


def kills_itself(_: bytes) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def leaves_children(_: bytes) -> bytes:
    sleeper = subprocess.Popen(["/bin/sleep", "3600"], start_new_session=True)
    if os.fork() == 0:
        os.setsid()
        time.sleep(3600)
    return str(sleeper.pid).encode()


def tells_its_environment(_: bytes) -> bytes:
    return json.dumps([dict(os.environ), len(list(Path("/proc/self/fd").iterdir()))]).encode()


def writes_a_file(payload: bytes) -> bytes:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Path(payload.decode()).open("wb") as file:
        file.write(b"x" * 10)
    return b""
