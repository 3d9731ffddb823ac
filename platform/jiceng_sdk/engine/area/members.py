"""What each subject can contribute to an area value, in all its worlds, added up by cohort."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from msgspec.structs import replace

from jiceng_sdk.engine.area.spans import Span
from jiceng_sdk.engine.area.worlds import Worlds
from jiceng_sdk.engine.formulas.computing import met
from jiceng_sdk.engine.numbers import quotients
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, Numbers, comparable, flag
from jiceng_sdk.engine.numbers.exact import PLACES, divide
from jiceng_sdk.engine.numbers.given import measured
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Area


@dataclass(frozen=True, slots=True)
class Sums:
    """Adds up by cohort. `group`: every subject's cohort."""

    group: At
    many: int

    def count(self, who: Flags) -> Column:
        """How many."""
        return Column("number", self._counted(who), None, 0, max(len(self.group), 1))

    def any(self, who: Flags) -> Flags:
        """Whether there is one."""
        return self._counted(who) > 0

    def _counted(self, who: Flags) -> Numbers:
        if self.many == 1:
            return np.array([np.count_nonzero(who)], np.int64)
        return np.bincount(self.group.take(who.nonzero()[0]), minlength=self.many)

    def total(self, data: Data, who: Flags, places: int, most: int) -> Column:
        """The sum of numbers, in integers of any size where 64 bits do not suffice; of none it is 0."""
        most *= max(len(data), 1)
        large = data.dtype == object or most >= LARGEST
        out = np.zeros(self.many, object if large else np.int64)
        np.add.at(out, self.group[who], data[who].astype(out.dtype))
        return Column("number", out, None, places, most)


@dataclass(frozen=True, slots=True)
class Contributions:
    """One value per cohort: its words, how many undecided subjects may count, every aggregation's range."""

    group: list[str]
    open: Numbers
    spans: list[Span]


def contributions(worlds: Worlds, area: Area, calls: list[Call]) -> Contributions:
    """What the subjects of every cohort come to."""
    group, words = worlds.grouped(area.by)
    size = worlds.state.size
    member = met(area.of, worlds.reading())
    inside, outside = member.data | member.holes(size), ~member.spread(size)
    sums = Sums(group, len(words))
    may, out = worlds.any(inside), worlds.any(outside)
    pending = np.bincount(group[worlds.pending & may], minlength=len(words))
    spans = [_span(worlds, call, sums, inside, out) for call in calls]
    return Contributions(words, pending.astype(np.int64), spans)


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
    low = quotients.divided(sums.count(only_hit), sums.count(miss | only_hit))
    return Span(low, quotients.divided(sums.count(hit), sums.count(hit | only_miss)))


def _numbers(worlds: Worlds, call: Call, sums: Sums, here: Flags, out: Flags) -> Span:
    """Smallest and largest number of every subject. Somebody's number that is not known while a question is
    open leaves the value open; what is settled without one is left out.
    """
    x = worlds.number(call.args[0])
    size = worlds.state.size
    there = here & ~x.holes(size)
    lost = sums.any(worlds.any(here & x.holes(size)) & worlds.pending)
    low, high = (
        _end(worlds, call, sums, x, there, out, largest=largest).without(lost) for largest in (False, True)
    )
    return Span(low, high)


def _end(
    worlds: Worlds, call: Call, sums: Sums, x: Column, there: Flags, out: Flags, *, largest: bool
) -> Column:
    """The lowest or highest a cohort can come to; doubtful members are tried in and out."""
    data, has = worlds.extreme(x.spread(worlds.state.size), there, largest=largest)
    if call.function == "sum":
        bound = np.maximum(data, 0) if largest else np.minimum(data, 0)
        return sums.total(np.where(out, bound, data), has, x.places, x.most)
    sure = has & ~out
    some, few = (mean(sums.total(data, who, x.places, x.most), sums.count(who)) for who in (has, sure))
    if some.below is None:
        one, two = comparable([some, few])
        better = np.where((two > one) if largest else (two < one), two, one)
        found = replace(
            some, data=np.where(few.holes(sums.many), one, better), places=max(some.places, few.places)
        )
        return replace(found, most=max(some.most, few.most))
    both = quotients.picked([some, replace(few, null=None)], largest=largest)
    if few.null is None:
        return both
    return quotients.chosen(flag(few.null), replace(some, null=None), both).without(some.holes(sums.many))


def mean(total: Column, many: Column) -> Column:
    """A quotient; of integers of any size at its 24 places, as Polars divides them."""
    if total.data.dtype != object:
        return quotients.divided(total, many)
    made = divide(pl.lit(total.exact("", len(many.data))), pl.lit(many.exact("", len(many.data))))
    return measured(pl.select(made).to_series(), PLACES)
