"""Windows one inside the other, grouped by one packed number: subject and window in a single integer key.

Grouping by one integer is several times cheaper than by subject and date. Only windows of the calendar
that lie inside one another, and rows inside the period, can be packed; everything else takes the general
way of `staged`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.items.plan import POINTS, Plan
from jiceng_sdk.engine.items.source import Source, code_of
from jiceng_sdk.engine.numbers.exact import ROW
from jiceng_sdk.rulebook.parts import WINDOWS

CODE, AT = "~code", "~at"
_NARROW = 2**32


@dataclass(frozen=True, slots=True)
class Chain:
    """The windows of an item from small to large. `at`: the window the rows have been grouped by so far;
    `alone`: every subject and window has one row.
    """

    source: Source
    at: str | None = None
    alone: bool = False

    def grouped(
        self, frame: pl.LazyFrame, window: str, aggregations: Sequence[pl.Expr]
    ) -> tuple[pl.LazyFrame, "Chain"]:
        """Rows grouped by subject and window; `@` and the window's number are there again afterwards."""
        after = Chain(self.source, window, alone=True)
        if window == self.at:
            return frame.group_by(KEY, AT).agg(aggregations), after
        if window == "period":
            out = frame.group_by(KEY).agg(aggregations)
            return out.with_columns(pl.lit(0, dtype=pl.UInt32).alias(AT)), after
        out = frame.group_by(self.code(window).alias(CODE)).agg(aggregations)
        return after.split(out), after

    def room(self, window: str, span: int) -> bool:
        """Whether subject, window and a number below `span` fit into one integer."""
        return self.source.size * self.count(window) * span < 2**63

    def highest(
        self, frame: pl.LazyFrame, window: str, most: int, largest: int
    ) -> tuple[pl.LazyFrame, "Chain"]:
        """The `most` highest integer points of every window: window and points sorted as one number."""
        span, after = 2 * largest + 1, Chain(self.source, window)
        packed = self.code(window).cast(pl.Int64) * span + (largest - pl.col(POINTS))
        rows = frame.select(packed.sort().alias("~packed")).with_columns(
            (pl.col("~packed") // span).alias(CODE), (largest - pl.col("~packed") % span).alias(POINTS)
        )
        begins = pl.col(CODE).ne_missing(pl.col(CODE).shift(1))
        place = pl.int_range(pl.len(), dtype=pl.Int64)
        start = pl.when(begins).then(place).otherwise(None).forward_fill()
        return after.split(rows.filter(place - start < most).drop("~packed")), after

    def split(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Subject and window out of the packed key."""
        many = self.count(self.at or "period")
        subject, at = pl.col(CODE) // many, pl.col(CODE) % many
        return frame.with_columns(subject.cast(ROW).alias(KEY), at.cast(pl.UInt32).alias(AT)).drop(CODE)

    def count(self, window: str) -> int:
        """How many different numbers a window has."""
        if window in self.source.coded:
            return self.source.coded[window]
        return windows.count(window, self.source.form.period)

    def code(self, window: str) -> pl.Expr:
        """Subject and window of a row as one integer."""
        many = self.count(window)
        wide = self.source.size * many >= _NARROW
        key = pl.col(KEY).cast(pl.Int64) if wide else pl.col(KEY)
        return key * many + self._number(window)

    def _number(self, window: str) -> pl.Expr:
        """The window's number, from the date or from the smaller window grouped by before."""
        if window == "period":
            return pl.lit(0, dtype=pl.UInt32)
        if window in self.source.coded:
            return pl.col(code_of(window))
        if self.at is None:
            day = windows.number("day", self.source.form.period).cast(pl.UInt32)
            if window == "day":
                return day
            return pl.lit(windows.mapping("day", window, self.source.form.period)).gather(day)
        table = windows.mapping(self.at, window, self.source.form.period)
        return pl.lit(table).gather(pl.col(AT))


def packs(plan: Plan, form: Form) -> bool:
    """Whether the item's windows can be packed one into the next."""
    item = plan.item
    together = item.drop or item.combine == "median" or item.restored is not None
    if len(item.keep) > 1 or together or form.tallied:
        return False
    limits = sorted((limit.per for limit in item.limit), key=windows.order)
    chain = [*([item.merge] if item.merge else []), *item.keep, *limits]
    if any(window not in WINDOWS and (window not in form.coded or item.merge) for window in chain):
        return False
    if any(window in WINDOWS for window in chain) and not (form.inside and form.dated):
        return False
    return all(windows.inside(small, large) for small, large in pairwise(chain))
