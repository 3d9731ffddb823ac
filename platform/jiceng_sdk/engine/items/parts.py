"""Small whole numbers of a row, added up per subject: several of them in one integer.

What depends on a few options, flags, small numbers and the day alone is worked out once per combination and
looked up; totals of several items then share the bits of one 64-bit number. Grouping costs by the column, so
this is the cheapest way to count. Every field is wide enough for as many rows as a subject may have; that
number is checked before adding up, and wider fields are taken should it not suffice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.exceptions import ComputeError, InvalidOperationError

from jiceng_sdk.engine.formulas.table import KEY, as_column
from jiceng_sdk.engine.items.form import Form, Sized
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers.arrays import NO_BIT
from jiceng_sdk.engine.period import Period

BITS = 63
COMBINATIONS = 8192
NUMBERS = 1024
"""How many different numbers a column may have to be looked up."""
END = 2**63 - 1
"""Beyond every number: what stands for none where the smallest or largest is looked for."""

How = Literal["sum", "any", "bits", "max", "min", "rows", "each"]


@dataclass(frozen=True, slots=True)
class Part:
    """A whole number or flag of every row. `sum`, `any` and `bits` (how many of `width` are seen) are never
    unknown; `max` and `min` leave unknown ones out; `rows` counts rows; `each` is wanted row by row.
    """

    name: str
    expr: pl.Expr
    how: How = "sum"
    width: int = 0

    def column(self) -> pl.Expr:
        """The number of every row."""
        return as_column(self.expr).alias(self.name)


@dataclass(frozen=True, slots=True)
class Field:
    """Some bits of a word: the total of a part, less `low` for every row."""

    name: str
    shift: int
    width: int
    how: How
    low: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """One integer per combination, and where the totals of rows stand in its total.

    `how`: added up, bits joined, the bit of this number joined (`NO_BIT`: none), the largest or smallest.
    """

    table: NDArray[np.int64]
    how: Literal["sum", "bits", "bit", "max", "min"]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The integers of all combinations, and the parts they hold; `each`: what is wanted row by row.
    `columns`: what makes the number of a combination, and how many values each has: digits, the first weighs
    most.
    """

    columns: tuple[tuple[str, int], ...]
    words: tuple[Word, ...]
    each: Mapping[str, NDArray[Any]]
    holds: frozenset[str]

    def code(self, source: Source) -> NDArray[np.intp]:
        """The number of every row's combination."""
        code = source.number(self.columns[0][0])
        if len(self.columns) > 1:
            code = code.astype(np.uint16)
            for name, size in self.columns[1:]:
                code *= np.uint16(size)
                code += source.number(name).astype(np.uint16, copy=False)
        return code.astype(np.intp, copy=False)


def width(source: Source) -> int:
    """Bits for the number of rows of a subject: far more than they have on average."""
    mean = source.rows // max(source.size, 1)
    return (8 * mean + 32).bit_length()


@dataclass(frozen=True, slots=True)
class _Column:
    """What is known of a column that may have few values."""

    name: str
    kind: str
    options: tuple[str, ...] = ()
    gaps: bool = False
    size: Sized | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """What words depend on, to find them again: the columns, the period, bits for rows, and the parts,
    compared by what they compute.
    """

    columns: tuple[_Column, ...]
    period: Period
    rows: int
    mark: tuple[tuple[str, str, int, bytes], ...]
    parts: tuple[Part, ...] = field(compare=False)


def packed(parts: tuple[Part, ...], form: Form, rows: int) -> tuple[Words, ...]:
    """Words for the parts that can be looked up. A subject has fewer than `2^rows` rows."""
    wanted = tuple(part for part in parts if part.how != "rows")
    if not wanted:
        return ()
    mark = tuple((part.name, part.how, part.width, part.expr.meta.serialize()) for part in wanted)
    return _worked_out(_Task(tuple(_columns(form)), form.period, rows, mark, wanted))


def _columns(form: Form) -> Iterator[_Column]:
    for name in form.fields:
        value = form.scope.values[name]
        options = value.options if value.enum else ()
        yield _Column(name, value.kind, options, value.nullable, form.numbers.get(name))
    if form.inside and form.dated:
        yield _Column("date", "date")


@lru_cache(maxsize=256)
def _worked_out(task: _Task) -> tuple[Words, ...]:
    domains = _domains(task)
    groups: list[tuple[frozenset[str], list[Part]]] = []
    for part in task.parts:
        reads = frozenset(part.expr.meta.root_names())
        if reads and reads.issubset(domains) and _many(reads, domains) <= COMBINATIONS:
            _sorted_in(groups, reads, part, domains)
    found = (_looked_up(sorted(reads), parts, domains, task.rows) for reads, parts in groups)
    return tuple(words for words in found if words is not None)


def _many(reads: frozenset[str], domains: Mapping[str, pl.Series]) -> int:
    """How many combinations of values these columns have."""
    return prod(len(domains[name]) for name in reads)


def _sorted_in(
    groups: list[tuple[frozenset[str], list[Part]]],
    reads: frozenset[str],
    part: Part,
    domains: Mapping[str, pl.Series],
) -> None:
    """Put a part to others that it shares combinations with, as long as these are not too many."""
    for n, (others, parts) in enumerate(groups):
        if _many(others | reads, domains) <= COMBINATIONS:
            groups[n] = others | reads, [*parts, part]
            return
    groups.append((reads, [part]))


def _looked_up(
    used: list[str], parts: list[Part], domains: Mapping[str, pl.Series], rows: int
) -> Words | None:
    """The words of parts that read the same columns."""
    table = _combinations([domains[name] for name in used])
    try:
        values = table.select(_whole_number(part) for part in parts)
    except (ComputeError, InvalidOperationError):  # too large for a value that no row may have: row by row
        return None
    mine = [part for part in parts if part.how not in ("sum", "any") or _fits(values[part.name], rows)]
    if not mine:
        return None
    sums, bits = [p for p in mine if p.how in ("sum", "any")], [p for p in mine if p.how == "bits"]
    ends = tuple(_end(part, values[part.name]) for part in mine if part.how in ("max", "min"))
    words = (*_sums(sums, values, rows), *_bits(bits, values), *ends)
    each = {part.name: values[part.name].to_numpy() for part in mine if part.how == "each"}
    columns = tuple((name, len(domains[name])) for name in used)
    return Words(columns, words, each, frozenset(part.name for part in mine))


def _whole_number(part: Part) -> pl.Expr:
    """A part as 64-bit integers; what is wanted row by row stays what it is."""
    return part.column() if part.how == "each" else as_column(part.expr).cast(pl.Int64).alias(part.name)


def _end(part: Part, values: pl.Series) -> Word:
    """The largest or smallest, those without one left out."""
    none = -END if part.how == "max" else END
    table = values.fill_null(none).to_numpy()
    return Word(table, "max" if part.how == "max" else "min", (Field(part.name, 0, 0, part.how),))


def _fits(column: pl.Series, rows: int) -> bool:
    low, high = min(_whole(column.min()), 0), _whole(column.max())
    return _room(high - low, rows) <= BITS


def _room(high: int, rows: int) -> int:
    """Bits for the sum of fewer than `2^rows` numbers up to `high`."""
    return max((high * ((1 << rows) - 1)).bit_length(), 1)


def _domains(task: _Task) -> dict[str, pl.Series]:
    """The columns of few values: all of them, in the order of their numbers (`Source.numbers`)."""
    found = {column.name: _domain(column, task.period) for column in task.columns}
    return {name: values for name, values in found.items() if values is not None}


def _domain(column: _Column, period: Period) -> pl.Series | None:
    name, nothing = column.name, [None] if column.gaps else []
    if column.size is not None:
        return _numbers_of(name, column.size, nothing) if column.size.many <= NUMBERS else None
    if column.kind == "date" and name == "date":
        return pl.date_range(period.start, period.end, eager=True).alias(name)
    if column.kind == "flag":
        return pl.Series(name, [False, True])
    if column.options:
        known = list(dict.fromkeys(column.options))
        return pl.Series(name, [*known, *nothing], dtype=pl.Enum(known))
    return None


def _numbers_of(name: str, size: Sized, nothing: list[None]) -> pl.Series:
    whole = pl.Series(name, [*range(size.low, size.high + 1), *nothing], dtype=pl.Int64)
    if size.scale is None:
        return whole
    return whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, size.scale))


def _combinations(domains: list[pl.Series]) -> pl.DataFrame:
    """Every combination of their values."""
    many = prod(len(domain) for domain in domains)
    number = pl.int_range(many, dtype=pl.UInt32, eager=True)
    columns, stride = [number.alias(KEY)], many
    for domain in domains:
        stride //= len(domain)
        columns.append(domain.gather(number // stride % len(domain)))
    return pl.DataFrame(columns)


def _sums(parts: list[Part], values: pl.DataFrame, rows: int) -> Iterator[Word]:
    """Totals side by side; negative numbers are lifted by the lowest, once for every row."""
    lows = {part.name: min(_whole(values[part.name].min()), 0) for part in parts}
    highs = {part.name: _whole(values[part.name].max()) - lows[part.name] for part in parts}
    needs = {name: _room(high, rows) for name, high in highs.items()}
    for group in _groups(parts, needs):
        table, fields, at = np.zeros(values.height, np.int64), [], 0
        for part in group:
            low, need = lows[part.name], needs[part.name]
            table += (values[part.name].to_numpy() - low) << at
            fields.append(Field(part.name, at, need, part.how, low))
            at += need
        yield Word(table, "sum", tuple(fields))


def _bits(parts: list[Part], values: pl.DataFrame) -> Iterator[Word]:
    """Sets of windows side by side."""
    for group in _groups(parts, {part.name: part.width for part in parts}):
        table, fields, at = np.zeros(values.height, np.int64), [], 0
        for part in group:
            table |= values[part.name].to_numpy() << at
            fields.append(Field(part.name, at, part.width, part.how))
            at += part.width
        single = int(np.bitwise_count(table).max()) <= 1
        yield Word(_numbers(table) if single else table, "bit" if single else "bits", tuple(fields))


def _numbers(bits: NDArray[np.int64]) -> NDArray[np.int64]:
    """Single bits as their numbers."""
    return np.where(bits == 0, NO_BIT, np.bitwise_count(bits - 1)).astype(np.int64)


def _groups(parts: list[Part], needs: dict[str, int]) -> Iterator[list[Part]]:
    """Parts that share a word, in their order."""
    group: list[Part] = []
    for part in parts:
        if group and sum(needs[other.name] for other in group) + needs[part.name] > BITS:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def _whole(end: object) -> int:
    return end if isinstance(end, int) else 0
