"""Items that read rows: one pass per fact for the simple ones, one for each staged one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine import heap, integers
from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.cores import together
from jiceng_sdk.engine.exact import EXACT, divide, lit, whole
from jiceng_sdk.engine.integers import Scaled
from jiceng_sdk.engine.items import direct, staged, windows
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.shared import Shared
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import Table
from jiceng_sdk.engine.value import Value

MANY = 100_000
"""Rows from which on threads pay."""


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of an item's total before its column exists. `dense`: every subject has one."""

    plan: Plan
    places: int | None
    constant: Decimal | None
    largest: int
    dense: bool = False

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


@dataclass(slots=True)
class Totals:
    """What the rows of one fact come to: `arrays` have one value per subject, `lazy` are yet to be made."""

    found: list[Found] = field(default_factory=list)
    arrays: list[pl.Series] = field(default_factory=list)
    lazy: list[pl.LazyFrame] = field(default_factory=list)
    coded: dict[str, Value] = field(default_factory=dict)


def gather(
    table: Table, work: Sequence[tuple[Callable[[], Source], list[Plan]]], rows: list[int]
) -> list[Found]:
    """Aggregate the rows of several facts and bring the totals into the table. `rows`: how many each has;
    facts of many rows are worked on in several threads, the longest first.
    """

    def piece(make: Callable[[], Source], plans: list[Plan]) -> Callable[[], Totals]:
        return lambda: _totals(make(), plans)

    heap.kept()
    pieces = [piece(make, plans) for make, plans in work]
    if sum(rows) < MANY:
        done = [one() for one in pieces]
    else:
        done = together(pieces, sorted(range(len(rows)), key=lambda n: -rows[n]))
    found: list[Found] = []
    for totals in done:
        table.coded.update(totals.coded)
        table.keep(totals.arrays)
        found += totals.found
    if lazy := [frame for totals in done for frame in totals.lazy]:
        table.attach(*pl.collect_all(lazy, engine="streaming"))
    return found


def _totals(source: Source, plans: list[Plan]) -> Totals:
    """Everything the rows of one fact come to, as far as arrays do; nothing but the rows is looked at."""
    out, beside = Totals(), Shared(source)
    for plan in plans:
        planned = direct.aggregations(plan, source)
        beside.parts += planned.parts
        beside.exprs += planned.exprs
        out.coded.update(planned.coded)
        if plan.staged and not planned.whole:
            out.found.append(_staged(plan, source, out))
        else:
            dense = any(part.name == names.total(plan.name) for part in planned.parts)
            out.found.append(Found(plan, planned.places, planned.constant, planned.largest, dense))
    out.arrays += beside.totals()
    out.lazy += beside.lazy()
    return out


def _staged(plan: Plan, source: Source, out: Totals) -> Found:
    """An item whose rows are looked at together: in arrays, or as a pipeline added to `lazy`."""
    swift = windows.total(plan, source) if staged.packs_alone(plan, source) else None
    if swift is not None:
        column, amount = swift
        out.arrays.append(column)
    else:
        pipeline, amount = staged.total(plan, source)
        out.lazy.append(pipeline)
    constant = None if plan.item.combine == "count" else amount.constant
    return Found(plan, amount.places, constant, amount.largest, swift is not None)


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
        total = raw if found.dense else raw.fill_null(0)
        value, small = found.exact(total), found.integer(total)
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
