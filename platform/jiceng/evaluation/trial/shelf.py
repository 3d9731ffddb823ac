"""What trials keep in memory: least recently used goes first, bounded in number and in bytes; per process."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

V = TypeVar("V")
MIB = 2**20


class Key(msgspec.Struct, frozen=True):
    """Whose data, of which scheme, in which state (a digest of everything that decides the outcome)."""

    tenant: int
    scheme: str
    inputs: str


class Shelf(Generic[V]):
    """Values by key. A key with other inputs of the same tenant and scheme drives the old one out."""

    def __init__(self, *, most: int, most_bytes: int, size_of: Callable[[V], int]) -> None:
        self._most, self._most_bytes, self._size_of = most, most_bytes, size_of
        self._kept: OrderedDict[Key, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key) -> V | None:
        """The value, now the most recently used; None when it is not kept, or no longer."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Key, value: V) -> None:
        """Keep a value; what it outdates goes, then what was not used for longest. The newest stays."""
        size = self._size_of(value)
        with self._lock:
            for old in [k for k in self._kept if (k.tenant, k.scheme) == (key.tenant, key.scheme)]:
                del self._kept[old]
            self._kept[key] = (value, size)
            while len(self._kept) > 1 and (len(self._kept) > self._most or self._bytes() > self._most_bytes):
                self._kept.popitem(last=False)

    @property
    def size(self) -> tuple[int, int]:
        """How many values are kept, and their bytes."""
        with self._lock:
            return len(self._kept), self._bytes()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()

    def _bytes(self) -> int:
        return sum(size for _, size in self._kept.values())
