"""Independent pieces of work on all cores at once: numpy and Polars let other threads run meanwhile.

The caller works too and does alone what no thread could be started for: a process that may have no more
threads is slower, never stuck. Nothing outlives the call, so a later fork finds no thread and no lock of it.
"""

from _thread import start_new_thread
from collections.abc import Callable, Mapping, Sequence
from contextvars import Context, copy_context
from itertools import count
from threading import Lock, Thread
from typing import Generic, TypeVar

import polars as pl

K = TypeVar("K")
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


class Aside(Generic[K, T]):
    """Pieces of work done on another core while the caller goes on, the last first. Whoever began them must
    say when they are `ended`. `begun`: whether another core has begun.

    They should be few and long and let other threads run: whoever wants the interpreter back after each of
    many short steps waits for it each time. What the other core has not begun when it is asked for, the
    caller does: on a busy machine nobody waits for a thread that gets no turn.
    """

    def __init__(self, pieces: Mapping[K, Callable[[], T]], *, begin: bool) -> None:
        """`begin`: at once; else, and where no thread or second core is to be had, each when asked for."""
        self._left, self._late = dict(pieces), dict[K, Callable[[], T]]()
        self._found, self._errors = dict[K, T](), dict[K, BaseException]()
        self.place = {key: n for n, key in enumerate(reversed(list(pieces)), 1)}
        self._doing = {key: Lock() for key in pieces}
        for doing in self._doing.values():
            doing.acquire()
        self._at_work, self.begun = Lock(), False
        if begin and pl.thread_pool_size() > 1:
            self._begin()

    def _begin(self) -> None:
        """Start the thread; `Thread.start` would wait until it has had the interpreter."""
        self._at_work.acquire()
        try:
            start_new_thread(self._work, (copy_context(),))
        except RuntimeError:  # no more threads for this process
            self._at_work.release()
            return
        self.begun = True

    def result(self, key: K) -> T:
        """What a piece came to. Raises what it raised."""
        piece = self._left.pop(key, None) or self._late.pop(key, None)
        if piece is not None:
            self._do(key, piece)
        with self._doing[key]:
            if key in self._errors:
                raise self._errors[key]
            return self._found[key]

    def ended(self) -> None:
        """Wait for what was begun; nothing more is begun, but by who asks for it."""
        while self._left:
            try:
                key, piece = self._left.popitem()
            except KeyError:  # the other core took the last
                break
            self._late[key] = piece
        with self._at_work:
            return

    def _work(self, context: Context) -> None:
        """Take pieces until none is left."""
        try:
            while True:
                context.run(self._do, *self._left.popitem())
        except KeyError:  # none is left
            return
        finally:
            self._at_work.release()

    def _do(self, key: K, piece: Callable[[], T]) -> None:
        try:
            self._found[key] = piece()
        except BaseException as error:  # noqa: BLE001 - raised again by the caller, in its thread
            self._errors[key] = error
        finally:
            self._doing[key].release()


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
