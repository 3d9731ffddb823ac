"""Passwords known from breaches, from a list the operator provides; nothing is asked over the network.

`breached-passwords.txt` in the data directory: a password, or the SHA-1 of one in hexadecimal with or without
`:count` (the format breach lists are published in), on each line. Without the file nothing is refused by it.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FILE = "breached-passwords.txt"
KEPT_BYTES = 10
_DIGEST = re.compile(r"([0-9A-Fa-f]{40})(?::\d+)?")


class Breached:
    """The list in memory, ten bytes for each password."""

    def __init__(self, kept: frozenset[bytes] = frozenset()) -> None:
        self._kept = kept

    def __contains__(self, password: object) -> bool:
        return isinstance(password, str) and _kept(password) in self._kept

    def __len__(self) -> int:
        return len(self._kept)


def breached_in(data_dir: Path) -> Breached:
    """The list in the data directory, read again when the file has changed; empty without one."""
    path = data_dir / FILE
    try:
        stamp = path.stat()
    except FileNotFoundError:
        return Breached()
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int, size: int) -> Breached:
    del changed, size  # they tell one state of the file from another
    kept = set()
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            text = line.rstrip("\r\n")
            found = _DIGEST.fullmatch(text.strip())
            if found:
                kept.add(bytes.fromhex(found[1])[:KEPT_BYTES])
            elif text:
                kept.add(_kept(text))
    return Breached(frozenset(kept))


def _kept(password: str) -> bytes:
    return hashlib.sha1(password.encode(), usedforsecurity=False).digest()[:KEPT_BYTES]
