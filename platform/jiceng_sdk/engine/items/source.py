"""The rows an item reads: keyed by subject or by cell, with the named values of the subject beside them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.door import ROW_KEY, Rows
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.table import KEY, Table
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.numbers import columns as masked
from jiceng_sdk.engine.numbers.exact import ROW
from jiceng_sdk.engine.period import Period

Numbers = NDArray[Any]
"""A column of rows as numbers."""
CODED = "~code:"
_FIRST_DAY = date(1970, 1, 1)
_SHORT = 2**16 - 1


def code_of(field: str) -> str:
    """Column with the number of a field's word."""
    return f"{CODED}{field}"


@dataclass(frozen=True)
class Source:
    """Rows of one fact: `handed` has their columns and `key`, the column with the number of the subject or
    cell; `size`: how many of these there are. `coded`: how many different values fields of `form.coded` have.
    """

    form: Form
    handed: Rows
    key: str
    size: int
    codes: Mapping[str, pl.Series] = field(default_factory=dict)
    coded: Mapping[str, int] = field(default_factory=dict)
    held: dict[Hashable, Numbers] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.handed.height

    @property
    def scope(self) -> Scope:
        """What formulas over the rows read."""
        return self.form.scope

    @cached_property
    def given(self) -> pl.DataFrame:
        """The rows with `@` and the numbers of coded fields."""
        found = self.handed.frame
        if self.key != KEY:
            found = found.clone()
            found.columns = [KEY if column == self.key else column for column in found.columns]
        return found.with_columns(self.codes.values()) if self.codes else found

    @property
    def frame(self) -> pl.LazyFrame:
        """The rows, for what is put together step by step."""
        return self.given.lazy()

    @cached_property
    def keys(self) -> Numbers:
        """The number of every row's subject, as narrow as it is kept."""
        return self.handed.columns[self.key].to_numpy()

    @cached_property
    def rows_at(self) -> NDArray[np.intp]:
        """The number of every row's subject."""
        return self.keys.astype(np.intp)

    @cached_property
    def many(self) -> NDArray[np.intp]:
        """How many rows every subject has."""
        return np.bincount(self.rows_at, minlength=self.size)

    def number(self, name: str) -> Numbers:
        """A column of few values as numbers: days from the period's first, options by their place, numbers
        from the least (a missing one behind the last), flags, codes of `coded` fields. It is made once.
        """
        found = self.held.get(name)
        if found is None:
            found = self.held[name] = self._made(name)
        return found

    def _made(self, name: str) -> Numbers:
        rows = self.handed
        if name in self.codes:
            return self.codes[name].to_numpy()
        column = rows.columns[name]
        if name == "date":
            first = (self.form.period.start - _FIRST_DAY).days
            days: Numbers = column.cast(pl.Int32).to_numpy().astype(np.uint16)
            days -= np.uint16(
                first & _SHORT
            )  # days of the period: the difference is right, whatever is cut off
            return days
        if name in rows.whole:
            return self._numbered(name, rows.whole[name])
        if name not in rows.words and self.form.inner(name):
            inner = _inner(name, number=name in self.form.numbers)
            return self._numbered(name, rows.frame.select_seq(inner).to_series())
        return self._numbered(name, column)

    def _numbered(self, name: str, column: pl.Series) -> Numbers:
        """Integers, flags or the places of words, from 0 on."""
        data, null = masked.arrays(column)
        size = self.form.numbers.get(name)
        if size is not None and size.low:
            data = data - np.int64(size.low)
        if null is None:
            return data
        last = len(dict.fromkeys(self.scope.values[name].options)) if size is None else size.many
        return np.where(null, np.int64(last), data)


def source(form: Form, rows: Rows, size: int, unit: str | None, beside: Sequence[pl.Series] = ()) -> Source:
    """The rows of a fact; `unit`: their sub-period; `beside`: one value per subject for `form.beside`."""
    key = ROW_KEY
    if unit is not None:
        rows, key = _of(_in_cells(rows.frame, form.period, unit), rows), KEY
    if beside:
        at = rows.columns[key]
        rows = _of(rows.frame.with_columns(column.gather(at) for column in beside), rows)
    if not form.coded:
        return Source(form, rows, key, size)
    found = {name: _coded(rows, name) for name in sorted(form.coded)}
    codes = {name: numbers.alias(code_of(name)) for name, (numbers, _) in found.items()}
    return Source(form, rows, key, size, codes, {name: many for name, (_, many) in found.items()})


def _of(frame: pl.DataFrame, rows: Rows) -> Rows:
    """Rows that have been changed."""
    return Rows({column.name: column for column in frame.get_columns()}, rows.open)


def columns_beside(table: Table, names: Iterable[str]) -> list[pl.Series]:
    """What outside names stand on, one value per subject."""
    return [table.frame[column] for column in table.needed(names)]


@lru_cache(maxsize=1024)
def _inner(name: str, *, number: bool) -> pl.Expr:
    """What stands inside a column of words or decimals."""
    return pl.col(name).to_physical().cast(pl.Int64) if number else pl.col(name).to_physical()


def _coded(rows: Rows, name: str) -> tuple[pl.Series, int]:
    """Words as numbers, and how many there can be; a missing word is one of its own."""
    column = rows.columns[name]
    if name in rows.words:
        last, numbers = len(dict.fromkeys(rows.words[name])), column.cast(ROW)
    elif name in rows.coded:
        numbers = rows.coded[name]
        most = numbers.max()
        last = most + 1 if isinstance(most, int) else 0
    else:
        words = column.dtype if isinstance(column.dtype, pl.Enum) else pl.Enum(column.unique().drop_nulls())
        last, numbers = len(words.categories), column.cast(words).to_physical().cast(ROW)
    return (numbers.fill_null(last) if numbers.null_count() else numbers), last + 1


def _in_cells(frame: pl.DataFrame, period: Period, unit: str) -> pl.DataFrame:
    """Rows of the period by the number of subject and sub-period."""
    cells = period.cells(unit)
    inside = frame.filter(pl.col("date") >= period.start)
    cell = windows.number(unit, period).cast(ROW)
    return inside.with_columns((pl.col(ROW_KEY) * cells + cell).alias(KEY)).drop(ROW_KEY)
