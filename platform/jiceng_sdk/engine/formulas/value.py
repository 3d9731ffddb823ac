"""A compiled expression: the Polars expression with what is known of its values."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

import polars as pl

from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import LEVEL, PLACES, decimals, lit, snap
from jiceng_sdk.engine.numbers.integers import Scaled
from jiceng_sdk.expressions.symbols import Kind


@dataclass(frozen=True, slots=True)
class Value:
    """`places`: decimals a number can have, None = quotient. `options`: words it can be, best known.

    `absent`: true where the value is known not to exist (no earlier result, outside the class):
    comparing it is
    "no", not "unknown". `nullable`: whether a row without an answer is possible at all. `constant`: a number
    written out. `enum`: the column holds a Polars Enum of `options`. `scaled`: the same number as a
    64-bit integer × 10^−places, and the largest such integer.
    """

    expr: pl.Expr
    kind: Kind
    places: int | None = 0
    options: tuple[str, ...] = ()
    absent: pl.Expr | None = None
    nullable: bool = True
    constant: Decimal | None = None
    enum: bool = field(default=False)
    scaled: Scaled | None = None

    def snapped(self) -> pl.Expr:
        """What comparisons, floors and ranks read."""
        return snap(self.expr, self.places) if self.kind == "number" else self.expr

    def cheapest(self) -> pl.Expr:
        """What a column of it holds: its integer, where it has one."""
        return self.expr if self.scaled is None or self.places is None else self.scaled[0]

    def column(self, name: str) -> "Value":
        """The same value read back from a column of that name that holds the cheapest form."""
        col = pl.col(name)
        if self.scaled is None or self.places is None:
            return replace(self, expr=col, constant=None, scaled=None)
        small = col, self.scaled[1]
        expr = integers.exact_column(name, self.places, fits=integers.decimal(small, self.places))
        return replace(self, expr=expr, constant=None, scaled=small)


def stored(column: str, largest: int, places: int) -> Value:
    """A number kept in a column as an integer at its places."""
    small = pl.col(column), largest
    return Value(integers.exact(small, places), "number", places, scaled=small)


@lru_cache(maxsize=4096)
def constant(value: Decimal) -> Value:
    """A number written out."""
    places, small = decimals(value), integers.written(value)
    return Value(lit(value), "number", places, nullable=False, constant=value, scaled=small)


def times(part: Value, by: Decimal) -> Value:
    """A value times a number written out, in integers alone where it has them."""
    scaled, places = None, None if part.places is None else part.places + decimals(by)
    factor = int(by.scaleb(decimals(by)))
    if part.scaled is not None and places is not None and places <= PLACES:
        scaled = integers.fitting(
            part.scaled[0] * integers.small(factor), part.scaled[1] * max(abs(factor), 1)
        )
    return replace(part, expr=part.expr * lit(by), places=places, constant=None, scaled=scaled)


def filled(part: Value, default: Decimal) -> Value:
    """A number with another one where it is unknown."""
    small = integers.aligned(part, constant(default)) if decimals(default) <= (part.places or 0) else None
    whole = (small[0][0].fill_null(small[1][0]), max(small[0][1], small[1][1])) if small else None
    return Value(part.expr.fill_null(lit(default)), "number", part.places, nullable=False, scaled=whole)


def number(
    expr: pl.Expr,
    places: int | None,
    *parts: Value,
    nullable: bool | None = None,
    scaled: Scaled | None = None,
) -> Value:
    """A number made of parts: unknown when a part is, absent when a part is."""
    lacking = any(part.nullable for part in parts) if nullable is None else nullable
    return Value(expr, "number", places, absent=any_absent(*parts), nullable=lacking, scaled=scaled)


def flag(expr: pl.Expr, *parts: Value, nullable: bool | None = None) -> Value:
    """A condition made of parts."""
    lacking = any(part.nullable for part in parts) if nullable is None else nullable
    return Value(expr, "flag", 0, nullable=lacking)


def grade(level: int) -> Value:
    """A grade as its level; worst is 1."""
    return Value(pl.lit(level, dtype=LEVEL), "grade", nullable=False)


def any_absent(*parts: Value) -> pl.Expr | None:
    """Where one of the parts is known not to exist; None when that cannot happen."""
    found = [part.absent for part in parts if part.absent is not None]
    return pl.any_horizontal(found) if len(found) > 1 else found[0] if found else None


def widest(*parts: Value) -> int | None:
    """Places of a sum: the most of all parts; a quotient makes a quotient."""
    places = [part.places for part in parts]
    return None if None in places else max((p for p in places if p is not None), default=0)


TRUE = Value(pl.lit(value=True), "flag", nullable=False)
