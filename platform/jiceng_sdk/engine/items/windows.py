"""Items whose windows lie one inside the other, worth whole numbers, added up: in arrays, window by window.

What has no whole number, may have no answer, or is not added up takes the general ways of `packed` and
`staged`, with the same outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import ComputeError, InvalidOperationError

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.formulas.compile import condition
from jiceng_sdk.engine.formulas.scope import VALUE
from jiceng_sdk.engine.formulas.table import KEY, as_column
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.amount import Amount, amount_of, summed
from jiceng_sdk.engine.items.form import Form, rounded
from jiceng_sdk.engine.items.layout import Layout, layout
from jiceng_sdk.engine.items.packed import limits
from jiceng_sdk.engine.items.parts import NUMBERS, Part
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers import arrays
from jiceng_sdk.engine.numbers.arrays import Codes, Whole
from jiceng_sdk.rulebook.parts import WINDOWS, Item, Limit

NOTHING = np.zeros(0, np.int64)
SUMS = 2**16
"""How many different sums are looked at once for all."""
Each = Mapping[str, NDArray[Any]]
"""What every row gives, by the name of the part."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What merged rows are worth, as an expression over their sum; of few different sums each is looked at
    once, and again never: `known`, by the least and the largest. `nothing`: whether nothing is worth
    something.
    """

    points: pl.Expr
    nothing: bool = True
    known: dict[tuple[int, int], Whole] = field(default_factory=dict, compare=False, repr=False)

    def of(self, sums: Whole) -> Whole:
        """The points of sums."""
        if not len(sums):
            return sums
        size = rounded(None, int(sums.min()), int(sums.max()))
        if size.many > min(max(NUMBERS, len(sums)), SUMS):
            return self._of_many(sums)
        if (size.low, size.high) not in self.known:
            try:
                self.known[size.low, size.high] = self._looked_at(np.arange(size.low, size.high + 1))
            except (ComputeError, InvalidOperationError):  # too large for a sum that nobody may have
                return self._of_many(sums)
        table = self.known[size.low, size.high]
        return table.take(sums if size.low == 0 else sums - size.low)

    def _of_many(self, sums: Whole) -> Whole:
        low, high = int(sums.min()), int(sums.max())
        if high - low < len(sums):
            return self._looked_at(np.arange(low, high + 1)).take(sums - low)
        return self._looked_at(sums)

    def _looked_at(self, sums: Whole) -> Whole:
        return _worth(self.points, sums)


def _worth(points: pl.Expr, sums: Whole) -> Whole:
    """What sums are worth."""
    frame = pl.DataFrame({KEY: np.zeros(len(sums), np.uint32), VALUE: sums})
    found: Whole = frame.select(points.alias(POINTS))[POINTS].to_numpy()
    return found


@dataclass(frozen=True)
class Windowed:
    """How an item's rows come to its total: `asked` and `points` are found row by row (None: all rows count;
    every row is worth `each`); `merged`: points are what is added up by `item.merge`, and worth this.
    """

    plan: Plan
    amount: Amount
    asked: Part | None
    points: Part | None = None
    each: int = 0
    merged: Worth | None = None

    @cached_property
    def limits(self) -> list[Limit]:
        """Small windows first."""
        return limits(self.plan.item)

    @cached_property
    def windows(self) -> tuple[str, ...]:
        """What rows are grouped by, without the whole period."""
        return tuple(window for window in names.windows_of(self.plan.item) if window != "period")

    @cached_property
    def first(self) -> str:
        """The smallest window of single rows."""
        item = self.plan.item
        return next(iter([*item.keep, *(limit.per for limit in self.limits)]))

    @cached_property
    def dense(self) -> bool:
        """Whether a window without rows may be treated as one that comes to nothing."""
        bounds = [(limit.low or Decimal(0), limit.high) for limit in self.limits]
        return not self.plan.item.keep and all(low <= 0 <= high for low, high in bounds)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is wanted of every row."""
        return tuple(part for part in (self.asked, self.points) if part is not None)


def planned(plan: Plan, form: Form) -> Windowed | None:
    """How the item's total is found; None where arrays do not do.

    The item must be one whose windows can be packed (`chain.packs`).
    """
    item = plan.item
    if item.combine != "sum":
        return None
    asked = _asked(plan, form)
    if item.merge:
        return _merged(plan, form, asked)
    worth = names.points(plan, form.scope)
    amount = _limited(worth, amount_of(worth, item, form.rows), item, form)
    if amount.each is None or worth.nullable:
        return None
    if worth.constant is not None:
        return Windowed(plan, amount, asked, each=amount.integer(worth.constant))
    return Windowed(plan, amount, asked, Part(f"{plan.name}:worth", amount.points(worth), "each"))


def _asked(plan: Plan, form: Form) -> Part | None:
    asked = names.when(plan, form.scope)
    if asked.expr.meta.is_literal():
        return None
    chosen = as_column(asked.expr)
    return Part(f"{plan.name}:asked", chosen.fill_null(value=False) if asked.nullable else chosen, "each")


def _merged(plan: Plan, form: Form, asked: Part | None) -> Windowed | None:
    """`value` added up per window before the scale."""
    value = condition(plan.item.value, form.scope)
    expr, merged = summed(value, form.rows)
    if merged.scaled is None or value.scaled is None or value.nullable:
        return None
    worth = names.points(plan, form.scope.over({VALUE: merged}))
    amount = _limited(worth, amount_of(worth, plan.item, form.rows), plan.item, form)
    points = as_column(amount.points(worth))
    if amount.each is None or worth.nullable or not {KEY, VALUE}.issuperset(points.meta.root_names()):
        return None
    added = Part(f"{plan.name}:added", expr, "each")
    nothing = bool(_worth(points, np.zeros(1, np.int64)).any())
    return Windowed(plan, amount, asked, added, merged=Worth(points, nothing))


def _limited(worth: Value, amount: Amount, item: Item, form: Form) -> Amount:
    """A subject's total is no larger than its windows allow, of which the period has so many; what reads it
    then needs no more than 64 bits for certain. A limit without a lower end bounds nothing below 0.
    """
    if amount.each is None:
        return amount
    largest = amount.largest
    gains = worth.constant is not None and worth.constant >= 0
    for window, most in item.keep.items():
        if window in WINDOWS:
            largest = min(largest, amount.each * most * windows.count(window, form.period))
    for limit in limits(item):
        low, high = amount.integer(limit.low or Decimal(0)), amount.integer(limit.high)
        if not low <= 0 <= high:
            return amount  # windows may be lifted beyond what they were
        if limit.per in WINDOWS and (gains or limit.low is not None):
            largest = min(largest, max(-low, high) * windows.count(limit.per, form.period))
    return replace(amount, largest=largest)


@dataclass(slots=True)
class Rows:
    """Rows on their way to totals: `codes` is subject and window `at` as one number, `points` the worth.

    `inorder`: sorted by code; `alone`: no code is there twice; `dense`: there is one value for every possible
    code, in order, nothing where there is no row, and `codes` does not matter.
    """

    source: Source
    layout: Layout
    at: str
    codes: Codes
    points: Whole
    inorder: bool = False
    alone: bool = False
    dense: bool = False

    @property
    def places(self) -> int:
        """How many different codes there can be."""
        return self.layout.places(self.source, self.at)

    def to(self, window: str) -> None:
        """Go on by a larger window; what is sorted stays so, what is dense is added up."""
        by = self.layout.below[window] - self.layout.below[self.at]
        self.at = window
        if by and self.dense:
            self.points = arrays.folded(self.points, by)
        elif by:
            self.codes, self.alone = self.codes >> by, False

    def put_together(self, *, dense: bool) -> None:
        """One row per code, with the sum; `dense`: nothing may stand where there is no row."""
        if self.alone:
            return
        if dense and not self.inorder and arrays.near(self.places, len(self.codes)):
            self.points = arrays.added(self.codes.astype(np.intp), self.points, self.places)
            self.dense = True
        elif self.inorder:
            self.codes, self.points = arrays.runs(self.codes, self.points)
        else:
            self.codes, self.points = arrays.grouped(self.codes, self.points, self.places)
        self.inorder = self.alone = True

    def of_subjects(self) -> Whole:
        """The sum of every subject."""
        self.to("period")
        return self.points if self.dense else arrays.added(self.codes, self.points, self.source.size)


def total(windowed: Windowed, source: Source, each: Each) -> Whole:
    """The item's total of every subject."""
    dense = windowed.dense
    if windowed.merged is not None:
        rows = _read(windowed, source, windowed.plan.item.merge or "period", each)
        rows.put_together(dense=dense and not windowed.merged.nothing)
        rows.points = windowed.merged.of(rows.points)
        _keep(windowed, rows)
    elif windowed.points is None:
        rows = _counted(windowed, source, each)
    else:
        rows = _read(windowed, source, windowed.first, each)
        _keep(windowed, rows)
    for limit in windowed.limits:
        rows.to(limit.per)
        rows.put_together(dense=dense)
        rows.points = _between(rows.points, limit, windowed.amount)
    return rows.of_subjects()


def _counted(windowed: Windowed, source: Source, each: Each) -> Rows:
    """Rows that are all worth the same, after `keep`."""
    item, first = windowed.plan.item, windowed.first
    rows = _read(windowed, source, first, each)
    if item.keep.get(first) == 1 and item.limit:
        rows.codes, rows.inorder = arrays.distinct(rows.codes), True
        rows.to(windowed.limits[0].per)
    rows.codes, many = arrays.counted(rows.codes, rows.places, inorder=rows.inorder)
    if item.keep and rows.at == first:
        many = np.minimum(many, item.keep[first])
    rows.points = many * windowed.each
    rows.inorder = rows.alone = True
    return rows


def _read(windowed: Windowed, source: Source, window: str, each: Each) -> Rows:
    """The rows that count, by a window, with their points."""
    form = layout(source, windowed.windows)
    codes = form.codes(source, window)
    worth = NOTHING if windowed.points is None else each[windowed.points.name]
    if windowed.asked is None:
        return Rows(source, form, window, codes, worth)
    chosen = each[windowed.asked.name].nonzero()[0]
    points = worth if windowed.points is None else worth.take(chosen)
    return Rows(source, form, window, codes.take(chosen), points)


def _keep(windowed: Windowed, rows: Rows) -> None:
    """At most so many rows of every window, the highest first."""
    for window, most in windowed.plan.item.keep.items():
        rows.to(window)
        rows.codes, rows.points = arrays.highest(rows.codes, rows.points, most, rows.places)
        rows.inorder, rows.alone = True, most == 1


def _between(points: Whole, limit: Limit, amount: Amount) -> Whole:
    """Points of a window between the limit's bounds."""
    points = np.minimum(points, amount.integer(limit.high))
    return points if limit.low is None else np.maximum(points, amount.integer(limit.low), out=points)
