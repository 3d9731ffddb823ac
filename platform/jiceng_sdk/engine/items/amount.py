"""How points are kept on their way through the stages: integers where all rows together fit, else exact."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.formulas.scope import VALUE
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import exact, integers
from jiceng_sdk.rulebook.parts import Item


@dataclass(frozen=True, slots=True)
class Amount:
    """`places`: decimals of the points, None = a quotient. `each`: the largest integer of one row or bound,
    None = points are decimals. `largest`: of all rows together. `nullable`: whether a row may have none.
    """

    places: int | None = None
    each: int | None = None
    largest: int = 0
    nullable: bool = True

    def lit(self, value: Decimal) -> pl.Expr:
        """A bound in the same form."""
        if self.each is None:
            return exact.lit(value)
        return pl.lit(self.integer(value), dtype=pl.Int64)

    def integer(self, value: Decimal) -> int:
        """A bound as an integer at the places of the points."""
        return int(value.scaleb(self.places or 0))

    def points(self, worth: Value) -> pl.Expr:
        """A row's points in this form."""
        found = None if self.each is None else integers.widened(worth, self.places or 0)
        return worth.expr if found is None else found[0]

    def whole(self, many: pl.Expr) -> pl.Expr:
        """A count in a form that can be multiplied with the points."""
        return exact.whole(many) if self.each is None else many

    @property
    def constant(self) -> Decimal | None:
        """What one unit of an integer is worth."""
        return None if self.each is None else Decimal(1).scaleb(-(self.places or 0))


DECIMAL = Amount()


def amount_of(worth: Value, item: Item, rows: int) -> Amount:
    """Integers when every row and every bound together fit."""
    bounds = [end for limit in item.limit for end in (limit.low, limit.high) if end is not None]
    if worth.places is None:
        return Amount(nullable=worth.nullable)
    places = max([worth.places, *(exact.decimals(end) for end in bounds)])
    found = integers.widened(worth, places)
    if found is None:
        return Amount(places, nullable=worth.nullable)
    each = max([found[1], *(abs(int(end.scaleb(places))) for end in bounds)])
    largest = each * max(rows, 1)
    if largest >= integers.LARGEST:
        return Amount(places, nullable=worth.nullable)
    return Amount(places, each, largest, worth.nullable)


def summed(value: Value, rows: int) -> tuple[pl.Expr, Value]:
    """What is added up to merge rows, and the merged value as expressions read it."""
    col = pl.col(VALUE)
    if value.scaled is None or value.places is None or value.scaled[1] * max(rows, 1) >= integers.LARGEST:
        return value.expr, Value(col, "number", value.places, nullable=value.nullable)
    scaled = (col, value.scaled[1] * max(rows, 1))
    expr = integers.exact(scaled, value.places)
    return value.scaled[0], Value(expr, "number", value.places, nullable=value.nullable, scaled=scaled)
