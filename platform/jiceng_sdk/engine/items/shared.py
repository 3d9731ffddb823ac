"""What all items of a fact that need no window come to, in one pass over its rows.

Whole numbers are added up in arrays by the number of the subject; everything else (decimals, tallies) is left
to Polars.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.items import arrays, parts
from jiceng_sdk.engine.items.arrays import Whole
from jiceng_sdk.engine.items.parts import END, Field, Part, Word
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.table import KEY

At = NDArray[np.intp]


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
        source, counts = self.source, any(part.how in ("sum", "any", "rows") for part in self.parts)
        bits = parts.width(source)
        if counts and source.size and int(source.many().max()) >> bits:
            bits = parts.most(source)
        packed = parts.packed(self.parts, source, bits)
        found: list[pl.Series] = []
        if packed.words:
            code = packed.code(source)
            found += (total for word in packed.words for total in _read(word, code, source))
            del code
        alone = [part for part in self.parts if part.name not in packed.holds]
        wanted = [part.column() for part in alone if part.how != "rows"]
        rows = source.given.select(wanted) if wanted else pl.DataFrame()
        return [*found, *(_alone(part, rows, source) for part in alone)]


def _read(word: Word, code: At, source: Source) -> list[pl.Series]:
    """The totals that stand in a word's total."""
    at, size = source.rows_at(), source.size
    match word.how:
        case "sum":
            found = arrays.added(at, word.table[code], size)
        case "bits":
            found = arrays.joined(at, word.table[code], size)
        case "bit":
            found = arrays.marked(at, word.table[code], size)
        case "max" | "min":
            return [pl.Series(word.fields[0].name, _end(word.how, at, word.table[code], size))]
    return [pl.Series(field.name, _field(field, found, source)) for field in word.fields]


def _end(how: str, at: At, values: Whole, size: int) -> Whole:
    """The largest or smallest; of nothing 0."""
    out = np.full(size, -END if how == "max" else END, np.int64)
    (np.maximum if how == "max" else np.minimum).at(out, at, values)
    out[np.abs(out) == END] = 0
    return out


def _field(field: Field, total: Whole, source: Source) -> Whole | NDArray[np.bool_]:
    some: Whole = total >> field.shift
    some &= (1 << field.width) - 1
    match field.how:
        case "any":
            return some > 0
        case "bits":
            return np.bitwise_count(some, out=some)
    return some + source.many() * field.low if field.low else some


def _alone(part: Part, rows: pl.DataFrame, source: Source) -> pl.Series:
    """The total of one part by itself."""
    if part.how == "rows":
        return pl.Series(part.name, source.many())
    column, at, size = rows[part.name], source.rows_at(), source.size
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
    return pl.Series(part.name, _end(part.how, at, values, size))
