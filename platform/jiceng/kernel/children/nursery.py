"""The nursery: a small process that has imported polars and forks a limited child for every call.

It has one thread and computes nothing itself, so a fork copies no lock that is held. `Computing` runs it as
`python -m jiceng.kernel.children.nursery MODULE…`; it ends when its standard input does.
"""

import ctypes
import gc
import importlib
import os
import resource
import select
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import BinaryIO

import msgspec
import psutil

from jiceng.kernel.children.protocol import LENGTH, Answer, Limits, Request, framed

_MEGABYTE = 2**20
_PIECE = 2**16
_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36
_OPEN_FILES = 64
_QUESTIONS = 0


def main(preload: list[str]) -> None:
    """Import `preload`, then answer requests until the input ends."""
    for module in preload:
        importlib.import_module(module)
    _prctl(_SET_CHILD_SUBREAPER, 1)  # a grandchild whose parent ends becomes ours, so that it can be ended
    gc.collect()
    gc.freeze()
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while request := _next(questions):
        answers.write(framed(_raise_one(request)))
        answers.flush()


def _next(questions: BinaryIO) -> Request | None:
    head = questions.read(LENGTH)
    body = questions.read(int.from_bytes(head, "big")) if len(head) == LENGTH else b""
    return msgspec.msgpack.decode(body, type=Request) if body else None


def _raise_one(request: Request) -> Answer:
    """Fork a child, take its answer within the limits, and leave nothing of it behind."""
    inward, outward = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inward)
        _be_the_child(request, outward)
    os.close(outward)
    try:
        return _listen(inward, child, request.limits)
    finally:
        os.close(inward)
        _end_all()


def _listen(inward: int, child: int, limits: Limits) -> Answer:
    deadline = time.monotonic() + limits.seconds
    heard = bytearray()
    while True:
        ready, _, _ = select.select([inward, _QUESTIONS], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return Answer("too_long", words=f"{limits.seconds:g} s")
        if _QUESTIONS in ready:
            raise SystemExit  # nobody asks meanwhile: the worker has gone, or no longer wants the answer
        piece = os.read(inward, _PIECE)
        heard += piece
        if len(heard) > limits.answer_megabytes * _MEGABYTE:
            return Answer("too_big", words=f"{limits.answer_megabytes} MB")
        if len(heard) >= LENGTH and len(heard) == LENGTH + int.from_bytes(heard[:LENGTH], "big"):
            return _understood(heard[LENGTH:])
        if not piece:
            return _ended(child)


def _understood(message: bytearray) -> Answer:
    try:
        return msgspec.msgpack.decode(message, type=Answer)
    except msgspec.DecodeError as error:
        return Answer("ended", words=type(error).__name__)


def _ended(child: int) -> Answer:
    """Every end of the pipe is closed without a whole answer: the child has ended or is about to."""
    deadline = time.monotonic() + 1
    while os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
        time.sleep(0.001)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return Answer("ended", words=signal.Signals(-code).name if code < 0 else f"exit {code}")


def _end_all() -> None:
    """Kill the child and whatever it started, wherever it hid, until nothing is left."""
    me = psutil.Process()
    while descendants := me.children(recursive=True):
        for process in descendants:
            try:
                process.kill()
            except psutil.Error:
                continue
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                continue
        except ChildProcessError:
            return
        time.sleep(0.001)


def _be_the_child(request: Request, outward: int) -> None:
    """Never returns: compute, answer, leave without any clean-up of the nursery's things."""
    try:
        _confine(request.limits)
        answer = _computed(request)
        message = memoryview(framed(answer))
        while message:
            message = message[os.write(outward, message) :]
    finally:
        os._exit(0)


def _confine(limits: Limits) -> None:
    _prctl(_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.environ.clear()
    data = limits.megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (data, data))  # RLIMIT_AS would break polars
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _computed(request: Request) -> Answer:
    module, _, name = request.function.partition(":")
    try:
        data = getattr(importlib.import_module(module), name)(request.payload)
        if not isinstance(data, bytes):
            return Answer("raised", words=f"TypeError {request.function} returned {type(data).__name__}")
        return Answer("answered", data)
    except BaseException as error:  # noqa: BLE001 - whatever it was, its name is the answer
        frames = traceback.extract_tb(error.__traceback__)[-1:]
        place = "".join(f" {Path(frame.filename).name}:{frame.lineno}" for frame in frames)
        return Answer("raised", words=type(error).__name__ + place)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    main(sys.argv[1:])
