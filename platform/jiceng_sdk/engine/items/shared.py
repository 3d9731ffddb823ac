"""What all items of a fact that need no window come to, in one pass over its rows.

Whole numbers are added up in arrays by the number of the subject; everything else (decimals, tallies) is left
to Polars.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.items import arrays, parts
from jiceng_sdk.engine.items.arrays import Codes, Whole
from jiceng_sdk.engine.items.parts import Field, Part, Word, Words
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.table import KEY

END = 2**63 - 1
CODE = "~code"


class Shared:
    """`parts`: whole numbers of the rows; `exprs`: aggregations of everything else."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.parts: list[Part] = []
        self.exprs: list[pl.Expr] = []

    def lazy(self) -> list[pl.LazyFrame]:
        """The aggregations of everything else by `@`, if there are any."""
        return [self.source.frame.group_by(KEY).agg(self.exprs)] if self.exprs else []

    def totals(self) -> list[pl.Series]:
        """The total of every part, one value per subject."""
        if not self.parts:
            return []
        source = self.source
        at = source.rows_at()
        many = np.bincount(at, minlength=source.size)
        bits = parts.width(source)
        if len(many) and int(many.max()) >> bits:
            bits = parts.most(source)
        packed = parts.packed(self.parts, source, bits)
        alone = [part for part in self.parts if part.name not in packed.holds]
        code = self._code(packed) if packed.words else at
        found = [total for word in packed.words for total in _read(word, code, at, many)]
        wanted = [part.column() for part in alone if part.how != "rows"]
        rows = source.given.select(wanted) if wanted else pl.DataFrame()
        return [*found, *(_alone(part, rows, at, many) for part in alone)]

    def _code(self, packed: Words) -> Codes:
        """The number of every row's combination."""
        return self.source.given.select(packed.code.alias(CODE))[CODE].to_numpy()


def _read(word: Word, code: Codes, at: NDArray[np.intp], many: Whole) -> list[pl.Series]:
    """The totals that stand in a word's total."""
    total = {"sum": arrays.added, "bits": arrays.joined, "bit": arrays.marked}[word.how]
    found = total(at, word.table[code], len(many))
    return [pl.Series(field.name, _field(field, found, many)) for field in word.fields]


def _field(field: Field, total: Whole, many: Whole) -> Whole | NDArray[np.bool_]:
    some: Whole = (total >> field.shift) & ((1 << field.width) - 1)
    match field.how:
        case "any":
            return some > 0
        case "bits":
            return np.bitwise_count(some).astype(np.int64)
    return some + many * field.low if field.low else some


def _alone(part: Part, rows: pl.DataFrame, at: NDArray[np.intp], many: Whole) -> pl.Series:
    """The total of one part by itself; the largest or smallest of nothing is 0."""
    if part.how == "rows":
        return pl.Series(part.name, many)
    column, size = rows[part.name], len(many)
    if part.how == "any" or column.dtype == pl.Boolean:
        hits = np.bincount(at[column.to_numpy()], minlength=size)
        return pl.Series(part.name, hits > 0 if part.how == "any" else hits)
    if part.how == "sum":
        return pl.Series(part.name, arrays.added(at, column.to_numpy(), size))
    if part.how == "bits":
        seen = np.bitwise_count(arrays.joined(at, column.to_numpy(), size))
        return pl.Series(part.name, seen.astype(np.int64))
    there = column.is_not_null().to_numpy()
    at, values = (at, column.to_numpy()) if there.all() else (at[there], column.drop_nulls().to_numpy())
    out = np.full(size, -END if part.how == "max" else END, np.int64)
    (np.maximum if part.how == "max" else np.minimum).at(out, at, values)
    out[np.abs(out) == END] = 0
    return pl.Series(part.name, out)
