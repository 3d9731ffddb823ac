"""Those who compete, in order: cohort by cohort, best first. Ranks are differences of running counts."""

from dataclasses import dataclass

import numpy as np

from jiceng_sdk.engine.decide.alike import in_order
from jiceng_sdk.engine.decide.ranking import Contest
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.arrays import changes, lengths
from jiceng_sdk.engine.numbers.columns import At, Flags, Numbers

NONE: Numbers = np.zeros((), np.int64)
"""Nobody, in every cohort."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """The competing worlds sorted, their cohorts and ranks; for each the first and last row of its tie and of
    its cohort.
    """

    rows: At
    rank: Numbers
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
        """How many of the row's cohort; `NONE` for all where there is nobody."""
        if not np.count_nonzero(who):
            return NONE
        running, before = _running(who)
        return running[self.end] - before[self.start]

    def best(self, who: Flags) -> Numbers:
        """The best rank a row can be given among those: ties share it. Means something where `who` holds."""
        return self.both(who)[0]

    def worst(self, who: Flags) -> Numbers:
        """The worst one: as if everybody who ties came before it."""
        return self.both(who)[1]

    def both(self, who: Flags) -> tuple[Numbers, Numbers]:
        """The best and the worst rank."""
        running, before = _running(who)
        start = before[self.start]
        return before[self.first] - start + 1, running[self.last] - start


def _running(who: Flags) -> tuple[Numbers, Numbers]:
    """How many up to every row, with it and without it."""
    running = np.cumsum(who, dtype=np.int64)
    return running, running - who


def lineup(field: Contest) -> Lineup:
    """Everybody who competes."""
    rows = field.live.nonzero()[0]
    cohort, rank = field.cohort.take(rows), field.rank.take(rows)
    order = _order(cohort, rank)
    rows, cohort, rank = rows.take(order), cohort.take(order), rank.take(order)
    new = changes(cohort)
    cohorts, ties = new.nonzero()[0], (new | changes(rank)).nonzero()[0]
    return Lineup(rows, rank, cohort, *_ends(cohorts, len(cohort)), *_ends(ties, len(cohort)))


def _order(cohort: At, rank: Numbers) -> At:
    """By cohort, best first."""
    if not len(rank):
        return np.zeros(0, np.intp)
    low, high = int(rank.min()), int(rank.max())
    span = high - low + 1
    if (int(cohort.max()) + 1) * span < integers.LARGEST:
        return in_order(cohort * span + (high - rank))
    return np.lexsort((-rank, cohort))


def _ends(starts: At, many: int) -> tuple[At, At]:
    """The first and last row of the run every row lies in."""
    sizes = lengths(starts, many)
    return np.repeat(starts, sizes), np.repeat(starts + sizes - 1, sizes)
