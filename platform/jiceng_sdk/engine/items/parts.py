"""Small whole numbers of a row, added up per subject: several of them in one integer.

What depends on a few options, flags and the day alone is worked out once per combination and looked up;
totals of several items then share the bits of one 64-bit number. Grouping costs by the column, so this is
the cheapest way to count. Every field is wide enough for as many rows as a subject may have; that number is
checked after grouping, and grouped again with wider fields should it not suffice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import prod
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.items.arrays import NO_BIT
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.period import Period
from jiceng_sdk.engine.table import KEY, as_column

BITS = 63
COMBINATIONS = 8192
END = 2**63 - 1
"""Beyond every number: what stands for none where the smallest or largest is looked for."""

How = Literal["sum", "any", "bits", "max", "min", "rows"]


@dataclass(frozen=True, slots=True)
class Part:
    """A whole number or flag of every row. `sum`, `any` and `bits` (how many of `width` are seen) are never
    unknown; `max` and `min` leave unknown ones out; `rows` counts rows.
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
    """The integers of all combinations, and the parts they hold. `strides`: the columns that make the number
    of a combination, and by what each is multiplied.
    """

    strides: tuple[tuple[str, int], ...] = ()
    words: tuple[Word, ...] = ()
    holds: frozenset[str] = frozenset()

    def code(self, source: Source) -> NDArray[np.intp]:
        """The number of every row's combination."""
        code = np.zeros(source.rows, np.uint16)
        columns = source.numbers(name for name, _ in self.strides)
        for (_, stride), column in zip(self.strides, columns, strict=True):
            code += column.astype(np.uint16) * np.uint16(stride)
        return code.astype(np.intp)


def width(source: Source) -> int:
    """Bits for the number of rows of a subject: far more than they have on average."""
    mean = source.rows // max(source.size, 1)
    return min((8 * mean + 32).bit_length(), most(source))


def most(source: Source) -> int:
    """Bits for all rows."""
    return max(source.rows, 1).bit_length()


@dataclass(frozen=True, slots=True)
class _Task:
    """What words depend on, to find them again: the columns (name, kind, options, gaps), the period, bits for
    rows, and the parts, compared by what they compute.
    """

    columns: tuple[tuple[str, str, tuple[str, ...], bool], ...]
    period: Period
    rows: int
    mark: tuple[tuple[str, str, int, bytes], ...]
    parts: tuple[Part, ...] = field(compare=False)


def packed(parts: list[Part], source: Source, rows: int) -> Words:
    """Words for the parts that can be looked up. A subject has fewer than `2^rows` rows."""
    values = source.scope.values
    columns = [
        (name, values[name].kind, values[name].options if values[name].enum else (), values[name].nullable)
        for name in source.fields
        if name in values
    ]
    if source.inside and source.dated:
        columns.append(("date", "date", (), False))
    mark = tuple((part.name, part.how, part.width, part.expr.meta.serialize()) for part in parts)
    return _worked_out(_Task(tuple(columns), source.period, rows, mark, tuple(parts)))


@lru_cache(maxsize=256)
def _worked_out(task: _Task) -> Words:
    small = {part.name: frozenset(part.expr.meta.root_names()) for part in task.parts if part.how != "rows"}
    domains = _domains(task)
    mine = [part for part in task.parts if small.get(part.name) and small[part.name].issubset(domains)]
    used = sorted(frozenset().union(*(small[part.name] for part in mine)))
    while prod(domains[name].size for name in used) > COMBINATIONS:
        widest = max(used, key=lambda name: domains[name].size)
        used = [name for name in used if name != widest]
        mine = [part for part in mine if widest not in small[part.name]]
    if not mine:
        return Words()
    table, strides = _combinations([domains[name] for name in used])
    values = table.select(as_column(part.expr).cast(pl.Int64).alias(part.name) for part in mine)
    mine = [part for part in mine if part.how not in ("sum", "any") or _fits(values[part.name], task.rows)]
    sums, bits = [p for p in mine if p.how in ("sum", "any")], [p for p in mine if p.how == "bits"]
    ends = tuple(_end(part, values[part.name]) for part in mine if part.how in ("max", "min"))
    words = (*_sums(sums, values, task.rows), *_bits(bits, values), *ends)
    return Words(strides, words, frozenset(part.name for part in mine))


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


@dataclass(frozen=True, slots=True)
class _Domain:
    """A column with few values: all of them, in the order of their numbers (`Source.numbers`)."""

    values: pl.Series

    @property
    def size(self) -> int:
        return len(self.values)


def _domains(task: _Task) -> dict[str, _Domain]:
    """The columns of few values."""
    found: dict[str, _Domain] = {}
    for name, kind, options, gaps in task.columns:
        if kind == "date" and name == "date":
            days = pl.date_range(task.period.start, task.period.end, eager=True)
            found[name] = _Domain(days.alias(name))
        elif kind == "flag":
            found[name] = _Domain(pl.Series(name, [False, True]))
        elif options:
            known = list(dict.fromkeys(options))
            found[name] = _Domain(pl.Series(name, [*known, *([None] if gaps else [])], dtype=pl.Enum(known)))
    return found


def _combinations(domains: list[_Domain]) -> tuple[pl.DataFrame, tuple[tuple[str, int], ...]]:
    """Every combination of their values, and what makes the number of one."""
    many = prod(domain.size for domain in domains)
    number = pl.int_range(many, dtype=pl.UInt32, eager=True)
    strides: list[tuple[str, int]] = []
    columns, stride = [number.alias(KEY)], many
    for domain in domains:
        stride //= domain.size
        columns.append(domain.values.gather(number // stride % domain.size))
        strides.append((domain.values.name, stride))
    return pl.DataFrame(columns), tuple(strides)


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
