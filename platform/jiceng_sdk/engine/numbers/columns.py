"""Values of many subjects as arrays: numbers as integers at their places, flags, days, words and grades.

Whole numbers only, and every one within a proved bound: numpy wraps silently. What has no such integer is
`Unfit`.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache, reduce
from typing import Any

import numpy as np
import polars as pl
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from jiceng_sdk.engine.numbers.decimals import decimals
from jiceng_sdk.engine.numbers.exact import PLACES, SNAP
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.expressions.symbols import Kind
from jiceng_sdk.rulebook.parts import Rounding

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]
At = NDArray[np.intp]
Data = NDArray[Any]
LARGE = np.dtype(object)
"""Integers of any size."""


class Unfit(Exception):  # noqa: N818 - says which way to take, is no error
    """Not a matter of 64-bit integers; Polars computes it in decimals."""


class Column(Struct, frozen=True, dict=True, eq=False):
    """`data`: integers × 10^−places of at most `most`, flags (false where unknown), days since 1970, levels,
    or the number of a word among `options`; one for all where it is written out. `null`: where there is no
    answer. `absent`: where it is known not to exist: comparing it is "no", not "unknown".

    `below`: a quotient, exact; the data is what stands above. Its integers are positive, of at most `deep`.
    """

    kind: Kind
    data: Data
    null: Flags | None = None
    places: int = 0
    most: int = 0
    options: tuple[str, ...] = ()
    absent: Flags | None = None
    below: Data | None = None
    deep: int = 1

    @property
    def snapped(self) -> "Column":
        """What decisions read and what is stored: itself, or of a quotient its 12 places. Raises Unfit."""
        return self if self.below is None else self._divided

    @cached_property
    def _divided(self) -> "Column":
        """A quotient at 12 places; no other column asks, for one that held itself would never be let go:
        msgspec tells the garbage collector nothing of structs that hold arrays alone.
        """
        return self if self.below is None else _snapped(self, self.below)

    def taken(self, rows: At | slice) -> "Column":
        """The values of some rows."""
        every = (self.null, self.absent, self.data, self.below)
        null, absent, data, below = [one[rows] if one is not None and one.ndim else one for one in every]
        return replace(self, data=data, null=null, absent=absent, below=below)

    def again(self, rows: At) -> "Column":
        """All values, and those of some rows once more behind them."""
        every = (self.null, self.absent, self.data, self.below)
        null, absent, data, below = [
            np.concatenate((one, one[rows])) if one is not None and one.ndim else one for one in every
        ]
        return replace(self, data=data, null=null, absent=absent, below=below)

    def without(self, gone: Flags) -> "Column":
        """Open in these rows too."""
        return replace(self, null=gone if self.null is None else self.null | gone)

    def spread(self, size: int) -> Data:
        """One value per row, also of what is written out."""
        return self.data if self.data.ndim else np.full(size, self.data)

    def holes(self, size: int) -> Flags:
        """Where there is no answer."""
        return np.zeros(size, np.bool_) if self.null is None else self.null

    def exact(self, name: str, size: int) -> pl.Series:
        """A number as exact decimals. Raises InvalidOperationError for what does not fit."""
        return decimals(name, self.spread(size), self.null, self.places, self.most)

    def worded(self, name: str, size: int) -> pl.Series:
        """Flags, days, levels or words as a column of Polars."""
        data = self.spread(size)
        match self.kind:
            case "text":
                numbers = data if self.null is None else np.where(self.null, len(self.options), data)
                return spelled(name, (*self.options, None), numbers)
            case "date":
                return nullable(name, data.astype(np.int32), self.null).cast(pl.Date)
            case "grade":
                return nullable(name, data.astype(np.int16), self.null)
        return nullable(name, data, self.null)


def spelled(name: str, words: Sequence[str | None], numbers: Data) -> pl.Series:
    """Words by their numbers as a column of Polars; numbers of 32 bits are looked up at once. Those of a
    rulebook come as a tuple and are kept.
    """
    at = pl.Series(numbers.astype(np.uint32))
    if isinstance(words, tuple):
        return _spelling(words)[at].alias(name)
    return pl.Series(name, words, dtype=pl.String)[at]


@lru_cache(maxsize=256)
def _spelling(words: tuple[str | None, ...]) -> pl.Series:
    """Words of a rulebook as a column."""
    return pl.Series(words, dtype=pl.String)


def nullable(name: str, data: Data, null: Flags | None) -> pl.Series:
    """An array as a column of Polars."""
    return masked(pl.Series(name, data), null)


def masked(found: pl.Series, null: Flags | None) -> pl.Series:
    """Nothing where there is none."""
    if null is None or not np.count_nonzero(null):
        return found
    return found.zip_with(pl.Series(~null), _nothing(found.dtype))


@lru_cache(maxsize=64)
def _nothing(dtype: pl.DataType) -> pl.Series:
    return pl.Series([None], dtype=dtype)


def known(series: pl.Series) -> Flags:
    """Where a column of Polars has an answer."""
    if not series.null_count():
        return np.ones(len(series), np.bool_)
    yes, no = pl.Series([True]), pl.Series([False])
    return yes.new_from_index(0, len(series)).zip_with(series == series, no).to_numpy()  # noqa: PLR0124 - null stays null


def arrays(series: pl.Series) -> tuple[Data, Flags | None]:
    """Integers, flags or days of a column of Polars, 0 or false where there is none, and where that is."""
    if isinstance(series.dtype, pl.Date):
        series = series.cast(pl.Int32)
    if not series.null_count():
        return series.to_numpy(), None
    there = known(series)
    nothing = pl.Series([False if series.dtype == pl.Boolean else 0], dtype=series.dtype)
    return series.zip_with(pl.Series(there), nothing).to_numpy(), ~there


def _snapped(part: Column, below: Data) -> Column:
    """A quotient at 12 places, half away from zero: digit by digit where 64 bits do not hold it at once."""
    signed, left = int(part.data.min(initial=0)) < 0, SNAP - part.places
    size = np.abs(part.data) if signed else part.data
    deep, above = part.deep, part.most
    if left >= 0 and 2 * above * 10**left + deep < LARGEST:
        out = (size * np.int64(2 * 10**left) + below) // (2 * below)
        data = np.where(part.data < 0, -out, out) if signed else out
        return replace(part, data=data, places=SNAP, most=above * 10**left + 1, below=None, deep=1)
    deep, above = int(below.max(initial=1)), int(size.max(initial=0))
    if left < 0:
        below, deep, left = below * np.int64(fits(10**-left)), fits(deep * 10**-left), 0
    if 2 * above * 10**left + deep < LARGEST:
        out = (size * np.int64(2 * 10**left) + below) // (2 * below)
    else:
        out = size // below
        rest = size - out * below
        fits((int(out.max(initial=0)) + 1) * 10**left)
        step = len(str(LARGEST // fits(2 * deep))) - 1
        while left:
            if not step:
                raise Unfit
            by = np.int64(10 ** min(step, left))
            rest = rest * by
            more = rest // below
            out, rest, left = out * by + more, rest - more * below, left - min(step, left)
        out = out + (2 * rest >= below)
    most = fits(int(out.max(initial=0)))
    data = np.where(part.data < 0, -out, out) if signed else out
    return replace(part, data=data, places=SNAP, most=most, below=None, deep=1)


def any_of(parts: Sequence[Flags | None]) -> Flags | None:
    """Where one of them holds; None: nowhere."""
    found = None
    for part in parts:
        if part is not None:
            found = part if found is None else found | part
    return found


def flag(data: Flags, null: Flags | None = None) -> Column:
    """A condition; unknown ones are kept as false."""
    return Column("flag", data if null is None else data & ~null, null)


def negated(part: Column) -> Column:
    """Not; unknown stays unknown."""
    return flag(np.logical_not(part.data), part.null)


def all_met(parts: Sequence[Column]) -> Column:
    """And: one that fails decides."""
    data = reduce(np.logical_and, [part.data for part in parts])
    null = any_of([part.null for part in parts])
    if null is None:
        return flag(data)
    fails = [~part.data if part.null is None else ~(part.data | part.null) for part in parts]
    return flag(data, null & ~reduce(np.logical_or, fails))


def one_met(parts: Sequence[Column]) -> Column:
    """Or: one that is met decides."""
    data = reduce(np.logical_or, [part.data for part in parts])
    null = any_of([part.null for part in parts])
    return Column("flag", data, None if null is None else null & ~data)


def widened(part: Column, places: int) -> tuple[Data, int]:
    """Integers at more places. Raises Unfit where they would leave 64 bits."""
    if part.below is not None:
        raise Unfit
    if places == part.places:
        return part.data, part.most
    by = 10 ** (places - part.places)
    if part.data.dtype is LARGE:
        return part.data * by, part.most * by
    most = fits(part.most * by)
    return part.data * np.int64(fits(by)), most


def aligned(parts: Sequence[Column]) -> tuple[list[Data], int, int]:
    """Several at the places of the widest: their integers, the largest of all, the places."""
    places = max([part.places for part in parts])
    found, largest = [], 0
    for part in parts:
        data, most = widened(part, places)
        found.append(data)
        largest = max(largest, most)
    return found, largest, places


def comparable(parts: Sequence[Column]) -> list[Data]:
    """Several at the places of the widest, in integers of any size where 64 bits do not suffice."""
    try:
        return aligned(parts)[0]
    except Unfit:
        return aligned([replace(part, data=np.asarray(part.data).astype(object)) for part in parts])[0]


def fits(most: int) -> int:
    """The same. Raises Unfit beyond 64 bits."""
    if most >= LARGEST:
        raise Unfit
    return most


def number(data: Data, places: int, most: int, *parts: Column, null: Flags | None = None) -> Column:
    """A number made of parts: unknown, and absent, where a part is. Raises Unfit beyond 64 bits."""
    if places > PLACES or most >= LARGEST:
        raise Unfit
    holes, absent = null, None
    for part in parts:
        if part.null is not None:
            holes = part.null if holes is None else holes | part.null
        if part.absent is not None:
            absent = part.absent if absent is None else absent | part.absent
    return Column("number", data, holes, places, most, absent=absent)


def added(left: Column, right: Column, *, less: bool = False) -> Column:
    """The sum or the difference."""
    (one, two), most, places = aligned((left, right))
    return number(one - two if less else one + two, places, fits(2 * most), left, right)


def times(left: Column, right: Column) -> Column:
    """The product."""
    fits(left.most * right.most)
    return number(left.data * right.data, left.places + right.places, left.most * right.most, left, right)


def chosen(asked: Column, yes: Column, no: Column) -> Column:
    """Yes where the condition is met, no where it is not, unknown where it is."""
    met = asked.data
    options: tuple[str, ...] = ()
    if yes.kind == "number":
        (one, two), most, places = aligned((yes, no))
    elif yes.kind == "text":
        options = tuple(dict.fromkeys([*yes.options, *no.options]))
        (one, two), most, places = (coded(yes, options), coded(no, options)), 0, 0
    else:
        (one, two), most, places = (yes.data, no.data), 0, 0
    null = any_of((asked.null, _branch(met, yes.null, no.null)))
    data = np.where(met, one, two)
    if yes.kind == "flag" and null is not None:
        data = data & ~null
    return Column(yes.kind, data, null, places, most, options, _branch(met, yes.absent, no.absent))


def _branch(met: Flags, yes: Flags | None, no: Flags | None) -> Flags | None:
    if yes is None and no is None:
        return None
    nowhere = np.False_
    return np.where(met, nowhere if yes is None else yes, nowhere if no is None else no)


def coded(part: Column, options: tuple[str, ...]) -> Data:
    """Words as their numbers among other options; -1: none of them."""
    if part.options == options:
        return part.data
    numbers = {word: n for n, word in enumerate(options)}
    return np.array([numbers.get(word, -1) for word in part.options], np.int64)[part.data]


COMPARED: dict[str, Callable[[Data, Data], Flags]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


def compared(op: str, left: Column, right: Column) -> Column:
    """One comparison of two of a kind. Unknown when a side is; no when a side is known not to exist."""
    if left.kind == "number":
        alike = left.places == right.places and left.below is right.below is None
        one, two = (left.data, right.data) if alike else comparable((left, right))
    elif left.kind == "text":
        options = tuple(dict.fromkeys([*left.options, *right.options]))
        one, two = coded(left, options), coded(right, options)
    else:
        one, two = left.data, right.data
    data, null = COMPARED[op](one, two), any_of((left.null, right.null))
    absent = any_of((left.absent, right.absent))
    if absent is not None:
        data, null = data & ~absent, None if null is None else null & ~absent
    return flag(np.asarray(data, np.bool_), null)


def rounded(part: Column, rule: Rounding) -> Column:
    """Rounded to fewer places as the rule says; a quotient is snapped first."""
    part = part.snapped
    if part.places <= rule.places:
        data, most = widened(part, rule.places)
        return replace(part, data=data, most=most, places=rule.places)
    by = 10 ** (part.places - rule.places)
    if rule.mode == "half_even" or part.most + by >= LARGEST:
        raise Unfit
    more = {"half_up": by // 2, "down": 0, "up": by - 1}[rule.mode]
    size = (np.abs(part.data) + more) // by
    return replace(
        part, data=np.where(part.data < 0, -size, size), most=part.most // by + 1, places=rule.places
    )
