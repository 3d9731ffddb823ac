"""The rows an item reads: keyed by subject or by cell, with the named values of the subject beside them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine import integers
from jiceng_sdk.engine import period as windows
from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY, VOTES, Rows
from jiceng_sdk.engine.door.rows import MOST_VOTES
from jiceng_sdk.engine.exact import EXACT, ROW, SNAP, lit, whole
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import KEY, Table
from jiceng_sdk.engine.value import Value
from jiceng_sdk.rulebook.parts import WINDOWS, Fact, Field

Numbers = NDArray[Any]
"""A column of rows as numbers."""


@dataclass(frozen=True, slots=True)
class Source:
    """Rows of one fact ready to be scored: `given` has `@`; `scope` reads fields, `date` and
    outside names; `coded`: fields that are windows of an item, and how many different values they have.
    """

    given: pl.DataFrame
    scope: Scope
    fields: tuple[str, ...]
    beside: tuple[str, ...]
    dated: bool
    tallied: bool
    inside: bool
    size: int
    rows: int
    period: Period
    coded: dict[str, int]
    held: dict[str, Numbers] = field(default_factory=dict, repr=False, compare=False)

    def rows_at(self) -> NDArray[np.intp]:
        """The number of every row's subject."""
        if AT not in self.held:
            self.held[AT] = self.given[KEY].to_numpy().astype(np.intp)
        return self.held[AT]

    def many(self) -> NDArray[np.intp]:
        """How many rows every subject has."""
        if MANY not in self.held:
            self.held[MANY] = np.bincount(self.rows_at(), minlength=self.size)
        return self.held[MANY]

    def numbers(self, names: Iterable[str]) -> list[Numbers]:
        """Columns of few values as numbers: days from the period's first, options by their place (a missing
        one behind the last), flags, codes of `coded` fields. Each is made once.
        """
        names = list(names)
        lacking = [name for name in names if name not in self.held]
        self.held.update({name: self._direct(name) for name in lacking if not self._worded(name)})
        if words := [name for name in lacking if self._worded(name)]:
            made = self.given.select(self._option(name) for name in words)
            self.held.update({name: made[name].to_numpy() for name in words})
        return [self.held[name] for name in names]

    def _worded(self, name: str) -> bool:
        """Whether a column holds options."""
        return isinstance(self.given.schema[name], pl.Enum)

    def _direct(self, name: str) -> Numbers:
        """Days, flags and codes, which need no query."""
        column = self.given[name]
        if name != "date":
            return column.to_numpy()
        return column.cast(pl.Int32).to_numpy() - np.int32((self.period.start - date(1970, 1, 1)).days)

    def _option(self, name: str) -> pl.Expr:
        value, number = self.scope.values[name], pl.col(name).to_physical()
        last = len(dict.fromkeys(value.options))
        return number.cast(ROW).fill_null(last) if value.nullable else number

    @property
    def frame(self) -> pl.LazyFrame:
        """The rows, for what is put together step by step."""
        return self.given.lazy()

    @property
    def most(self) -> int:
        """How many rows, counted by their votes, there can be."""
        return max(self.rows, 1) * (MOST_VOTES if self.tallied else 1)

    @property
    def votes(self) -> pl.Expr:
        """How many equal rows a row stands for."""
        return pl.col(VOTES) if self.tallied else pl.lit(1, dtype=pl.Int64)


def source(
    name: str,
    fact: Fact,
    rows: Rows,
    table: Table,
    scope: Scope,
    reads: Iterable[str],
    period: Period,
    unit: str | None,
) -> Source:
    """Rows of a fact for the items of one table. `reads`: every name these items read, their windows too;
    `unit`: their sub-period.
    """
    frame = rows.frame
    own = _own(name, fact, rows)
    outside = [read for read in reads if read not in own and read in table.values]
    frame = _keyed(frame, period, unit)
    gathered = [table.frame[column].gather(frame[KEY]) for column in table.needed(outside)]
    if gathered:
        frame = frame.with_columns(gathered)
    frame, coded = _coded(frame, fact, reads)
    fields = tuple(column for column in own if column not in ("date", VOTES))
    return Source(
        frame,
        scope.over(own),
        fields,
        tuple(column.name for column in gathered),
        "date" in frame.columns,
        rows.tallied,
        fact.since == "period" and fact.source != "roster" and "date" not in rows.open,
        table.size,
        frame.height,
        period,
        coded,
    )


CODED = "~code:"
AT, MANY = "~at", "~many"
BY = "by "
"""Stands before a field that rows are grouped by, among the names they read."""


def code_of(field: str) -> str:
    """Column with the number of a field's word."""
    return f"{CODED}{field}"


def _coded(frame: pl.DataFrame, fact: Fact, reads: Iterable[str]) -> tuple[pl.DataFrame, dict[str, int]]:
    """Words of fields that rows are grouped by, as numbers; a missing word is one of its own."""
    columns, coded = [], {}
    for name in (read.removeprefix(BY) for read in reads if read.startswith(BY)):
        if name in WINDOWS or name not in fact.fields or name not in frame.columns:
            continue
        column = frame[name]
        if column.dtype == pl.String:
            column = column.cast(pl.Enum(column.drop_nulls().unique()))
        if isinstance(column.dtype, pl.Enum):
            coded[name] = len(column.dtype.categories) + 1
            numbers = column.to_physical().cast(ROW).fill_null(coded[name] - 1)
            columns.append(numbers.alias(code_of(name)))
    return (frame.with_columns(columns) if columns else frame), coded


def _keyed(frame: pl.DataFrame, period: Period, unit: str | None) -> pl.DataFrame:
    if unit is None:
        found = frame.clone()
        found.columns = [KEY if column == ROW_KEY else column for column in frame.columns]
        return found
    cells = period.cells(unit)
    inside = frame.filter(pl.col("date") >= period.start)
    cell = windows.number(unit, period).cast(ROW)
    return inside.with_columns((pl.col(ROW_KEY) * cells + cell).alias(KEY)).drop(ROW_KEY)


def _own(name: str, fact: Fact, rows: Rows) -> dict[str, Value]:
    """The fields of a row as named values."""
    found: dict[str, Value] = {}
    if "date" in rows.frame.columns:
        found["date"] = Value(pl.col("date"), "date", nullable="date" in rows.open)
    for column in rows.frame.columns:
        if column in (ROW_KEY, CELL_KEY, "date", VOTES):
            continue
        found[column] = _field(name, fact, rows.frame[column], nullable=column in rows.open)
    if fact.kind == "ballot":
        votes = whole(pl.col(VOTES)) if rows.tallied else lit(1)
        found[VOTES] = Value(votes, "number", nullable=False)
    return found


def _field(name: str, fact: Fact, given: pl.Series, *, nullable: bool) -> Value:
    column, col = given.name, pl.col(given.name)
    if column == "result.score":
        return number(given, SNAP, nullable=nullable)
    if column in ("result.grade", "result.role") or column == name:
        words = () if column == "result.role" else fact.options
        return Value(col, "text", 0, words, nullable=nullable, enum=bool(words))
    field: Field = fact.fields[column]
    match field.kind:
        case "number":
            return number(given, field.places, nullable=nullable)
        case "flag":
            return Value(col, "flag", nullable=False)
        case "date":
            return Value(col, "date", nullable=nullable)
    return Value(col, "text", 0, field.options, nullable=nullable, enum=bool(field.options))


def number(given: pl.Series, places: int, *, nullable: bool) -> Value:
    """A number as the door keeps it: exact where it is read, and its integer where all of them fit."""
    col, scale = pl.col(given.name), getattr(given.dtype, "scale", 0)
    if given.dtype == EXACT:
        return Value(col, "number", places, nullable=nullable)
    ends = [abs(Decimal(str(end))) for end in (given.min(), given.max()) if end is not None]
    largest = int(max(ends, default=Decimal(0)).scaleb(places))
    small = col.to_physical().cast(pl.Int64) if given.dtype.is_decimal() else col
    if scale < places:
        small = small * pl.lit(10 ** (places - scale), dtype=pl.Int64)
    scaled = integers.fitting(small, largest)
    expr = col.cast(EXACT) if scaled is None else integers.exact(scaled, places)
    return Value(expr, "number", places, nullable=nullable, scaled=scaled)
