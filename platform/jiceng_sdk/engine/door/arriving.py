"""Rows of facts as they become ready: those with words wait for numbers that are made on another core, while
this one goes on with what needs no words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from jiceng_sdk.engine.cores import Aside
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.fact_rows import Rows
from jiceng_sdk.engine.door.words import Numbers
from jiceng_sdk.faults import Fault, Faults

Reader = Callable[[Numbers, Blame], Rows]
"""Reads the rows of a fact, given the numbers of its words."""
NONE: Numbers = {}


class Arriving(Mapping[str, Rows]):
    """The rows of every fact. Whoever asks for some that wait has to wait for all that do.

    `told`: faults found before any row was looked at.
    """

    def __init__(
        self,
        readers: Mapping[str, Reader],
        coming: Aside[Mapping[str, Numbers]],
        waiting: frozenset[str],
        told: Sequence[Fault],
    ) -> None:
        self._readers, self._coming, self._told = readers, coming, told
        self._found: dict[str, Rows] = {}
        self._faults: dict[str, Sequence[Fault]] = {}
        self._waiting = waiting
        for name in readers:
            if name not in waiting:
                self._look(name, NONE)

    def __getitem__(self, name: str) -> Rows:
        """Raises Faults when something is wrong with the rows waited for."""
        if name in self._waiting:
            self.settled()
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._readers)

    def __len__(self) -> int:
        return len(self._readers)

    @property
    def faulty(self) -> bool:
        """Whether a fault is known by now."""
        return bool(self._told) or any(self._faults.values())

    def waits(self, name: str) -> bool:
        """Whether the rows of a fact are not ready yet."""
        return name in self._waiting

    def settled(self) -> None:
        """Wait for all. Raises Faults with every fault of the facts at once, in the order of the rulebook."""
        if self._waiting or self.faulty:
            waiting, self._waiting = self._waiting, frozenset()
            numbers = self._coming.result() if waiting else {}
            for name in self._readers:
                if name in waiting:
                    self._look(name, numbers.get(name, NONE))
            if self.faulty:
                raise Faults([*self._told, *(one for name in self._readers for one in self._faults[name])])

    def _look(self, name: str, numbers: Numbers) -> None:
        blame = Blame()
        self._found[name] = self._readers[name](numbers, blame)
        self._faults[name] = blame.faults


def nothing() -> Arriving:
    """No rows at all."""
    return Arriving({}, Aside(dict, begin=False), frozenset(), ())
