"""What the worker and the nursery say to each other: length, then MessagePack."""

from typing import Literal

import msgspec

Outcome = Literal["answered", "raised", "ended", "too_long", "too_big"]
"""`answered` with bytes; `raised` an exception; `ended` without an answer (killed, out of memory, exit);
`too_long` over its seconds; `too_big` an answer over its size."""

LENGTH = 8
"""Bytes of the length before each message."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one computation may use: megabytes of memory, seconds of processor and clock, size of answer."""

    megabytes: int = 1024
    cpu_seconds: int = 60
    seconds: float = 120.0
    answer_megabytes: int = 64


class Request(msgspec.Struct, frozen=True):
    """Call `function` ("package.module:name", bytes → bytes) with `payload` (Arrow or JSON)."""

    function: str
    payload: bytes
    limits: Limits


class Answer(msgspec.Struct, frozen=True):
    """How the call ended: its bytes when answered, else a few words naming type and place."""

    outcome: Outcome
    data: bytes = b""
    words: str = ""


def framed(message: Request | Answer) -> bytes:
    """Return `message` as it goes through a pipe."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH, "big") + body
