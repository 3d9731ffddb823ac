"""Which rows of bands fit: the grade where exactly one does, else the grades it may end in and why."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from jiceng_sdk.engine.decide.gaps import nearest_rows
from jiceng_sdk.engine.formulas.computing import Reading, decided
from jiceng_sdk.engine.numbers.columns import At, Column, Flags, Numbers
from jiceng_sdk.expressions.tree import Tree

Rows = Sequence[tuple[Tree, str]]
"""Conditions and their grades."""
NO_ROW, SEVERAL, UNKNOWN = range(3)
"""Why a grade is asked for."""


class Cases(NamedTuple):
    """`may[n]`: who may end in the grade `order[n]`, a level, best first; `reason`: why each is asked;
    `lonely`: whom no row fits.
    """

    order: list[int]
    may: Flags
    reason: Numbers
    lonely: Flags

    def taken(self, at: At) -> "Cases":
        """Those of some."""
        return Cases(self.order, self.may.take(at, axis=1), self.reason.take(at), self.lonely.take(at))


Fitted = tuple[Numbers, Callable[[At], Cases]]
"""The level of the one row that fits everybody, 0 where it is asked for; and what is asked of some."""


def fitted(rows: Rows, reading: Reading, size: int) -> Fitted:
    """Row by row."""
    flags = [decided(when, reading) for when, _ in rows]
    return _levels(rows, flags, reading, size), partial(_cases, rows, flags, reading)


def _levels(rows: Rows, flags: Sequence[Column], reading: Reading, size: int) -> Numbers:
    """`flags`: whom each row fits."""
    hits, level = np.zeros(size, np.int16), np.zeros(size, np.int16)
    unsure = np.zeros(size, np.bool_)
    for one, (_, grade) in zip(flags, rows, strict=True):
        hits += one.data
        level += one.data * np.int16(reading.level(grade))
        if one.null is not None:
            unsure |= one.null
    single: Numbers = level * ((hits == 1) & ~unsure)
    return single


def _cases(rows: Rows, flags: Sequence[Column], reading: Reading, asked: At) -> Cases:
    """The grades that some may end in: of rows that fit or may fit; where none may, of the nearest ones."""
    some, size = [flag.taken(asked) for flag in flags], len(asked)
    sure, holes = np.array([one.spread(size) for one in some]), np.array([one.holes(size) for one in some])
    possible, hits, unsure = sure | holes, sure.sum(axis=0), holes.any(axis=0)
    none = ~possible.any(axis=0)
    near = [none] * len(rows)
    if none.any():
        near = nearest_rows([when for when, _ in rows], reading, asked)
    ends: dict[int, Flags] = {}
    for (_, grade), may, close in zip(rows, possible, near, strict=True):
        level = reading.level(grade)
        ends[level] = ends.get(level, np.zeros(size, np.bool_)) | may | (none & close)
    order = sorted(ends, reverse=True)
    reason = np.where(none, NO_ROW, np.where((hits > 1) & ~unsure, SEVERAL, UNKNOWN))
    return Cases(order, np.array([ends[level] for level in order], np.bool_), reason, none)
