"""The same for code that cannot wait: several computations one after the other, before a loop runs."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from typing import IO

import msgspec

from jiceng.kernel.children.protocol import LENGTH, Answer, Request, framed

_MARGIN = 5.0
_PIECE = 2**16


def ask(requests: Iterable[Request], preload: Sequence[str], search_path: Sequence[str]) -> list[Answer]:
    """Compute each request in a limited child of its own; an answer for each, whatever became of the others.

    `search_path` is where the children find modules (`sys.path`); they see no other environment of ours.
    """
    nursery: subprocess.Popen[bytes] | None = None
    answers: list[Answer] = []
    try:
        for request in requests:
            nursery = nursery or _started(preload, search_path)
            try:
                answers.append(_answered(nursery, request))
            except (OSError, EOFError, msgspec.DecodeError) as error:
                answers.append(Answer("ended", words=type(error).__name__))
                _end(nursery)
                nursery = None
    finally:
        if nursery is not None:
            _end(nursery)
    return answers


def _started(preload: Sequence[str], search_path: Sequence[str]) -> "subprocess.Popen[bytes]":
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module names
        [sys.executable, "-m", "jiceng.kernel.children.nursery", *preload],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**kept, "PYTHONPATH": os.pathsep.join(search_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def _answered(nursery: "subprocess.Popen[bytes]", request: Request) -> Answer:
    if nursery.stdin is None or nursery.stdout is None:
        raise OSError("the nursery has no pipes")
    nursery.stdin.write(framed(request))
    nursery.stdin.flush()
    until = time.monotonic() + request.limits.seconds + _MARGIN
    size = int.from_bytes(_read(nursery.stdout, LENGTH, until), "big")
    return msgspec.msgpack.decode(_read(nursery.stdout, size, until), type=Answer)


def _read(pipe: IO[bytes], size: int, until: float) -> bytes:
    """Read exactly `size` bytes by the deadline; raises EOFError or TimeoutError."""
    heard = bytearray()
    while len(heard) < size:
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(pipe.fileno(), min(_PIECE, size - len(heard)))
        if not piece:
            raise EOFError
        heard += piece
    return bytes(heard)


def _end(nursery: "subprocess.Popen[bytes]") -> None:
    """Close its input, which ends it; its child dies with it."""
    with nursery:
        for pipe in (nursery.stdin, nursery.stdout):
            if pipe is not None:
                pipe.close()
        try:
            nursery.wait(1)
        except subprocess.TimeoutExpired:
            nursery.kill()
