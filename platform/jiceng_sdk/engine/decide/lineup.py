"""Those who compete, in order: cohort by cohort, best first. Ranks are differences of running counts."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine import integers
from jiceng_sdk.engine.decide.ranking import COHORT, LIVE, RANKED
from jiceng_sdk.engine.items.arrays import changes, lengths

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
At = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lineup:
    """`frame`: the competing rows sorted; for each the first and last row of its tie and of its cohort."""

    frame: pl.DataFrame
    cohort: At
    start: At
    end: At
    first: At
    last: At

    @property
    def size(self) -> int:
        """How many compete."""
        return len(self.cohort)

    def count(self, who: Flags) -> Numbers:
        """How many of the row's cohort."""
        running, before = _running(who)
        return running[self.end] - before[self.start]

    def best(self, who: Flags) -> Numbers:
        """The best rank a row can be given among those: ties share it. Means something where `who` holds."""
        _, before = _running(who)
        return before[self.first] - before[self.start] + 1

    def worst(self, who: Flags) -> Numbers:
        """The worst one: as if everybody who ties came before it."""
        running, before = _running(who)
        return running[self.last] - before[self.start]


def _running(who: Flags) -> tuple[Numbers, Numbers]:
    """How many up to every row, with it and without it."""
    running = np.cumsum(who, dtype=np.int64)
    return running, running - who


def lineup(frame: pl.DataFrame) -> Lineup:
    """Everybody who competes."""
    frame = frame.filter(LIVE)
    low, high = frame[RANKED].min(), frame[RANKED].max()
    order: pl.Expr | None = None
    if isinstance(low, int) and isinstance(high, int):
        span, most = high - low + 1, frame[COHORT].max()
        if isinstance(most, int) and (most + 1) * span < integers.LARGEST:
            order = pl.col(COHORT).cast(pl.Int64) * span + (high - pl.col(RANKED))
    frame = frame.sort(COHORT, RANKED, descending=[False, True]) if order is None else frame.sort(order)
    cohort, ranked = frame[COHORT].to_numpy().astype(np.intp), frame[RANKED].to_numpy()
    new = changes(cohort)
    cohorts, ties = np.flatnonzero(new), np.flatnonzero(new | changes(ranked))
    return Lineup(frame, cohort, *_ends(cohorts, len(cohort)), *_ends(ties, len(cohort)))


def _ends(starts: At, many: int) -> tuple[At, At]:
    """The first and last row of the run every row lies in."""
    sizes = lengths(starts, many)
    return np.repeat(starts, sizes), np.repeat(starts + sizes - 1, sizes)
