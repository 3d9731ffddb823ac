"""The rows an item reads: keyed by subject or by cell, with the named values of the subject beside them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine import columns as masked
from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.door import ROW_KEY, Rows
from jiceng_sdk.engine.exact import ROW
from jiceng_sdk.engine.items.form import Form
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import KEY, Table

Numbers = NDArray[Any]
"""A column of rows as numbers."""
CODED = "~code:"
_FIRST_DAY = date(1970, 1, 1)


def code_of(field: str) -> str:
    """Column with the number of a field's word."""
    return f"{CODED}{field}"


@dataclass(frozen=True)
class Source:
    """Rows of one fact: `base` has their columns and `key`, the column with the number of the subject or
    cell; `size`: how many of these there are. `coded`: how many different values fields of `form.coded` have.
    """

    form: Form
    base: pl.DataFrame
    key: str
    size: int
    codes: Mapping[str, pl.Series] = field(default_factory=dict)
    coded: Mapping[str, int] = field(default_factory=dict)
    held: dict[Hashable, Numbers] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows."""
        return self.base.height

    @property
    def scope(self) -> Scope:
        """What formulas over the rows read."""
        return self.form.scope

    @cached_property
    def given(self) -> pl.DataFrame:
        """The rows with `@` and the numbers of coded fields."""
        found = self.base
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
        return self.base[self.key].to_numpy()

    @cached_property
    def rows_at(self) -> NDArray[np.intp]:
        """The number of every row's subject."""
        return self.keys.astype(np.intp)

    @cached_property
    def many(self) -> NDArray[np.intp]:
        """How many rows every subject has."""
        return np.bincount(self.rows_at, minlength=self.size)

    def numbers(self, *names: str) -> list[Numbers]:
        """Columns of few values as numbers: days from the period's first, options by their place, numbers
        from the least (a missing one behind the last), flags, codes of `coded` fields. Each is made once.
        """
        lacking = [name for name in names if name not in self.held]
        if inner := [name for name in lacking if self.form.inner(name)]:
            found = self.base.select_seq(_inner(name, number=name in self.form.numbers) for name in inner)
            self.held.update({name: self._numbered(name, found[name]) for name in inner})
        self.held.update({name: self._direct(name) for name in lacking if name not in self.held})
        return [self.held[name] for name in names]

    def _direct(self, name: str) -> Numbers:
        """Days, integers, flags and codes, which need no query."""
        if name in self.codes:
            return self.codes[name].to_numpy()
        if name == "date":
            first = np.int32((self.form.period.start - _FIRST_DAY).days)
            days: Numbers = self.base[name].cast(pl.Int32).to_numpy() - first
            return days
        return self._numbered(name, self.base[name])

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
    frame, key = rows.frame, ROW_KEY
    if unit is not None:
        frame, key = _in_cells(frame, form.period, unit), KEY
    if beside:
        at = frame[key]
        frame = frame.with_columns(column.gather(at) for column in beside)
    found = {name: _coded(frame[name]) for name in sorted(form.coded)}
    codes = {name: numbers.alias(code_of(name)) for name, (numbers, _) in found.items()}
    return Source(form, frame, key, size, codes, {name: many for name, (_, many) in found.items()})


def columns_beside(table: Table, names: Iterable[str]) -> list[pl.Series]:
    """What outside names stand on, one value per subject."""
    return [table.frame[column] for column in table.needed(names)]


@lru_cache(maxsize=1024)
def _inner(name: str, *, number: bool) -> pl.Expr:
    """What stands inside a column of words or decimals."""
    return pl.col(name).to_physical().cast(pl.Int64) if number else pl.col(name).to_physical()


def _coded(column: pl.Series) -> tuple[pl.Series, int]:
    """Words as numbers, and how many there can be; a missing word is one of its own."""
    if not isinstance(column.dtype, pl.Enum):
        column = column.cast(pl.Enum(column.drop_nulls().unique()))
    last = len(column.dtype.categories)  # type: ignore[attr-defined] # an Enum
    numbers = column.to_physical().cast(ROW)
    return (numbers.fill_null(last) if numbers.null_count() else numbers), last + 1


def _in_cells(frame: pl.DataFrame, period: Period, unit: str) -> pl.DataFrame:
    """Rows of the period by the number of subject and sub-period."""
    cells = period.cells(unit)
    inside = frame.filter(pl.col("date") >= period.start)
    cell = windows.number(unit, period).cast(ROW)
    return inside.with_columns((pl.col(ROW_KEY) * cells + cell).alias(KEY)).drop(ROW_KEY)
