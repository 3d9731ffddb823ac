"""What is known of the rows of a fact without looking at them: names, kinds, bounds. What items come to is
planned from this alone, so a plan holds for every evaluation with rows of the same form.

Bounds are powers of two: they change seldom.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import polars as pl

from jiceng_sdk.engine.door import CELL_KEY, ROW_KEY, VOTES, Rows
from jiceng_sdk.engine.door.rows import MOST_VOTES
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import EXACT, SNAP, lit, whole
from jiceng_sdk.engine.period import Period
from jiceng_sdk.rulebook.parts import WINDOWS, Fact, Field

BY = "by "
"""Stands before a field that rows are grouped by, among the names they read."""


@dataclass(frozen=True, slots=True)
class Sized:
    """Numbers of a column: decimals of `scale` places, integers where it is None; times 10^scale they lie
    from `low` to `high`.
    """

    scale: int | None
    low: int
    high: int

    @property
    def many(self) -> int:
        """How many different ones there can be."""
        return self.high - self.low + 1


@dataclass(frozen=True, slots=True)
class Shape:
    """What a form depends on beside the rulebook: columns, those with gaps, bits for the number of rows, and
    the numbers that have integers.
    """

    columns: tuple[str, ...]
    open: frozenset[str]
    bits: int
    numbers: tuple[tuple[str, Sized], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """`scope` reads fields, `date` and outside names; `beside`: columns of outside names; `inside`: all days
    lie in the period; `bits`: for the number of all rows; `coded`: fields that rows are grouped by.
    """

    scope: Scope
    fields: tuple[str, ...]
    beside: tuple[str, ...]
    dated: bool
    tallied: bool
    inside: bool
    bits: int
    period: Period
    coded: frozenset[str]
    numbers: Mapping[str, Sized]

    def inner(self, name: str) -> bool:
        """Whether a column shows its numbers only to a query: words and decimals."""
        size = self.numbers.get(name)
        return self.scope.values[name].enum if size is None else size.scale is not None

    @property
    def rows(self) -> int:
        """More rows than there are."""
        return 1 << self.bits

    @property
    def most(self) -> int:
        """How many rows, counted by their votes, there can be."""
        return self.rows * (MOST_VOTES if self.tallied else 1)

    @property
    def votes(self) -> pl.Expr:
        """How many equal rows a row stands for."""
        return pl.col(VOTES) if self.tallied else pl.lit(1, dtype=pl.Int64)


def shape(rows: Rows, columns: tuple[str, ...], numeric: Iterable[str]) -> Shape:
    """The shape of rows that have passed the door, with these columns; `numeric`: those that hold numbers."""
    found = [(name, _size(rows, name)) for name in numeric]
    numbers = tuple((name, size) for name, size in found if size is not None)
    return Shape(columns, rows.open, max(rows.height, 1).bit_length(), numbers)


def _size(rows: Rows, name: str) -> Sized | None:
    """How a column of rows keeps its numbers."""
    whole, column = rows.whole.get(name), rows.columns[name]
    if whole is None:
        return sized(column)
    low, high = (_times(end, 0) for end in (whole.min(), whole.max()))
    return rounded(getattr(column.dtype, "scale", None), low, high)


def numeric(fact: Fact, columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that hold numbers."""
    return tuple(column for column in columns if _numeric(fact, column))


def form(
    name: str,
    fact: Fact,
    known: Shape,
    scope: Scope,
    reads: Iterable[str],
    period: Period,
    beside: Iterable[str],
) -> Form:
    """`reads`: every name the items read, their windows too."""
    numbers = dict(known.numbers)
    own = {column: _value(name, fact, column, known, numbers) for column in own_names(fact, known.columns)}
    coded = {read.removeprefix(BY) for read in reads if read.startswith(BY)}
    return Form(
        scope.over(own),
        tuple(column for column in own if column not in ("date", VOTES)),
        tuple(beside),
        "date" in known.columns,
        VOTES in known.columns,
        fact.since == "period" and fact.source != "roster" and "date" not in known.open,
        known.bits,
        period,
        frozenset(field for field in coded if _worded(fact, field) and field in known.columns),
        numbers,
    )


def own_names(fact: Fact, columns: Iterable[str]) -> list[str]:
    """What a row itself gives a name to."""
    found = [column for column in columns if column not in (ROW_KEY, CELL_KEY, VOTES)]
    return [*found, VOTES] if fact.kind == "ballot" else found


def _numeric(fact: Fact, column: str) -> bool:
    if column == "result.score":
        return True
    field = fact.fields.get(column)
    return field is not None and field.kind == "number" and not fact.many


def _worded(fact: Fact, column: str) -> bool:
    """Whether a column has words, known or free."""
    field = fact.fields.get(column)
    return column not in WINDOWS and field is not None and field.kind not in ("number", "flag", "date")


def _value(name: str, fact: Fact, column: str, known: Shape, numbers: Mapping[str, Sized]) -> Value:
    col, nullable = pl.col(column), column in known.open
    if column == VOTES:
        return Value(whole(col) if VOTES in known.columns else lit(1), "number", nullable=False)
    if column == "result.score":
        return measured(column, numbers.get(column), SNAP, nullable=nullable)
    if column == "date":
        return Value(col, "date", nullable=nullable)
    if column in ("result.grade", "result.role") or column == name:
        return _words(col, () if column == "result.role" else fact.options, nullable=nullable)
    return _of_field(column, fact.fields[column], numbers.get(column), nullable=nullable)


def _of_field(column: str, field: Field, size: Sized | None, *, nullable: bool) -> Value:
    match field.kind:
        case "number":
            return measured(column, size, field.places, nullable=nullable)
        case "flag":
            return Value(pl.col(column), "flag", nullable=False)
        case "date":
            return Value(pl.col(column), "date", nullable=nullable)
    return _words(pl.col(column), field.options, nullable=nullable)


def _words(col: pl.Expr, options: tuple[str, ...], *, nullable: bool) -> Value:
    return Value(col, "text", 0, options, nullable=nullable, enum=bool(options))


def number(given: pl.Series, places: int, *, nullable: bool) -> Value:
    """A number as the door keeps it: exact where it is read, and its integer where all of them fit."""
    return measured(given.name, sized(given), places, nullable=nullable)


def sized(given: pl.Series) -> Sized | None:
    """How a column of numbers is kept; None: as exact decimals."""
    if given.dtype == EXACT:
        return None
    scale = getattr(given.dtype, "scale", None)
    low, high = (_times(end, scale or 0) for end in (given.min(), given.max()))
    return rounded(scale, low, high)


def _times(end: object, scale: int) -> int:
    """The least or the largest as an integer; 0 where there is none."""
    return int(end.scaleb(scale)) if isinstance(end, Decimal) else end if isinstance(end, int) else 0


def rounded(scale: int | None, low: int, high: int) -> Sized:
    """From −2^k or 0 to 2^k − 1."""
    least = -(1 << (-low - 1).bit_length()) if low < 0 else 0
    return Sized(scale, least, (1 << max(high, 0).bit_length()) - 1)


@lru_cache(maxsize=4096)
def measured(name: str, size: Sized | None, places: int, *, nullable: bool) -> Value:
    """The value of a column of numbers."""
    col = pl.col(name)
    if size is None:
        return Value(col, "number", places, nullable=nullable)
    by = 10 ** (places - (size.scale or 0))
    small = col if size.scale is None else col.to_physical().cast(pl.Int64)
    small = small if by == 1 else small * pl.lit(by, dtype=pl.Int64)
    scaled = integers.fitting(small, max(-size.low, size.high) * by)
    expr = col.cast(EXACT) if scaled is None else integers.exact(scaled, places)
    return Value(expr, "number", places, nullable=nullable, scaled=scaled)
