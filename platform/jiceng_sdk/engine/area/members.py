"""What each subject can contribute to an area value, in all its worlds, added up by cohort."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from jiceng_sdk.engine.area.ranges import Span
from jiceng_sdk.engine.area.worlds import Worlds
from jiceng_sdk.engine.columns import At, Column, Data, Flags, decimals
from jiceng_sdk.engine.computing import met
from jiceng_sdk.engine.exact import divide, whole
from jiceng_sdk.engine.integers import LARGEST
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Area


@dataclass(slots=True)
class Sums:
    """Adds up by cohort. `columns`: what came of it, one row per cohort; `group`: every subject's cohort."""

    group: At
    many: int
    columns: list[pl.Series] = field(default_factory=list)

    def count(self, who: Flags) -> pl.Expr:
        """How many."""
        return whole(self._kept(pl.Series(np.bincount(self.group[who], minlength=self.many))))

    def any(self, who: Flags) -> pl.Expr:
        """Whether there is one."""
        return self._kept(pl.Series(np.bincount(self.group[who], minlength=self.many) > 0))

    def total(self, data: Data, who: Flags, places: int, most: int) -> pl.Expr:
        """The sum of numbers as exact decimals; of none it is 0."""
        large = data.dtype == object or most * max(len(data), 1) >= LARGEST
        out = np.zeros(self.many, object if large else np.int64)
        np.add.at(out, self.group[who], data[who].astype(out.dtype))
        if not large:
            return self._kept(decimals("", out, None, places, most * max(len(data), 1)))
        wide = pl.Series("", out.tolist(), dtype=pl.Int128)
        return self._kept(wide.reinterpret(dtype=pl.Decimal(38, places)))

    def _kept(self, series: pl.Series) -> pl.Expr:
        name = f"~{len(self.columns)}"
        self.columns.append(series.alias(name))
        return pl.col(name)


def contributions(worlds: Worlds, area: Area, calls: list[Call]) -> tuple[pl.DataFrame, list[Span]]:
    """One row per cohort, and the range of every aggregation over its columns; `open`: undecided
    subjects that may count; `group`: its words.
    """
    group, words = worlds.grouped(area.by)
    size = worlds.state.size
    member = met(area.of, worlds.reading())
    inside, outside = member.data | member.holes(size), ~member.spread(size)
    sums = Sums(group, len(words))
    may, out = worlds.any(inside), worlds.any(outside)
    pending = np.bincount(group[worlds.pending & may], minlength=len(words))
    spans = [_span(worlds, call, sums, inside, out) for call in calls]
    beside = [pl.Series("group", words, dtype=pl.String), pl.Series("open", pending.astype(np.int64))]
    return pl.DataFrame([*beside, *sums.columns]), spans


def _span(worlds: Worlds, call: Call, sums: Sums, here: Flags, out: Flags) -> Span:
    if call.function in ("share", "count"):
        size = worlds.state.size
        x = met(call.args[0], worlds.reading()) if call.args else None
        yes = here if x is None else here & (x.data | x.holes(size))
        no = np.zeros(size, np.bool_) if x is None else here & ~x.spread(size)
        return _counted(call, sums, worlds.any(yes), worlds.any(no), out)
    return _numbers(worlds, call, sums, here, out)


def _counted(call: Call, sums: Sums, hit: Flags, miss: Flags, out: Flags) -> Span:
    """Can it be a hit, can it be a miss. A share is lowest with misses where possible, else out; highest with
    hits where possible, else out.
    """
    if call.function == "count":
        return Span(sums.count(hit & ~miss & ~out), sums.count(hit))
    only_hit, only_miss = hit & ~miss & ~out, miss & ~hit & ~out
    low = divide(sums.count(only_hit), sums.count(miss | only_hit))
    return Span(low, divide(sums.count(hit), sums.count(hit | only_miss)))


def _numbers(worlds: Worlds, call: Call, sums: Sums, here: Flags, out: Flags) -> Span:
    """Smallest and largest number of every subject. Somebody's number that is not known while a question is
    open leaves the value open; what is settled without one is left out.
    """
    x = worlds.number(call.args[0])
    size = worlds.state.size
    there = here & ~x.holes(size)
    lost = sums.any(worlds.any(here & x.holes(size)) & worlds.pending)
    ends = [_end(worlds, call, sums, x, there, out, largest=largest) for largest in (False, True)]
    return Span(*(pl.when(lost).then(None).otherwise(end) for end in ends))


def _end(
    worlds: Worlds, call: Call, sums: Sums, x: Column, there: Flags, out: Flags, *, largest: bool
) -> pl.Expr:
    """The lowest or highest a cohort can come to; doubtful members are tried in and out."""
    data, has = worlds.extreme(x.spread(worlds.state.size), there, largest=largest)
    if call.function == "sum":
        bound = np.maximum(data, 0) if largest else np.minimum(data, 0)
        return sums.total(np.where(out, bound, data), has, x.places, x.most)
    both = [divide(sums.total(data, who, x.places, x.most), sums.count(who)) for who in (has, has & ~out)]
    return pl.max_horizontal(both) if largest else pl.min_horizontal(both)
