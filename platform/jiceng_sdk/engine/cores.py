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


class Aside(Generic[T]):
    """A piece of work on another core while the caller goes on; who began it must ask for its result.

    It should be one long step that lets other threads run: whoever wants the interpreter back after each of
    many short ones waits for it each time.
    """

    def __init__(self, work: Callable[[], T], *, begin: bool) -> None:
        """`begin`: at once; else, and where no thread or second core is to be had, when it is asked for."""
        self._shift = _Shift([(0, work)])
        self._thread: Thread | None = None
        if begin and pl.thread_pool_size() > 1:
            thread = Thread(target=copy_context().run, args=(self._shift.work,), daemon=True)
            try:
                thread.start()
            except RuntimeError:  # no more threads for this process
                return
            self._thread = thread

    def ended(self) -> None:
        """Wait for what was begun; the result is not wanted any more."""
        if self._thread is not None:
            self._thread.join()

    def result(self) -> T:
        """Wait for it. Raises what the work raised."""
        self.ended()
        self._shift.work()
        if self._shift.errors:
            raise self._shift.errors[0]
        return self._shift.results[0]


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
