"""Items that read rows: one aggregation per fact for the simple ones, a pipeline for each staged
one, run together.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine import integers
from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.exact import EXACT, divide, lit, whole
from jiceng_sdk.engine.integers import Scaled
from jiceng_sdk.engine.items import direct, parts, staged
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import KEY, Table
from jiceng_sdk.engine.value import Value


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an item's total before its column exists."""

    plan: Plan
    places: int | None
    constant: Decimal | None
    largest: int

    def integer(self, raw: pl.Expr) -> Scaled | None:
        """The total as an integer at its places, when it was added up as whole numbers."""
        if self.constant is None or self.places is None:
            return None
        each = int(self.constant.scaleb(self.places))
        total = raw if each == 1 else raw * pl.lit(each, dtype=pl.Int64)
        return integers.fitting(total, self.largest * abs(each))

    def exact(self, raw: pl.Expr) -> pl.Expr:
        """The total as an exact decimal."""
        if self.constant is None:
            return raw.cast(EXACT)
        small = self.integer(raw)
        return whole(raw) * lit(self.constant) if small is None else integers.exact(small, self.places or 0)


def gather(table: Table, work: Iterable[tuple[Source, list[Plan]]]) -> list[Found]:
    """Aggregate the rows of several facts at once and join the totals into the table."""
    lazy: list[pl.LazyFrame] = []
    found: list[Found] = []
    shared: list[Shared] = []
    for source, plans in work:
        beside = Shared(source)
        for plan in plans:
            planned = direct.aggregations(plan, source)
            beside.parts += planned.parts
            beside.exprs += planned.exprs
            table.coded.update(planned.coded)
            if plan.staged and not planned.whole:
                pipeline, amount = staged.total(plan, source)
                lazy.append(pipeline)
                constant = None if plan.item.combine == "count" else amount.constant
                found.append(Found(plan, amount.places, constant, amount.largest))
            else:
                found.append(Found(plan, planned.places, planned.constant, planned.largest))
        if beside.parts or beside.exprs:
            shared.append(beside)
    frames = pl.collect_all([*lazy, *(one.lazy() for one in shared)], engine="streaming")
    sums = [one.sure(frame) for one, frame in zip(shared, frames[len(lazy) :], strict=True)]
    table.attach(*frames[: len(lazy)], *sums)
    for one in shared:
        table.keep(one.reads)
        table.drop(*one.scaffold)
    return found


class Shared:
    """What all items of a fact that need no window are aggregated to at once."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parts: list[parts.Part] = []
        self.exprs: list[pl.Expr] = []
        self.reads: list[pl.Expr] = []
        self.scaffold: list[str] = []
        self._rows = parts.width(source)

    def lazy(self) -> pl.LazyFrame:
        """The rows by `@`: words, single totals, and how many rows there are where words rely on it."""
        source = self.source
        many = f"~rows~{self.parts[0].name}" if self.parts else ""
        words, alone = parts.packed(self.parts, source, self._rows, many)
        self.reads = [read for word in words for read in word.reads]
        self.scaffold = [many, *(word.name for word in words)] if words else []
        before = [*(word.expr for word in words), *(part.column() for part in alone)]
        rows = source.frame.with_columns(before) if before else source.frame
        counted = [pl.len().alias(many)] if words else []
        totals = [*(word.total() for word in words), *(part.total() for part in alone)]
        return rows.group_by(KEY).agg(*counted, *totals, *self.exprs)

    def sure(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The same, aggregated again with wider fields if a subject has more rows than they hold."""
        if not self.scaffold:
            return frame
        most = frame[self.scaffold[0]].max()
        if isinstance(most, int) and most >> self._rows:
            self._rows = parts.most(self.source)
            return self.lazy().collect(engine="streaming")
        return frame


def combined(found: Found, table: Table, scope: Scope) -> Value:
    """An item's value before start, cap, floor, round: open where a row, the quorum or a mean of
    nothing leaves it.
    """
    plan = found.plan
    raw, places = pl.col(names.total(plan.name)), found.places
    small: Scaled | None = None
    if plan.item.combine == "mean":
        of = staged.divisor(plan) if table.has(staged.divisor(plan)) else names.rows(plan.name)
        value, places = divide(found.exact(raw), whole(pl.col(of).fill_null(0))), None
    elif found.constant is not None:
        value, small = found.exact(raw.fill_null(0)), found.integer(raw.fill_null(0))
    else:
        value = raw.cast(EXACT).fill_null(lit(0))
    holes = _holes(plan, table, scope)
    if holes:
        lost = pl.any_horizontal(holes)
        value = pl.when(lost).then(None).otherwise(value)
        small = small and (pl.when(lost).then(None).otherwise(small[0]), small[1])
    lacking = bool(holes) or plan.item.combine == "mean"
    return Value(value, "number", places, nullable=lacking, scaled=small)


def _holes(plan: Plan, table: Table, scope: Scope) -> list[pl.Expr]:
    """Where the item has no answer."""
    marks = (names.open_(plan.name), staged.merged_open(plan))
    holes = [pl.col(mark).fill_null(value=False) for mark in marks if table.has(mark)]
    if plan.item.quorum is not None:
        cast = whole(pl.col(names.rows(plan.name)).fill_null(0))
        enough = cast >= condition(plan.item.quorum, scope).snapped()
        holes.append(enough.not_().fill_null(value=True))
    return holes
