"""Items and groups of the period on arrays: what `items.scales`, `groups` and `nodes` say in Polars, with
quotients as exact ratios. What arrays cannot say raises Unfit before anything is kept.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from math import lcm

import numpy as np
import polars as pl
from msgspec.structs import replace

from jiceng_sdk.engine import columns, quotients
from jiceng_sdk.engine.columns import Column, Data, Flags, Unfit, any_of, fits, flag
from jiceng_sdk.engine.computing import Reading, computed, decided, met, written
from jiceng_sdk.engine.exact import decimals
from jiceng_sdk.engine.integers import LARGEST
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items import staged
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.nodes import BOUNDS, adjusted, part
from jiceng_sdk.engine.table import Table, applies
from jiceng_sdk.expressions.tree import Number, Tree, Unary
from jiceng_sdk.rulebook.parts import Group, Item, Node, Row

ZERO, ONE = written(Decimal(0)), Decimal(1)


@dataclass(slots=True)
class Figures:
    """Nodes of `table` as arrays, one after the other. `marks`: what the node in work keeps beside it."""

    table: Table
    reading: Reading
    marks: dict[str, Column] = field(default_factory=dict)

    def keep(self, name: str, node: Item | Group, reads: Tree | None, found: Found | None) -> None:
        """Work out a node and keep it. `reads`: what its scale looks at; `found`: the total of its rows."""
        self.marks = {}
        value = self._value(name, node, reads, found)
        value = self._adjusted(name, node, value)
        here = None
        if node.for_ is not None:
            asked = met(node.for_, self.reading)
            hit, holes = asked.spread(self.table.size), asked.holes(self.table.size)
            here = hit | holes
            value = replace(value.without(~hit), absent=~here)
        value = replace(value, data=value.spread(self.table.size))
        if value.below is not None and not quotients.dividable(value):
            value = quotients.tightened(value)
            if not quotients.dividable(value):
                raise Unfit
        for one in (value, *self.marks.values()):
            _ = one.snapped
        self._kept(name, value, here)

    def _kept(self, name: str, value: Column, here: Flags | None) -> None:
        """Everything as columns of the table."""
        for mark, column in self.marks.items():
            self.table.hold(mark, column.snapped, named=False)
        self.table.hold(name, value)
        if here is not None:
            self.table.hold(applies(name), flag(here), named=False)
            self.table.limited.add(name)
            self.table.lacks(name, ~pl.col(applies(name)))
        elif value.absent is not None:
            mark = self.table.fresh()
            self.table.hold(mark, flag(value.absent), named=False)
            self.table.lacks(name, pl.col(mark))

    def _value(self, name: str, node: Item | Group, reads: Tree | None, found: Found | None) -> Column:
        """A node before start, cap, floor and round."""
        if isinstance(node, Group):
            return self._together(node)
        return self._item(name, node, reads) if found is None else self._total(found)

    def _total(self, found: Found) -> Column:
        """What the rows came to: open where a row, the quorum or a mean of nothing leaves it."""
        plan, constant = found.plan, found.constant
        if found.places is None or (constant is None and found.places):
            raise Unfit
        data, null = self.table.data(names.total(plan.name))
        if data.dtype.kind not in "iu":
            raise Unfit
        each = 1 if constant is None else int(constant.scaleb(found.places))
        largest = int(np.abs(data).max(initial=0)) if constant is None else found.largest
        whole = data.astype(np.int64) * np.int64(each)
        total = Column("number", whole, None, found.places, fits(largest * max(abs(each), 1)))
        if plan.item.combine == "mean":
            of = staged.divisor(plan) if self.table.has(staged.divisor(plan)) else names.rows(plan.name)
            total = quotients.divided(replace(total, null=null), self._many(of))
        lost = any_of(self._holes(found))
        return total if lost is None else total.without(lost)

    def _many(self, of: str) -> Column:
        """A count of rows; of none it is 0."""
        many, _ = self.table.data(of)
        return Column("number", many.astype(np.int64), None, 0, int(many.max(initial=0)))

    def _holes(self, found: Found) -> list[Flags]:
        plan, table = found.plan, self.table
        marks = (names.open_(plan.name), staged.merged_open(plan))
        holes = [table.data(mark)[0] for mark in marks if table.has(mark)]
        if plan.item.quorum is not None:
            needed = decided(plan.item.quorum, self.reading)
            enough = columns.compared(">=", self._many(names.rows(plan.name)), needed)
            holes.append(~enough.spread(table.size))
        return holes

    def _item(self, name: str, item: Item, reads: Tree | None) -> Column:
        """An item that reads values of the subject, not rows."""
        if item.restored is not None:
            raise Unfit
        reading = self.reading
        if item.value is not None:
            own = computed(item.value.tree, reading)
            reading = reading.over({names.VALUE: own})
        value = self._worth(name, item, reads, reading)
        if item.when is None:
            return value
        asked = met(item.when, reading)
        found = quotients.chosen(asked, value, ZERO)
        return replace(found, absent=any_of([value.absent, asked.absent]))

    def _worth(self, name: str, item: Item, reads: Tree | None, reading: Reading) -> Column:
        """Points by the item's scale."""
        if item.points is not None:
            return computed(item.points.tree, reading)
        if item.steps:
            return _steps(item.steps, reading)
        if item.checks:
            return self._checks(name, item.checks, reading)
        if reads is None:
            return ZERO
        source = computed(reads, reading)
        return _choice(item, source, reading) if item.choice else _line(item, source)

    def _checks(self, name: str, rows: tuple[Row, ...], reading: Reading) -> Column:
        """Every matching row counts; an unknown row leaves the sum open."""
        terms = []
        for n, row in enumerate(rows):
            asked, points = met(row.when, reading), computed(row.points.tree, reading)
            term = quotients.chosen(replace(asked, null=None), points, ZERO)
            self.marks[f"{name}:check{n}"] = replace(term, absent=None)
            terms.append(term if asked.null is None else term.without(asked.null))
        return replace(quotients.summed(terms), absent=None)

    def _together(self, group: Group) -> Column:
        """The combined members. One open member that applies leaves it open."""
        terms = [self._member(name, weight) for name, weight in group.of.items()]
        if group.combine == "sum":
            return replace(quotients.summed(terms), absent=None)
        if group.combine == "mean":
            return self._mean(group, terms)
        return self._picked(group, terms)

    def _here(self, name: str) -> Column | None:
        """To whom a member applies; None: to everybody."""
        if name not in self.table.limited:
            return None
        return flag(self.table.data(applies(name))[0])

    def _member(self, name: str, weight: Decimal) -> Column:
        """A member's weighted value, 0 where it does not apply."""
        value = self.table.column(name)
        if weight != ONE:
            value = quotients.times(value, written(weight))
        here = self._here(name)
        return value if here is None else quotients.chosen(here, value, ZERO)

    def _mean(self, group: Group, terms: list[Column]) -> Column:
        """Weighted; the weights of those that do not apply are left out."""
        total, weights = replace(quotients.summed(terms), absent=None), []
        if not self.table.limited.intersection(group.of):
            return quotients.divided(total, written(sum(group.of.values(), Decimal(0))))
        for name, weight in group.of.items():
            here = self._here(name)
            weights.append(written(weight) if here is None else columns.chosen(here, written(weight), ZERO))
        return quotients.divided(total, quotients.summed(weights))

    def _picked(self, group: Group, terms: list[Column]) -> Column:
        """The largest or smallest of those that apply; open when one of them is, or none applies."""
        largest = group.combine == "max"
        here = [self._here(name) for name in group.of]
        if all(one is None for one in here):
            return replace(quotients.picked(terms, largest=largest), absent=None)
        every = quotients.common(terms)
        nothing = np.int64(-LARGEST if largest else LARGEST)
        found = [
            data if one is None else np.where(one.data, data, nothing)
            for data, one in zip(every.data, here, strict=True)
        ]
        everybody: Data = np.True_  # type: ignore[assignment] # one for all
        some = reduce(np.logical_or, [everybody if one is None else one.data for one in here])
        data = np.where(some, reduce(np.maximum if largest else np.minimum, found), 0)
        null = any_of([None if some.all() else ~some, *(term.null for term in terms)])
        quotient = any(term.below is not None for term in terms)
        below = every.below if quotient else None
        return Column(
            "number",
            data,
            null,
            every.places,
            max(every.most),
            below=below,
            deep=every.deep if quotient else 1,
        )

    def _adjusted(self, name: str, node: Node, value: Column) -> Column:
        """Start, cap, floor, round, in this order; a gate last."""
        if adjusted(node):
            self.marks[part(name, "raw")] = value
        for word in BOUNDS:
            formula = getattr(node, word)
            if formula is not None:
                bound = computed(formula.tree, self.reading)
                if not _written_out(formula.tree):
                    self.marks[part(name, word)] = bound
                value = _bounded(value, word, bound)
        if node.round is not None:
            value = columns.rounded(value, node.round)
        if isinstance(node, Group) and node.gate is not None:
            asked = met(node.gate, self.reading)
            self.marks[part(name, "gate")] = asked
            value = replace(quotients.chosen(asked, value, ZERO), absent=value.absent)
        return value


def _written_out(tree: Tree) -> bool:
    """Whether it is a number written out."""
    return _written_out(tree.arg) if isinstance(tree, Unary) else isinstance(tree, Number)


def _bounded(value: Column, word: str, bound: Column) -> Column:
    if word == "start":
        return quotients.added(value, bound)
    return quotients.picked([value, bound], largest=word == "floor")


def _choice(item: Item, source: Column, reading: Reading) -> Column:
    """The points of every word or grade; no answer for one that has none."""
    places = max(decimals(points) for points in item.choice.values())
    whole = {option: int(points.scaleb(places)) for option, points in item.choice.items()}
    if source.kind == "grade":
        known: list[int | None] = [None, *(whole.get(grade) for grade in reversed(reading.grades))]
    elif source.kind == "text" and source.data.ndim:
        known = [whole.get(option) for option in source.options] or [None]
    else:
        raise Unfit
    most = fits(max(abs(points) for points in whole.values()))
    data = np.array([points or 0 for points in known], np.int64)[source.data]
    null = None
    if None in known:
        null = np.array([points is None for points in known], np.bool_)[source.data]
    return columns.number(data, places, most, source, null=null)


def _steps(rows: tuple[Row, ...], reading: Reading) -> Column:
    """Exactly one row must match; an unknown row leaves it open."""
    hits: Data = np.int64(0)  # type: ignore[assignment] # one for all
    value, lost = ZERO, []
    for row in rows:
        asked = met(row.when, reading)
        hits = hits + asked.data.astype(np.int64)
        lost.append(asked.null)
        value = quotients.chosen(replace(asked, null=None), computed(row.points.tree, reading), value)
    unclear = any_of([hits != 1, *lost])
    if unclear is None or not value.data.ndim or not unclear.ndim:
        raise Unfit
    return replace(value.without(unclear), absent=None)


def _line(item: Item, source: Column) -> Column:
    """Flat outside the knots, straight between them: one quotient, of the piece a value lies in."""
    fine = max(decimals(x) for x, _ in item.line)
    steps = max(decimals(y) for _, y in item.line)
    at, places = source.snapped, max(source.snapped.places, fine)
    x, _ = columns.widened(at, places)
    if not x.ndim or x.dtype == object:
        raise Unfit
    knots = [(int(x.scaleb(places)), int(y.scaleb(steps))) for x, y in item.line]
    fits(max(abs(end) for end, _ in knots))
    piece = np.searchsorted(np.array([end for end, _ in knots], np.int64), x, side="left")
    runs = [x1 - x0 for (x0, _), (x1, _) in pairwise(knots)]
    whole = fits(lcm(*runs))
    slopes = [
        (y1 - y0) * (whole // run) for ((_, y0), (_, y1)), run in zip(pairwise(knots), runs, strict=True)
    ]

    def by_piece(numbers: list[int], scale: int) -> Column:
        most = fits(max(map(abs, numbers)))
        return Column("number", np.array(numbers, np.int64)[piece], None, scale, most)

    start = by_piece([0, *(x0 for x0, _ in knots[:-1]), 0], places)
    slope = by_piece([0, *slopes, 0], steps)
    base = by_piece([knots[0][1], *(y0 for _, y0 in knots[:-1]), knots[-1][1]], steps)
    rise = quotients.times(quotients.added(source, start, less=True), slope)
    run = Column("number", np.int64(whole), None, places, whole)  # type: ignore[arg-type] # one for all
    return quotients.added(base, quotients.divided(rise, run))
