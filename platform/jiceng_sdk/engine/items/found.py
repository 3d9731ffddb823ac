"""What is known of an item's total over rows before its column exists."""

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import EXACT, lit, whole
from jiceng_sdk.engine.numbers.integers import Scaled


@dataclass(frozen=True, slots=True)
class Found:
    """`constant`: what one unit of the whole total is worth, None where it is a decimal; `largest`: its
    greatest magnitude. `dense`: every subject has one.
    """

    plan: Plan
    places: int | None
    constant: Decimal | None
    largest: int
    dense: bool = False

    def integer(self, raw: pl.Expr) -> Scaled | None:
        """The total as an integer at its places, when it was added up as whole numbers."""
        if self.constant is None or self.places is None:
            return None
        each = int(self.constant.scaleb(self.places))
        if abs(each) >= integers.LARGEST:
            return None
        total = raw if each == 1 else raw * pl.lit(each, dtype=pl.Int64)
        return integers.fitting(total, self.largest * abs(each))

    def exact(self, raw: pl.Expr) -> pl.Expr:
        """The total as an exact decimal."""
        if self.constant is None:
            return raw.cast(EXACT)
        small = self.integer(raw)
        return whole(raw) * lit(self.constant) if small is None else integers.exact(small, self.places or 0)
