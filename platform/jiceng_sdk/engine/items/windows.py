"""Items whose windows lie one inside the other, worth whole numbers, added up: in arrays, window by window.

What has no whole number, may have no answer, or is not added up takes the general ways of `packed` and
`staged`, with the same outcome.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.items import arrays
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.amount import Amount, amount_of, summed
from jiceng_sdk.engine.items.arrays import Codes, Whole
from jiceng_sdk.engine.items.layout import Layout, layout
from jiceng_sdk.engine.items.packed import limits
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.table import KEY, as_column
from jiceng_sdk.rulebook.parts import Limit

ASKED = "~asked"
NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, or what they came to: `codes` is subject and window `at` as one number, `points` the worth.

    `inorder`: sorted by code; `alone`: no code is there twice.
    """

    source: Source
    layout: Layout
    at: str
    codes: Codes
    points: Whole
    inorder: bool = False
    alone: bool = False

    @property
    def places(self) -> int:
        """How many different codes there can be."""
        return self.layout.places(self.source, self.at)

    def to(self, window: str) -> "Rows":
        """The same by a larger window; what is sorted stays so."""
        by = self.layout.below[window] - self.layout.below[self.at]
        if not by:
            return replace(self, at=window)
        return replace(self, at=window, codes=self.codes >> by, alone=False)

    def together(self) -> "Rows":
        """One row per code, with the sum."""
        if self.alone:
            return self
        if self.inorder:
            codes, points = arrays.runs(self.codes, self.points)
        else:
            codes, points = arrays.grouped(self.codes, self.points, self.places)
        return replace(self, codes=codes, points=points, inorder=True, alone=True)


def total(plan: Plan, source: Source) -> tuple[pl.Series, Amount] | None:
    """The item's total of every subject and how it is kept; None where arrays do not do.

    The item must be one whose windows can be packed (`chain.packs`).
    """
    found = None if plan.item.combine != "sum" else _rows(plan, source)
    if found is None:
        return None
    rows, amount = found
    for limit in limits(plan.item):
        rows = rows.to(limit.per).together()
        rows = replace(rows, points=_between(rows.points, limit, amount))
    rows = rows.to("period")
    return pl.Series(names.total(plan.name), arrays.added(rows.codes, rows.points, source.size)), amount


def _rows(plan: Plan, source: Source) -> tuple[Rows, Amount] | None:
    """The rows by their smallest window, after `merge` and `keep`, and how their points are kept."""
    item = plan.item
    if item.merge:
        return _merged(plan, source, item.merge)
    worth = names.points(plan, source.scope)
    amount = amount_of(worth, item, source.rows)
    if amount.each is None or worth.nullable:
        return None
    first = next(iter([*item.keep, *(limit.per for limit in limits(item))]))
    if worth.constant is None:
        rows = _read(plan, source, first, as_column(amount.points(worth)))
        return _kept(plan, rows), amount
    found = _read(plan, source, first, None)
    if item.keep.get(first) == 1 and item.limit:
        found = replace(found, codes=arrays.distinct(found.codes), inorder=True).to(limits(item)[0].per)
    codes, many = arrays.counted(found.codes, found.places, inorder=found.inorder)
    if item.keep and found.at == first:
        many = np.minimum(many, item.keep[first])
    points = many * amount.integer(worth.constant)
    return replace(found, codes=codes, points=points, inorder=True, alone=True), amount


def _read(plan: Plan, source: Source, window: str, points: pl.Expr | None) -> Rows:
    """The rows that count, by a window, with their points."""
    form = layout(source, names.windows_of(plan.item))
    codes, asked = form.codes(source, window), names.when(plan, source).expr
    wanted = [] if points is None else [points.alias(POINTS)]
    if not asked.meta.is_literal():
        wanted.append(as_column(asked).fill_null(value=False).alias(ASKED))
    found = source.given.select(wanted) if wanted else pl.DataFrame()
    worth = NOTHING if points is None else found[POINTS].to_numpy()
    if asked.meta.is_literal():
        return Rows(source, form, window, codes, worth)
    chosen = found[ASKED].to_numpy()
    return Rows(source, form, window, codes[chosen], worth if points is None else worth[chosen])


def _merged(plan: Plan, source: Source, window: str) -> tuple[Rows, Amount] | None:
    """`value` added up per window before the scale."""
    value = condition(plan.item.value, source.scope)
    expr, merged = summed(value, source.rows)
    if merged.scaled is None or value.scaled is None or value.nullable:
        return None
    worth = names.points(plan, source.scope.over({names.VALUE: merged}))
    amount = amount_of(worth, plan.item, source.rows)
    points = as_column(amount.points(worth))
    if amount.each is None or worth.nullable or not {KEY, names.VALUE}.issuperset(points.meta.root_names()):
        return None
    rows = _read(plan, source, window, as_column(expr)).together()
    return _kept(plan, replace(rows, points=_worth(rows, points))), amount


def _worth(rows: Rows, points: pl.Expr) -> Whole:
    """What merged rows are worth; of few different sums each is looked at once."""
    low, high = (int(rows.points.min()), int(rows.points.max())) if len(rows.points) else (0, 0)
    few = high - low < len(rows.points)
    sums = np.arange(low, high + 1) if few else rows.points
    frame = pl.DataFrame({KEY: np.zeros(len(sums), np.uint32), names.VALUE: sums})
    found = frame.select(points.alias(POINTS))[POINTS].to_numpy()
    return found[rows.points - low] if few else found


def _kept(plan: Plan, rows: Rows) -> Rows:
    """At most so many rows of every window, the highest first."""
    for window, most in plan.item.keep.items():
        rows = rows.to(window)
        codes, points = arrays.highest(rows.codes, rows.points, most, rows.places)
        rows = replace(rows, codes=codes, points=points, inorder=True, alone=most == 1)
    return rows


def _between(points: Whole, limit: Limit, amount: Amount) -> Whole:
    """Points of a window between the limit's bounds."""
    low = None if limit.low is None else amount.integer(limit.low)
    return np.clip(points, low, amount.integer(limit.high))
