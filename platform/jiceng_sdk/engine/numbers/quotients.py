"""Numbers of many subjects, quotients among them: one integer over another, exact until it is snapped.

What has no quotient in it is left to `columns`. Everything raises Unfit beyond 64 bits.
"""

from collections.abc import Sequence
from functools import reduce
from math import lcm
from typing import NamedTuple

import numpy as np
import polars as pl
from msgspec.structs import replace

from jiceng_sdk.engine.numbers import columns
from jiceng_sdk.engine.numbers.columns import LARGE, Column, Data, Flags, Unfit, fits
from jiceng_sdk.engine.numbers.decimals import decimals
from jiceng_sdk.engine.numbers.exact import PLACES, SNAP
from jiceng_sdk.engine.numbers.integers import LARGEST

_DECIMAL = 10**14
"""Integers below it can be divided as exact decimals too."""


class Common(NamedTuple):
    """What stands above one divisor: the integers of every part, the largest of each, their places."""

    data: list[Data]
    most: list[int]
    places: int
    below: Data
    deep: int


def divided(left: Column, right: Column) -> Column:
    """A quotient; no answer where the divisor is zero."""
    if right.below is not None or object in (left.data.dtype, right.data.dtype):
        raise Unfit
    right = _bare(right)
    by = 10 ** max(right.places - left.places, 0)
    data, most = (left.data, left.most) if by == 1 else (left.data * np.int64(fits(by)), left.most * by)
    below, nothing = right.data, np.equal(right.data, 0)
    null: Flags | None = None
    if np.count_nonzero(nothing):
        if not nothing.ndim:
            raise Unfit
        null, below = nothing, np.where(nothing, 1, below)
    if np.count_nonzero(np.less(below, 0)):
        data, below = np.where(below < 0, -data, data), np.abs(below)
    deep = max(right.most, 1)
    if left.below is not None:
        below, deep = left.below * below, left.deep * deep
    if below.ndim and not data.ndim:
        data = np.full(len(below), data)
    return _ratio(data, max(left.places - right.places, 0), most, (below, deep), [left, right], null)


def _bare(part: Column) -> Column:
    """The same at no places, where all of them are zeros: divisors multiply, and small ones fit longer."""
    if not 0 < part.places <= SNAP:
        return part
    by = np.int64(10**part.places)
    whole = part.data // by
    if (whole * by != part.data).any():
        return part
    return replace(part, data=whole, most=part.most // int(by), places=0)


def _ratio(
    data: Data,
    places: int,
    most: int,
    below: tuple[Data, int],
    parts: Sequence[Column],
    null: Flags | None = None,
) -> Column:
    """A quotient made of parts: unknown, and absent, where a part is."""
    divisor, deep = below
    if places > PLACES or most >= LARGEST or deep >= LARGEST:
        raise Unfit
    holes, absent = null, None
    for part in parts:
        if part.null is not None:
            holes = part.null if holes is None else holes | part.null
        if part.absent is not None:
            absent = part.absent if absent is None else absent | part.absent
    return Column("number", data, holes, places, most, (), absent, divisor, deep)


def added(left: Column, right: Column, *, less: bool = False) -> Column:
    """The sum or the difference."""
    if left.below is None and right.below is None:
        return columns.added(left, right, less=less)
    return summed([left, replace(right, data=-right.data) if less else right])


def summed(parts: Sequence[Column]) -> Column:
    """The sum of several."""
    if plain(parts):
        whole, largest, places = _alike(parts)
        return columns.number(reduce(np.add, whole), places, sum(largest), *parts)
    every = common(parts)
    data, most = reduce(np.add, every.data), sum(every.most)
    return _ratio(data, every.places, most, (every.below, every.deep), parts)


def times(left: Column, right: Column) -> Column:
    """The product."""
    if left.below is None and right.below is None:
        return columns.times(left, right)
    try:
        most, deep = fits(left.most * right.most), fits(left.deep * right.deep)
    except Unfit:
        left, right = tightened(left), tightened(right)
        most, deep = fits(left.most * right.most), fits(left.deep * right.deep)
    found = [part.below for part in (left, right) if part.below is not None]
    data = left.data * right.data
    return _ratio(data, left.places + right.places, most, (reduce(np.multiply, found), deep), [left, right])


def picked(parts: Sequence[Column], *, largest: bool) -> Column:
    """The smallest or largest; one unknown makes the answer unknown."""
    pick = np.maximum if largest else np.minimum
    if plain(parts):
        whole, most, places = _alike(parts)
        return columns.number(reduce(pick, whole), places, max(most), *parts)
    every = common(parts)
    data = reduce(pick, every.data)
    return _ratio(data, every.places, max(every.most), (every.below, every.deep), parts)


def chosen(asked: Column, yes: Column, no: Column) -> Column:
    """Yes where the condition is met, no where it is not, unknown where it is."""
    if yes.below is None and no.below is None:
        return columns.chosen(asked, yes, no)
    found = columns.chosen(asked, *(replace(part, below=None, deep=1) for part in (yes, no)))
    below = np.where(asked.data, _below(yes), _below(no))
    return replace(found, below=below, deep=max(yes.deep, no.deep))


def _below(part: Column) -> Data:
    return np.int64(1) if part.below is None else part.below  # type: ignore[return-value] # one for all


def tightened(part: Column) -> Column:
    """The same with the bounds its integers really have."""
    if part.data.dtype is LARGE:
        raise Unfit
    most = int(np.abs(part.data).max(initial=0))
    deep = 1 if part.below is None else int(part.below.max(initial=1))
    return replace(part, most=most, deep=deep)


def plain(parts: Sequence[Column]) -> bool:
    """Whether there is no quotient among them."""
    for part in parts:  # noqa: SIM110 - asked for every node: a generator costs more than the question
        if part.below is not None:
            return False
    return True


def _alike(parts: Sequence[Column]) -> tuple[list[Data], list[int], int]:
    """Several without a quotient at the places of the widest: their integers, the largest of each, the
    places.
    """
    try:
        return _widened(parts)
    except Unfit:
        return _widened([tightened(part) for part in parts])


def _widened(parts: Sequence[Column]) -> tuple[list[Data], list[int], int]:
    each = [part.places for part in parts]
    places = max(each)
    for part in parts:
        if part.data.dtype is LARGE:
            raise Unfit
    if min(each) == places:
        data, most = [part.data for part in parts], [part.most for part in parts]
    else:
        both = [columns.widened(part, places) for part in parts]
        data, most = [whole for whole, _ in both], [largest for _, largest in both]
    fits(sum(most))
    return data, most, places


def common(parts: Sequence[Column]) -> Common:
    """Several above one divisor."""
    try:
        return _over_one(parts)
    except Unfit:
        return _over_one([tightened(part) for part in parts])


def _over_one(parts: Sequence[Column]) -> Common:
    places, once = 0, 1
    arrays: dict[int, tuple[Data, int]] = {}
    for part in parts:
        if part.data.dtype is LARGE:
            raise Unfit
        places = max(places, part.places)
        if part.below is None:
            continue
        if part.below.ndim:
            arrays[id(part.below)] = part.below, part.deep
        else:
            once = lcm(once, int(part.below))
    deep = fits(once)
    below: Data = np.int64(once)  # type: ignore[assignment] # one for all
    for array, largest in arrays.values():
        deep, below = fits(deep * largest), below * array
    data, most = [], []
    for part in parts:
        own = part.below
        by = once if own is None or own.ndim else once // int(own)
        by, found, large = by * 10 ** (places - part.places), part.data, part.most
        if by != 1:
            large = fits(large * by)
            found = found * np.int64(fits(by))
        for array, largest in arrays.values():
            if array is not own:
                found, large = found * array, large * largest
        data.append(found)
        most.append(large)
    fits(sum(most))
    return Common(data, most, places, below, deep)


def exact(name: str, part: Column, size: int) -> pl.Series:
    """A quotient as exact decimals, as Polars divides them."""
    above = decimals("a", part.spread(size), part.null, part.places, part.most)
    below = np.broadcast_to(_below(part), (size,))
    under = decimals("b", np.ascontiguousarray(below), None, 0, part.deep)
    return pl.select((above / under).alias(name)).to_series()


def dividable(part: Column) -> bool:
    """Whether Polars can divide it as decimals."""
    return part.most < _DECIMAL * 10**part.places and part.deep < _DECIMAL
