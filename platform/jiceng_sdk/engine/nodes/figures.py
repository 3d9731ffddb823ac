"""Items and groups of the period on arrays: what `items.scales`, `groups` and `nodes` say in Polars, with
quotients as exact ratios. What arrays cannot say raises Unfit before anything is kept.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache, reduce
from itertools import pairwise
from math import lcm
from typing import NamedTuple

import numpy as np
import polars as pl
from msgspec.structs import replace

from jiceng_sdk.engine.formulas.computing import Reading, computed, decided, met, written
from jiceng_sdk.engine.formulas.scope import VALUE
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items import staged
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.nodes.blueprint import ONE, Blueprint, Member
from jiceng_sdk.engine.numbers import columns, quotients
from jiceng_sdk.engine.numbers.columns import LARGE, Column, Data, Flags, Unfit, any_of, fits, flag
from jiceng_sdk.engine.numbers.exact import decimals
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.engine.numbers.straight import Bounds, Factor, Size, course
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook.parts import Group, Item, Row

ZERO = written(Decimal(0))


class Parts(NamedTuple):
    """Whole numbers to be added up, where one has no answer, and what they are multiplied with (see
    `straight.course`).
    """

    data: list[Data]
    null: Flags | None
    factors: tuple[Factor, ...]
    sizes: tuple[Size, ...]


@dataclass(slots=True)
class Figures:
    """Nodes of `table` as arrays, one after the other. `marks`: what the node in work keeps beside it."""

    table: Table
    reading: Reading
    marks: dict[str, Column] = field(default_factory=dict)

    def keep(self, plan: Blueprint, found: Found | None) -> None:
        """Work out a node and keep it. `found`: the total of its rows."""
        if plan.straight is not None and self._straight(plan, plan.straight, found):
            return
        self.marks = {}
        value = self._adjusted(plan, self._value(plan, found))
        here, asked = None, plan.node.for_
        if asked is not None:
            to = met(asked, self.reading)
            hit, holes = to.spread(self.table.size), to.holes(self.table.size)
            here = hit | holes
            value = replace(value.without(~hit), absent=~here)
        if not value.data.ndim:
            value = replace(value, data=value.spread(self.table.size))
        if value.below is not None:
            if not quotients.dividable(value):
                value = quotients.tightened(value)
                if not quotients.dividable(value):
                    raise Unfit
            _ = value.snapped
        if self.marks:
            marks = {mark: column.snapped for mark, column in self.marks.items()}
            for mark, column in marks.items():
                self.table.hold(mark, column, named=False)
        self._kept(plan, value, here)

    def _straight(self, plan: Blueprint, bounds: Bounds, found: Found | None) -> bool:
        """Whether the node went the straight way."""
        parts = self._parts(plan) if found is None else self._rows(plan, found)
        way = None if parts is None else course(parts.factors, parts.sizes, bounds)
        if parts is None or way is None:
            return False
        total = way.total(parts.data, parts.null)
        if plan.raw is not None:
            self.table.hold(plan.raw, total, named=False)
        self.table.hold(plan.name, way.bounded(total))
        return True

    def _rows(self, plan: Blueprint, found: Found) -> Parts | None:
        """The whole total of an item's rows, where nothing leaves it open."""
        table = self.table
        held = table.arrays.get(plan.total)
        if held is None or held.null is not None or found.constant is None or found.places is None:
            return None
        if held.data.dtype.kind not in "iu" or table.has(plan.opens[0]) or table.has(plan.opens[1]):
            return None
        each = _unit(found.constant, found.places)
        data = held.data.astype(np.int64, copy=False)
        return Parts([data], None, ((each, found.places),), ((0, found.largest),))

    def _parts(self, plan: Blueprint) -> Parts | None:
        """The members of a group, where all are whole numbers and apply to everybody."""
        arrays, limited, data, sizes = self.table.arrays, self.table.limited, [], []
        null: Flags | None = None
        for member in plan.members:
            part = arrays.get(member.name)
            if part is None or part.below is not None or part.data.dtype is LARGE or member.name in limited:
                return None
            data.append(part.data)
            sizes.append((part.places, part.most))
            if part.null is not None:
                null = part.null if null is None else null | part.null
        return Parts(data, null, plan.factors, tuple(sizes))

    def _kept(self, plan: Blueprint, value: Column, here: Flags | None) -> None:
        """The node as columns of the table."""
        self.table.hold(plan.name, value)
        if here is not None:
            self.table.hold(plan.applies, flag(here), named=False)
            self.table.limited.add(plan.name)
            self.table.lacks(plan.name, ~pl.col(plan.applies))
        elif value.absent is not None:
            mark = self.table.fresh()
            self.table.hold(mark, flag(value.absent), named=False)
            self.table.lacks(plan.name, pl.col(mark))

    def _value(self, plan: Blueprint, found: Found | None) -> Column:
        """A node before start, cap, floor and round."""
        if isinstance(plan.node, Group):
            return self._together(plan, plan.node)
        return self._item(plan.name, plan.node, plan.scale) if found is None else self._total(plan, found)

    def _total(self, plan: Blueprint, found: Found) -> Column:
        """What the rows came to: open where a row, the quorum or a mean of nothing leaves it."""
        constant = found.constant
        if found.places is None or (constant is None and found.places):
            raise Unfit
        data, null = self.table.data(plan.total)
        if data.dtype.kind not in "iu":
            raise Unfit
        each = 1 if constant is None else _unit(constant, found.places)
        largest = int(np.abs(data).max(initial=0)) if constant is None else found.largest
        whole = data.astype(np.int64, copy=False)
        if each != 1:
            whole = whole * np.int64(fits(abs(each)) * (1 if each > 0 else -1))
        total = Column("number", whole, None, found.places, fits(largest * max(abs(each), 1)))
        if found.plan.item.averages:
            of = staged.divisor(found.plan)
            of = of if self.table.has(of) else names.rows(plan.name)
            total = quotients.divided(replace(total, null=null), self._many(of))
        lost = any_of(self._holes(plan, found))
        return total if lost is None else total.without(lost)

    def _many(self, of: str) -> Column:
        """A count of rows; of none it is 0."""
        many, _ = self.table.data(of)
        return Column("number", many.astype(np.int64), None, 0, int(many.max(initial=0)))

    def _holes(self, plan: Blueprint, found: Found) -> list[Flags]:
        table, quorum = self.table, found.plan.item.quorum
        holes = [table.data(mark)[0] for mark in plan.opens if table.has(mark)]
        dropped = [computed(one.tree, self.reading).null for one in found.plan.item.drop]
        holes += [null for null in dropped if null is not None]
        if quorum is not None:
            needed = decided(quorum, self.reading)
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
            reading = reading.over({VALUE: own})
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

    def _together(self, plan: Blueprint, group: Group) -> Column:
        """The combined members. One open member that applies leaves it open."""
        if group.keep:
            raise Unfit
        here = [self._here(one) for one in plan.members]
        terms = [self._member(one, there) for one, there in zip(plan.members, here, strict=True)]
        if group.combine == "sum":
            found = quotients.summed(terms)
        elif group.combine == "mean":
            found = self._mean(plan, group, terms, here)
        else:
            found = _picked(terms, here, largest=group.combine == "max")
        return found if found.absent is None else replace(found, absent=None)

    def _here(self, member: Member) -> Column | None:
        """To whom a member applies; None: to everybody."""
        return flag(self.table.data(member.applies)[0]) if member.name in self.table.limited else None

    def _member(self, member: Member, here: Column | None) -> Column:
        """A member's weighted value, 0 where it does not apply."""
        value = self.table.column(member.name)
        if member.weight is not None:
            value = quotients.times(value, written(member.weight))
        return value if here is None else quotients.chosen(here, value, ZERO)

    def _mean(self, plan: Blueprint, group: Group, terms: list[Column], here: list[Column | None]) -> Column:
        """Weighted; the weights of those that do not apply are left out."""
        total = replace(quotients.summed(terms), absent=None)
        weights = [written(ONE if one.weight is None else one.weight) for one in plan.members]
        if here.count(None) == len(here):
            return quotients.divided(total, written(sum(group.of.values(), Decimal(0))))
        parts = [
            weight if there is None else columns.chosen(there, weight, ZERO)
            for weight, there in zip(weights, here, strict=True)
        ]
        return quotients.divided(total, quotients.summed(parts))

    def _adjusted(self, plan: Blueprint, value: Column) -> Column:
        """Start, cap, floor, round, in this order; a gate last."""
        node = plan.node
        if plan.raw is not None:
            self.marks[plan.raw] = value
        for bound in plan.bounds:
            part = computed(bound.tree, self.reading)
            if bound.mark is not None:
                self.marks[bound.mark] = part
            value = _bounded(value, bound.word, part)
        if node.round is not None:
            value = columns.rounded(value, node.round)
        if isinstance(node, Group) and node.gate is not None:
            asked = met(node.gate, self.reading)
            self.marks[plan.gate] = asked
            value = replace(quotients.chosen(asked, value, ZERO), absent=value.absent)
        return value


@lru_cache(maxsize=4096)
def _unit(constant: Decimal, places: int) -> int:
    """What one of a total is worth, at its places."""
    return int(constant.scaleb(places))


def _picked(terms: list[Column], here: list[Column | None], *, largest: bool) -> Column:
    """The largest or smallest of those that apply; open when one of them is, or none applies."""
    if here.count(None) == len(here):
        return quotients.picked(terms, largest=largest)
    every = quotients.common(terms)
    nothing = np.int64(-LARGEST if largest else LARGEST)
    found = [
        data if one is None else np.where(one.data, data, nothing)
        for data, one in zip(every.data, here, strict=True)
    ]
    everybody: Data = np.True_  # type: ignore[assignment] # one for all
    some = reduce(np.logical_or, [everybody if one is None else one.data for one in here])
    data = np.where(some, reduce(np.maximum if largest else np.minimum, found), 0)
    null = any_of([None if some.all() else ~some, *[term.null for term in terms]])
    below, deep = (None, 1) if quotients.plain(terms) else (every.below, every.deep)
    return Column("number", data, null, every.places, max(every.most), below=below, deep=deep)


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
