"""Rows of facts as they become ready: those with words wait for numbers that are made on another core, while
this one goes on with what needs no words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import polars as pl

from jiceng_sdk.engine.cores import Aside
from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.fact_rows import Rows
from jiceng_sdk.engine.door.words import CODES, WORDS, Numbers, cohort
from jiceng_sdk.faults import Fault, Faults

Reader = Callable[[Numbers, Blame], Rows]
"""Reads the rows of a fact, given the numbers of its words."""
NONE: Numbers = {}


class Arriving(Mapping[str, Rows]):
    """The rows of every fact. `told`: faults found before any row was looked at."""

    def __init__(
        self, readers: Mapping[str, Reader], coming: Aside[str, Numbers], told: Sequence[Fault]
    ) -> None:
        self._readers, self._coming, self._told = readers, coming, told
        self._found: dict[str, Rows] = {}
        self._faults: dict[str, Sequence[Fault]] = {}
        for name in readers:
            if name not in coming.place:
                self._look(name, NONE)
            elif not coming.begun:
                self._look(name, coming.result(name))

    def __getitem__(self, name: str) -> Rows:
        """Waits for the rows. Raises Faults of all facts when something is wrong with these."""
        if name not in self._found:
            self._look(name, self._coming.result(name))
            if self._faults[name]:
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
        return name not in self._found

    def comes(self, name: str) -> int:
        """As how manieth the rows of a fact come: 0 are there."""
        return self._coming.place.get(name, 0)

    def group(self, name: str) -> tuple[pl.Series, pl.Series] | None:
        """The number of every subject's cohort by a column of words, and the words; None where they are not
        made here.
        """
        key = cohort(name)
        if key not in self._coming.place:
            return None
        found = self._coming.result(key)
        return found[CODES], found[WORDS]

    def settled(self) -> None:
        """Wait for all. Raises Faults with every fault of the facts at once, in the order of the rulebook."""
        for name in self._readers:
            if name not in self._found:
                self._look(name, self._coming.result(name))
        self._coming.ended()
        if self.faulty:
            raise Faults([*self._told, *(one for name in self._readers for one in self._faults[name])])

    def _look(self, name: str, numbers: Numbers) -> None:
        blame = Blame()
        self._found[name] = self._readers[name](numbers, blame)
        self._faults[name] = blame.faults


def nothing() -> Arriving:
    """No rows at all."""
    return Arriving({}, Aside({}, begin=False), ())
