"""A typed tree: every part of an expression with its kind, its decimals, its options, its bounds."""

from decimal import Decimal

from msgspec import Struct

from jiceng_sdk.expressions.symbols import WIDE, Kind, Range, Symbol
from jiceng_sdk.expressions.tree import Tree


class Typed(Struct, frozen=True, kw_only=True):
    """A part of an expression and what is known of it.

    `args` are the typed children in reading order (`tree.children`): both sides of an operator, the arguments
    of a function, item then options of `in`. A quoted grade beside a grade is typed `grade`. `places`:
    decimals of a number, None = a quotient (snapped before it is compared). `symbol`: what a name stands for.
    `over`: what splits the cohorts of a call that says so itself.
    """

    tree: Tree
    kind: Kind
    places: int | None = 0
    options: tuple[str, ...] = ()
    range: Range = WIDE
    args: tuple["Typed", ...] = ()
    symbol: Symbol | None = None
    over: tuple[Symbol, ...] = ()

    @property
    def constant(self) -> Decimal | None:
        """The value when it is one number whatever the facts are."""
        one = self.kind == "number" and self.range.low == self.range.high and not self.range.assumed
        return self.range.low if one else None

    def symbols(self) -> dict[str, Symbol]:
        """Every named value read, by name."""
        found = {one.name: one for one in (*self.over, *((self.symbol,) if self.symbol else ()))}
        for arg in self.args:
            found |= arg.symbols()
        return found
