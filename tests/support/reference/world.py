"""The facts of a trial as plain Python: subjects, single values, cells, rows, earlier results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Subject:
    """One subject; numbers are Fractions, `cells[fact][k]` counts months from 0, rows carry `date`.

    `previous`: one row per earlier period with `back` (1 = the last one).
    """

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    cells: Mapping[str, Mapping[int, Any]] = field(default_factory=dict)
    rows: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    previous: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class World:
    """All subjects of one evaluation and its period."""

    subjects: tuple[Subject, ...]
    start: date
    end: date

    @property
    def months(self) -> int:
        """Calendar months begun."""
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1
