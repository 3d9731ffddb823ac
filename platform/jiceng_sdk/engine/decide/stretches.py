"""Bands over one number whose bounds are written out: the rows say the same of all numbers of a stretch
between two bounds, so what they make of every stretch is found once.
"""

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

import numpy as np
from msgspec import Struct

from jiceng_sdk.engine.decide.fitting import Cases, Fitted, Rows, fitted
from jiceng_sdk.engine.formulas.compile import TURNED
from jiceng_sdk.engine.formulas.computing import Reading, decided
from jiceng_sdk.engine.numbers.columns import LARGE, At, Column, Numbers, Unfit
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.expressions.tree import Among, Compare, Flag, Logic, Name, Number, Tree, Unary, walk
from jiceng_sdk.rulebook import Analysis

MANY = 100
"""Bounds above which the rows are looked at one by one."""
Bound = tuple[str, Fraction]
"""A comparison of the number with another one."""


class Stretches(Struct, frozen=True):
    """`name`: the number; `ends`: the integers with which the next stretch begins. The stretches in their
    order, behind them unknown numbers, and those known not to exist: their `level`, 0 where it is asked for,
    and what is asked.
    """

    name: str
    ends: tuple[int, ...]
    level: Numbers
    cases: Cases

    def of(self, value: Column) -> At:
        """The stretch of every number."""
        found = np.zeros(len(value.data), np.int8)
        for end in self.ends:
            found += (value.data >= end).view(np.int8)
        at = found.astype(np.intp)
        for mark, behind in ((value.null, 1), (value.absent, 2)):
            if mark is not None:
                at[mark.nonzero()[0]] = len(self.ends) + behind
        return at


def stretched(analysis: Analysis, path: str, rows: Rows, reading: Reading) -> Fitted | None:
    """By the stretch of everybody's number; None where the rows read more than one, or one without bounds."""
    key = "stretches", path
    if key not in analysis.worked:
        analysis.worked[key] = _bounds(rows), {}
    bounds, known = analysis.worked[key]
    if bounds is None:
        return None
    name, ends = bounds
    value = decided(Name(name=name), reading)
    if value.kind != "number" or value.data.dtype is LARGE or not value.data.ndim:
        return None
    if value.places not in known:
        known[value.places] = _found(name, ends, rows, reading, value.places)
    found: Stretches | None = known[value.places]
    if found is None:
        return None
    at, cases = found.of(value), found.cases
    return found.level.take(at), lambda some: cases.taken(at.take(some))


def _found(
    name: str, bounds: frozenset[Bound], rows: Rows, reading: Reading, places: int
) -> Stretches | None:
    """What the rows make of the least number of every stretch; None where they leave 64 bits."""
    ends = sorted({end for bound in bounds for end in _ends(*bound, places)})
    least = [ends[0] - 1, *ends, 0, 0]
    most = max(abs(end) for end in least)
    if most >= LARGEST or len(ends) > MANY:
        return None
    size, every = len(least), np.arange(len(least))
    value = Column("number", np.array(least), every >= size - 2, places, most, absent=every == size - 1)
    try:
        level, told = fitted(rows, reading.over({name: value}), size)
        return Stretches(name, tuple(ends), level, told(every))
    except Unfit:
        return None


def _ends(op: str, bound: Fraction, places: int) -> list[int]:
    """The integers at which a comparison turns."""
    whole = bound * 10**places
    at, behind = ceil(whole), floor(whole) + 1
    return {">=": [at], "<": [at], ">": [behind], "<=": [behind]}.get(op, [at, behind])


def _bounds(rows: Rows) -> tuple[str, frozenset[Bound]] | None:
    """The one number that the rows compare with others written out, and those."""
    names: set[str] = set()
    bounds: set[Bound] = set()
    for part in (part for when, _ in rows for part in walk(when)):
        if isinstance(part, Name):
            names.add(part.name)
        elif isinstance(part, Compare | Among):
            links = list(_links(part))
            bounds.update((op, Fraction(other.value)) for op, _, other in links if isinstance(other, Number))
            if not all(isinstance(one, Name) and isinstance(other, Number) for _, one, other in links):
                return None
        elif not isinstance(part, Number | Flag | Logic) and not (
            isinstance(part, Unary) and part.op == "not"
        ):
            return None
    return (names.pop(), frozenset(bounds)) if len(names) == 1 and bounds else None


def _links(part: Compare | Among) -> Iterator[tuple[str, Tree, Tree]]:
    """Every comparison in it, a number that is written out on the right."""
    if isinstance(part, Among):
        yield from (("==", part.item, option) for option in part.options)
        return
    for n, op in enumerate(part.ops):
        left, right = part.args[n], part.args[n + 1]
        yield (TURNED[op], right, left) if isinstance(left, Number) else (op, left, right)
