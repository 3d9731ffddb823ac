"""Functions that look at the other subjects of a cohort, on arrays; what has no answer is left out.

`cohort` says the same in Polars, and what is not here: the median and the rank.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import polars as pl

from jiceng_sdk.engine.formulas.compared import Noted
from jiceng_sdk.engine.formulas.computing import Reading, computed, decided
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.numbers import columns, quotients
from jiceng_sdk.engine.numbers.arrays import added
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, Unfit
from jiceng_sdk.engine.numbers.deviation import deviation, places_of
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.expressions.tree import Call


@dataclass(frozen=True)
class Fellows:
    """The subjects of a table by the values in the columns of `cohort` (none: all together); a call may name
    other columns. `told`: calls whose value is kept for explanations.
    """

    table: Table
    cohort: tuple[str, ...]
    told: Mapping[Call, Noted] = field(default_factory=dict)
    split: dict[tuple[str, ...], tuple[At, int]] = field(default_factory=dict)

    def calls(self) -> Mapping[str, Callable[[Call, Reading], Column]]:
        """By name. They raise Unfit for quotients, and where there is nobody."""
        makers: dict[str, Callable[[Call, Reading], Column]] = {
            "cohort_max": partial(self._extreme, largest=True),
            "cohort_min": partial(self._extreme, largest=False),
            "cohort_mean": self._mean,
            "cohort_sum": self._sum,
            "cohort_count": self._count,
            "cohort_deviation": self._deviation,
        }
        return {name: partial(self._noted, make) for name, make in makers.items()} if self.told else makers

    def _noted(self, make: Callable[[Call, Reading], Column], call: Call, reading: Reading) -> Column:
        """What a comparison came to, kept beside the nodes."""
        found, kept = make(call, reading), self.told.get(call)
        if kept is not None:
            self.table.hold(kept.among, found, named=False)
            if kept.own:
                self.table.hold(kept.own, computed(call.args[0], reading), named=False)
        return found

    def _names(self, call: Call) -> tuple[str, ...]:
        return self.cohort if call.over is None else tuple(word.value for word in call.over)

    def _groups(self, call: Call) -> tuple[At, int]:
        """The number of every subject's cohort, and how many there are; unknown is a word like others."""
        names = self._names(call)
        if names not in self.split:
            codes, many = np.zeros(self.table.size, np.intp), 1
            for name in names:
                own, null = columns.arrays(_numbered(self.table.held(name)))
                _, own = np.unique(own, return_inverse=True)
                size = int(own.max(initial=0)) + 2
                codes = codes * size + (own if null is None else np.where(null, size - 1, own))
                there, codes = np.unique(codes, return_inverse=True)
                many = len(there)
            self.split[names] = codes, many
        return self.split[names]

    def _told(self, call: Call, data: Data, empty: Flags, places: int, most: int) -> Column:
        """One value per cohort, brought to its subjects."""
        columns.fits(most)
        if not self._names(call):
            if empty[0]:
                raise Unfit
            return Column("number", data[0], None, places, most)
        codes, _ = self._groups(call)
        return Column("number", data[codes], empty[codes] if empty.any() else None, places, most)

    def _there(self, call: Call, part: Column) -> tuple[Data, At]:
        """The numbers that have an answer, and their cohorts."""
        if part.below is not None or part.data.dtype == object or not part.data.ndim or not self.table.size:
            raise Unfit
        codes, _ = self._groups(call)
        return (part.data, codes) if part.null is None else (part.data[~part.null], codes[~part.null])

    def _extreme(self, call: Call, reading: Reading, *, largest: bool) -> Column:
        part = computed(call.args[0], reading)
        (data, codes), nothing = self._there(call, part), -LARGEST if largest else LARGEST
        out = np.full(self._groups(call)[1], nothing, np.int64)
        if self._names(call):
            (np.maximum if largest else np.minimum).at(out, codes, data)
        else:
            out[0] = data.max(initial=nothing) if largest else data.min(initial=nothing)
        empty = out == nothing
        return self._told(call, np.where(empty, 0, out), empty, part.places, part.most)

    def _sum(self, call: Call, reading: Reading) -> Column:
        part = computed(call.args[0], reading)
        (data, codes), many = self._there(call, part), self._groups(call)[1]
        most = columns.fits(part.most * self.table.size)
        total = added(codes, data.astype(np.int64), many)
        return self._told(call, total, np.zeros(many, np.bool_), part.places, most)

    def _count(self, call: Call, reading: Reading) -> Column:
        asked = decided(call.args[0], reading).spread(self.table.size)
        codes, many = self._groups(call)
        found = np.bincount(codes[asked], minlength=many)
        return self._told(call, found, np.zeros(many, np.bool_), 0, self.table.size)

    def _mean(self, call: Call, reading: Reading) -> Column:
        _, codes = self._there(call, computed(call.args[0], reading))
        found = np.bincount(codes, minlength=self._groups(call)[1])
        many = self._told(call, found, found == 0, 0, self.table.size)
        return quotients.divided(self._sum(call, reading), many)

    def _deviation(self, call: Call, reading: Reading) -> Column:
        part, places = computed(call.args[0], reading), places_of(call)
        (data, codes), size = self._there(call, part), self._groups(call)[1]
        columns.fits(part.most**2 * self.table.size)
        data = data.astype(np.int64)
        sums = (np.bincount(codes, minlength=size), added(codes, data, size), added(codes, data * data, size))
        several = zip(*(one.tolist() for one in sums), strict=True)
        out = [deviation(many or 1, total, squares, part.places, places) for many, total, squares in several]
        most = columns.fits(max(out))
        return self._told(call, np.array(out, np.int64), sums[0] == 0, places, most)


def _numbered(series: pl.Series) -> pl.Series:
    """Words as numbers, everything else as it is."""
    if series.dtype == pl.String:
        series = series.cast(pl.Enum(series.unique().drop_nulls()))
    return series.to_physical()
