"""A frame of subjects, or of subjects × sub-periods, growing one named column per value."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import polars as pl

from jiceng_sdk.engine.value import Value

KEY = "@"
"""The row number of a table: 0…n−1, dense and in order."""


def applies(node: str) -> str:
    """Column that says whether a node applies to the subject."""
    return f"{node}:applies"


def as_column(expr: pl.Expr) -> pl.Expr:
    """The same value in every row, also when it reads no column: windows and sums need a full column."""
    return expr if expr.meta.root_names() else pl.when(pl.col(KEY).is_not_null()).then(expr).otherwise(None)


@dataclass(slots=True)
class Table:
    """`frame` has the dense key `@`; `values` are what expressions may read, each standing on
    columns of it.
    """

    frame: pl.DataFrame
    values: dict[str, Value] = field(default_factory=dict)
    limited: set[str] = field(default_factory=set)
    counter: int = 0

    def put(self, name: str, value: Value) -> Value:
        """Keep a value as a column; from now on the name reads that column."""
        return self.put_all({name: value})[name]

    def put_all(self, values: dict[str, Value]) -> dict[str, Value]:
        """Keep several values that don't read each other."""
        self.frame = self.frame.with_columns(value.cheapest().alias(name) for name, value in values.items())
        kept = {name: value.column(name) for name, value in values.items()}
        self.values.update(kept)
        return kept

    def keep(self, columns: Iterable[pl.Expr | pl.Series]) -> None:
        """Columns that are not read by name."""
        self.frame = self.frame.with_columns(columns)

    def limit(self, name: str, asked: pl.Expr) -> None:
        """Say to whom a node applies (where it is not decided: yes, and its value stays open)."""
        self.keep([asked.fill_null(value=True).alias(applies(name))])
        self.limited.add(name)
        self.values[name] = replace(self.values[name], absent=~pl.col(applies(name)))

    def join(self, found: pl.DataFrame) -> None:
        """Bring columns in by the key; rows without one get null. Columns of the same name are replaced."""
        again = [name for name in found.columns if name != KEY and name in self.frame.columns]
        self.frame = self.frame.drop(again)
        self.frame = self.frame.join(found, on=KEY, how="left", maintain_order="left")

    def attach(self, found: pl.DataFrame) -> None:
        """Like `join`, for a table whose keys are 0…n−1 in order: looked up, not joined."""
        if found[KEY].null_count():
            found = found.filter(pl.col(KEY).is_not_null())
        at = pl.repeat(None, self.frame.height, dtype=pl.UInt32, eager=True)
        at = at.scatter(found[KEY], pl.int_range(found.height, dtype=pl.UInt32, eager=True))
        self.frame = self.frame.with_columns(found.select(pl.all().exclude(KEY).gather(at)))

    def copy(self) -> "Table":
        """A table that can grow by itself; the columns are shared."""
        return Table(self.frame, dict(self.values), set(self.limited), self.counter)

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
        return [name for name in found if name in self.frame.columns]
