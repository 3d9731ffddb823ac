"""Items whose windows lie one inside the other, worth whole numbers, added up: in arrays, window by window.

What has no whole number, may have no answer, or is not added up takes the general ways of `packed` and
`staged`, with the same outcome.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.items import arrays
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.amount import Amount, amount_of, summed
from jiceng_sdk.engine.items.arrays import Codes, Whole
from jiceng_sdk.engine.items.chain import CODE, Chain
from jiceng_sdk.engine.items.packed import limits
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.table import KEY, as_column
from jiceng_sdk.rulebook.parts import Limit

NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows, or what they came to: `codes` is subject and window `at` as one number, `points` the worth.

    `inorder`: sorted by code; `alone`: no code is there twice.
    """

    source: Source
    at: str
    codes: Codes
    points: Whole
    inorder: bool = False
    alone: bool = False

    @property
    def places(self) -> int:
        """How many different codes there can be."""
        return self.source.size * Chain(self.source).count(self.at)

    def to(self, window: str) -> "Rows":
        """The same by a larger window; what is sorted stays so."""
        if window == self.at:
            return self
        chain = Chain(self.source)
        many, later = chain.count(self.at), chain.count(window)
        codes = self.codes // many
        if later > 1:
            larger = windows.mapping(self.at, window, self.source.period).to_numpy()
            codes = codes * later + larger[self.codes - codes * many]
        return replace(self, at=window, codes=codes, alone=False)

    def together(self, largest: int) -> "Rows":
        """One row per code, with the sum."""
        if self.alone:
            return self
        if self.inorder:
            codes, points = arrays.runs(self.codes, self.points)
        else:
            codes, points = arrays.grouped(self.codes, self.points, self.places, largest)
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
        rows = rows.to(limit.per).together(amount.each or 0)
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
        return _kept(plan, rows, amount), amount
    found = _read(plan, source, first, None)
    if item.keep.get(first) == 1 and item.limit:
        found = replace(found, codes=arrays.distinct(found.codes)).to(limits(item)[0].per)
    codes, many = arrays.counted(found.codes, found.places)
    if item.keep and found.at == first:
        many = np.minimum(many, item.keep[first])
    points = many * amount.integer(worth.constant)
    return replace(found, codes=codes, points=points, inorder=True, alone=True), amount


def _read(plan: Plan, source: Source, window: str, points: pl.Expr | None) -> Rows:
    """The rows that count, by a window, with their points."""
    wanted = [Chain(source).code(window).alias(CODE), *([] if points is None else [points.alias(POINTS)])]
    asked = names.when(plan, source).expr
    if asked.meta.is_literal():
        found = source.given.select(wanted)
    else:
        found = source.frame.filter(asked).select(wanted).collect()
    codes = found[CODE].to_numpy()
    return Rows(source, window, codes, NOTHING if points is None else found[POINTS].to_numpy())


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
    rows = _read(plan, source, window, as_column(expr)).together(value.scaled[1])
    sums = pl.DataFrame({KEY: rows.codes, names.VALUE: rows.points})
    rows = replace(rows, points=sums.select(points.alias(POINTS))[POINTS].to_numpy())
    return _kept(plan, rows, amount), amount


def _kept(plan: Plan, rows: Rows, amount: Amount) -> Rows:
    """At most so many rows of every window, the highest first."""
    for window, most in plan.item.keep.items():
        rows = rows.to(window)
        codes, points = arrays.highest(rows.codes, rows.points, most, rows.places, amount.each or 0)
        rows = replace(rows, codes=codes, points=points, inorder=True, alone=most == 1)
    return rows


def _between(points: Whole, limit: Limit, amount: Amount) -> Whole:
    """Points of a window between the limit's bounds."""
    low = None if limit.low is None else amount.integer(limit.low)
    return np.clip(points, low, amount.integer(limit.high))
