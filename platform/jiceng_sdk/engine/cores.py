"""Independent pieces of work on all cores at once: numpy and Polars let other threads run meanwhile.

The caller works too and does alone what no thread could be started for: a process that may have no more
threads is slower, never stuck. Nothing outlives the call, so a later fork finds no thread and no lock of it.
"""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from itertools import count
from threading import Thread
from typing import Generic, TypeVar

import polars as pl

T = TypeVar("T")


def together(work: Sequence[Callable[[], T]], first: Sequence[int] | None = None) -> list[T]:
    """Every result, in the order of the work. `first`: in which order it is begun, the longest first.

    The error raised is that of the earliest failing piece, whichever failed first by the clock. The work must
    change nothing that two pieces share.
    """
    order = range(len(work)) if first is None else first
    shift = _Shift([(n, work[n]) for n in order])
    threads = []
    for _ in range(min(pl.thread_pool_size(), len(work)) - 1):
        thread = Thread(target=copy_context().run, args=(shift.work,), daemon=True)
        try:
            thread.start()
        except RuntimeError:  # no more threads for this process
            break
        threads.append(thread)
    shift.work()
    for thread in threads:
        thread.join()
    if shift.errors:
        raise shift.errors[min(shift.errors)]
    return [shift.results[n] for n in range(len(work))]


class _Shift(Generic[T]):
    """Pieces of work that several threads take one after the other."""

    def __init__(self, work: list[tuple[int, Callable[[], T]]]) -> None:
        self._work, self._next = work, count()
        self.results: dict[int, T] = {}
        self.errors: dict[int, BaseException] = {}

    def work(self) -> None:
        """Take pieces until none is left."""
        while (at := next(self._next)) < len(self._work):
            n, piece = self._work[at]
            try:
                self.results[n] = piece()
            except BaseException as error:  # noqa: BLE001 - raised again by the caller, in its thread
                self.errors[n] = error
