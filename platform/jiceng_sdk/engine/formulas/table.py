"""A frame of subjects, or of subjects × sub-periods, growing one named column per value.

New columns wait and are made together, one query per depth of reading, as soon as the frame is looked at.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache

import polars as pl
from msgspec import structs

from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers, quotients
from jiceng_sdk.engine.numbers.columns import Column, Data, Flags, Unfit, arrays, nullable
from jiceng_sdk.engine.numbers.exact import EXACT, SNAP
from jiceng_sdk.engine.numbers.given import measured, optional
from jiceng_sdk.expressions.symbols import Kind

KEY = "@"
"""The row number of a table: 0…n−1, dense and in order."""


def applies(node: str) -> str:
    """Column that says whether a node applies to the subject."""
    return f"{node}:applies"


def as_column(expr: pl.Expr) -> pl.Expr:
    """The same value in every row, also when it reads no column: windows and sums need a full column."""
    return expr if expr.meta.root_names() else pl.when(pl.col(KEY).is_not_null()).then(expr).otherwise(None)


class Waiting:
    """Columns not made yet, by depth: a column stands behind those it reads, before it is written again."""

    def __init__(self) -> None:
        self.layers: list[list[pl.Expr | pl.Series]] = []
        self.made: dict[str, int] = {}
        self.ready: dict[str, pl.Series] = {}
        self._read: dict[str, int] = {}

    def add(self, column: pl.Expr | pl.Series) -> str:
        """Put a column into the first layer in which what it reads is there; returns its name."""
        if isinstance(column, pl.Series):
            name, reads = column.name, []
            self.ready[name] = column
        else:
            name, reads = column.meta.output_name(), column.meta.root_names()
            self.ready.pop(name, None)
        made = self.made
        depth = max((made[read] + 1 for read in reads if read in made), default=0)
        depth = max(depth, made.get(name, -1) + 1, self._read.get(name, 0))
        while len(self.layers) <= depth:
            self.layers.append([])
        self.layers[depth].append(column)
        made[name] = depth
        for read in reads:
            self._read[read] = max(self._read.get(read, 0), depth)
        return name


def _meant(name: str, part: Column) -> Value:
    """How expressions read a column that is kept as this array."""
    places = None if part.below is not None else part.places
    return _reading(name, part.kind, places, part.most, part.null is not None)


@lru_cache(maxsize=8192)
def _reading(name: str, kind: Kind, places: int | None, most: int, lacking: bool) -> Value:
    col = pl.col(name)
    if kind != "number":
        return Value(col, kind, nullable=lacking)
    if places is None:
        return Value(col, "number", None, nullable=lacking)
    expr = integers.exact_column(name, places, fits=integers.decimal((col, most), places))
    return Value(expr, "number", places, nullable=lacking, scaled=(col, most))


class Table:
    """`frame` has the dense key `@`; `values` are what expressions may read, each standing on
    columns of it; `limited`: nodes that do not apply to everybody.

    `coded`: columns that hold a number as an integer; `number` reads them exactly. `arrays`: columns
    kept as such; they come into the frame when an expression reads them.
    """

    __slots__ = (
        "_columns",
        "_frame",
        "_gone",
        "_named",
        "_waiting",
        "arrays",
        "coded",
        "counter",
        "limited",
        "values",
    )

    def __init__(
        self,
        frame: pl.DataFrame,
        values: dict[str, Value] | None = None,
        limited: set[str] | None = None,
        counter: int = 0,
        coded: dict[str, Value] | None = None,
    ) -> None:
        self._frame, self._waiting = frame, Waiting()
        self._gone: set[str] = set()
        self._named: tuple[pl.DataFrame, frozenset[str]] | None = None
        self._columns: dict[str, tuple[Value, Column | Callable[[], Column]]] = {}
        self.values = {} if values is None else values
        self.limited = set() if limited is None else limited
        self.counter = counter
        self.coded = {} if coded is None else coded
        self.arrays: dict[str, Column] = {}

    @property
    def frame(self) -> pl.DataFrame:
        """All columns so far."""
        if self._waiting.made:
            layers, self._waiting = self._waiting.layers, Waiting()
            for layer in layers:
                self._add(layer)
        if self._gone:
            gone, self._gone = self._gone.intersection(self._frame.columns), set()
            self._frame = self._frame.drop(gone)
        return self._frame

    @frame.setter
    def frame(self, frame: pl.DataFrame) -> None:
        self._frame, self._waiting, self._gone = frame, Waiting(), set()

    def _add(self, layer: list[pl.Expr | pl.Series]) -> None:
        """Columns that read only what is there; those that are there already are only put beside."""
        there = set(self._frame.columns)
        ready = [one for one in layer if isinstance(one, pl.Series) and one.name not in there]
        if ready and len({one.name for one in ready}) == len(ready):
            self._frame = self._frame.hstack(ready)
            layer = [one for one in layer if not isinstance(one, pl.Series) or one.name in there]
        if layer:
            self._frame = self._frame.with_columns(layer)

    def _there(self) -> frozenset[str]:
        """The names of the frame's columns."""
        if self._named is None or self._named[0] is not self._frame:
            self._named = self._frame, frozenset(self._frame.columns)
        return self._named[1]

    @property
    def size(self) -> int:
        """How many rows."""
        return self._frame.height

    def names(self) -> list[str]:
        """The names of all columns."""
        made = dict.fromkeys([*self._frame.columns, *self._waiting.made, *self.arrays])
        return [name for name in made if name not in self._gone]

    def has(self, column: str) -> bool:
        """Whether there is, or will be, a column of that name."""
        if column in self.arrays:
            return column not in self._gone
        known = self._named
        there = known[1] if known is not None and known[0] is self._frame else self._there()
        return (column in self._waiting.made or column in there) and column not in self._gone

    def put(self, name: str, value: Value) -> Value:
        """Keep a value as a column; from now on the name reads that column."""
        kept = self.mark(name, value)
        self.values[name] = kept
        return kept

    def mark(self, column: str, value: Value) -> Value:
        """Keep a value as a column that is not read by name; as an integer where it has one."""
        kept = value.column(column)
        self.keep([value.cheapest().alias(column)])
        if kept.scaled is None:
            self.coded.pop(column, None)
        else:
            self.coded[column] = kept
        return kept

    def number(self, column: str) -> pl.Expr:
        """A column as it is meant: integers as the exact numbers they stand for."""
        return self.coded[column].expr if column in self.coded else pl.col(column)

    def series(self, expr: pl.Expr) -> pl.Series:
        """What an expression is worth in every row."""
        reads = expr.meta.root_names()
        if len(reads) == 1 and expr.meta.eq(pl.col(reads[0])):
            return self.held(reads[0])
        self._lay(reads)
        return self.frame.select(as_column(expr).alias("~")).to_series()

    def held(self, name: str) -> pl.Series:
        """A column, without making those that wait for others."""
        self._lay([name])
        if (found := self._waiting.ready.get(name)) is not None:
            return found
        return (self.frame if name in self._waiting.made else self._frame).get_column(name)

    def lacks(self, name: str, absent: pl.Expr) -> None:
        """Say where a value that was just named is known not to exist; its array knows already."""
        value, part = replace(self.values[name], absent=absent), self._columns[name][1]
        self.values[name] = value
        self._columns[name] = value, part

    def array(self, name: str) -> Column | None:
        """The array a named value was kept as, if it was."""
        known = self._columns.get(name)
        if known is None or known[0] is not self.values.get(name):
            return None
        return known[1] if isinstance(known[1], Column) else None

    def sure(self) -> frozenset[str]:
        """Columns that are kept as arrays and have an answer for everybody."""
        return frozenset([name for name, part in self.arrays.items() if part.null is None])

    def hold(self, name: str, part: Column, *, named: bool = True) -> None:
        """Keep a number or a flag as an array; from now on its name reads it, if `named`, else it is only
        kept.
        """
        self.arrays[name] = part
        if name in self.coded:
            del self.coded[name]
        if self._gone:
            self._gone.discard(name)
        if named:
            value = _meant(name, part)
            self.values[name] = value
            self._columns[name] = value, part

    def data(self, name: str) -> tuple[Data, Flags | None]:
        """A column as an array, 0 or false where there is nothing, and where that is. Raises Unfit."""
        part = self.arrays.get(name)
        if part is not None:
            return part.data, part.null
        series = self.held(name)
        if not (series.dtype.is_integer() or series.dtype in (pl.Boolean, pl.Date)):
            raise Unfit
        return arrays(series)

    def _lay(self, names: Iterable[str]) -> None:
        """Make columns of the arrays among these."""
        found = [name for name in dict.fromkeys(names) if name in self.arrays] if self.arrays else []
        for name in found:
            part = self.arrays.pop(name)
            if part.kind != "number":
                column = part.worded(name, self.size)
            elif part.below is None:
                column = nullable(name, part.spread(self.size), part.null)
            else:
                column = quotients.exact(name, part, self.size)
            self.keep([column])
            if part.kind == "number" and part.below is None:
                self.coded[name] = _meant(name, part)

    def column(self, name: str) -> Column:
        """A named value as an array. Raises Unfit for what is no integer, KeyError for a stranger."""
        value = self.values[name]
        known = self._columns.get(name)
        found = known[1] if known is not None and known[0] is value else lambda: self._column(value)
        if not isinstance(found, Column):
            found = found()
            self._columns[name] = value, found
        return found

    def seed(self, name: str, make: Callable[[], Column]) -> None:
        """How to make the array of a value that was just named, without asking Polars."""
        self._columns[name] = self.values[name], make

    def _column(self, value: Value) -> Column:
        absent = None if value.absent is None else arrays(self.series(value.absent))[0]
        if value.kind == "number":
            return structs.replace(self._number(value), absent=absent)
        if value.kind == "text" and not value.enum:
            raise Unfit
        found = self.series(value.expr)
        if isinstance(found.dtype, pl.Enum):
            return structs.replace(optional(found, tuple(found.dtype.categories)), absent=absent)
        data, null = arrays(found)
        return Column(value.kind, data, null, absent=absent)

    def _number(self, value: Value) -> Column:
        if value.places is None:
            raise Unfit
        if value.scaled is not None:
            data, null = arrays(self.series(value.scaled[0]))
            return Column("number", data, null, value.places, value.scaled[1])
        if value.places > SNAP:
            raise Unfit
        return measured(self.series(value.expr).cast(EXACT), value.places)

    def keep(self, columns: Iterable[pl.Expr | pl.Series]) -> None:
        """Columns that are not read by name."""
        for column in columns:
            if self.arrays and not isinstance(column, pl.Series):
                self._lay(column.meta.root_names())
            name = self._waiting.add(column)
            self._gone.discard(name)
            self.arrays.pop(name, None)

    def drop(self, *columns: str) -> None:
        """Columns nobody needs any more."""
        self._gone.update(columns)

    def limit(self, name: str, asked: pl.Expr) -> None:
        """Say to whom a node applies (where it is not decided: yes, and its value stays open)."""
        self.keep([asked.fill_null(value=True).alias(applies(name))])
        self.limited.add(name)
        self.values[name] = replace(self.values[name], absent=~pl.col(applies(name)))

    def join(self, found: pl.DataFrame) -> None:
        """Bring columns in by the key; rows without one get null. Columns of the same name are replaced."""
        frame = self.frame
        for name in found.columns:
            self.arrays.pop(name, None)
        frame = frame.drop([name for name in found.columns if name != KEY and name in frame.columns])
        self.frame = frame.join(found, on=KEY, how="left", maintain_order="left")

    def attach(self, *several: pl.DataFrame) -> None:
        """Like `join`, for a table whose keys are 0…n−1 in order: looked up, not joined."""
        frame, size = self.frame, self.size
        columns: list[pl.Series] = []
        for given in several:
            found = given.filter(pl.col(KEY).is_not_null()) if given[KEY].null_count() else given
            at = pl.repeat(None, size, dtype=pl.UInt32, eager=True)
            at = at.scatter(found[KEY], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
            columns += found.select(pl.all().exclude(KEY).gather(at)).get_columns()
        self.frame = frame.with_columns(columns)

    def copy(self) -> "Table":
        """A table that can grow by itself; the columns are shared."""
        found = Table(self.frame, dict(self.values), set(self.limited), self.counter, dict(self.coded))
        found.arrays, found._columns = dict(self.arrays), dict(self._columns)
        return found

    def fresh(self) -> str:
        """A column name nobody uses."""
        self.counter += 1
        return f"~{self.counter}"

    def needed(self, names: Iterable[str]) -> list[str]:
        """The columns that the named values stand on."""
        found: dict[str, None] = {}
        for name in names:
            value = self.values.get(name)
            if value is None:
                continue
            for expr in (value.expr, value.absent):
                if expr is not None:
                    found.update(dict.fromkeys(expr.meta.root_names()))
        self._lay(list(found))
        return [name for name in found if self.has(name)]
