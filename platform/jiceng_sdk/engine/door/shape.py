"""What a handed-in column must look like, from a fact or from a field of an event."""

from decimal import Decimal
from functools import lru_cache

import polars as pl
from msgspec import Struct

from jiceng_sdk.engine.numbers.exact import EXACT
from jiceng_sdk.rulebook.parts import DEFAULT_MAX, Fact, Field

KIND_WORDS = {
    "number": "数（整数或定点小数）",
    "flag": "是否",
    "choice": "选项文字",
    "text": "文字",
    "date": "日期",
}


class Shape(Struct, frozen=True):
    """Kind, options and bounds of one column; `path` and `title` say where it is declared."""

    path: str
    title: str
    kind: str
    options: tuple[str, ...] = ()
    low: Decimal = -DEFAULT_MAX
    high: Decimal = DEFAULT_MAX
    places: int = 2

    @property
    def dtype(self) -> pl.DataType:
        """The column inside the engine: exact numbers, booleans, days, words (Enum when options
        are known).
        """
        match self.kind:
            case "number":
                return EXACT
            case "flag":
                return pl.Boolean()
            case "date":
                return pl.Date()
        return enumerated(self.options) if self.options else pl.String()

    def accepts(self, dtype: pl.DataType) -> bool:
        """Whether a column of that type can be meant; floats never are."""
        match self.kind:
            case "number":
                found = dtype.is_integer() or dtype.is_decimal()
            case "flag":
                found = isinstance(dtype, pl.Boolean)
            case "date":
                found = isinstance(dtype, pl.Date)
            case _:
                found = isinstance(dtype, pl.String | pl.Enum | pl.Categorical)
        return found or isinstance(dtype, pl.Null)


@lru_cache(maxsize=1024)
def enumerated(options: tuple[str, ...]) -> pl.Enum:
    """The type of a column of known words."""
    return pl.Enum(list(dict.fromkeys(options)))


def of_field(path: str, name: str, field: Field) -> Shape:
    """Shape of a field of an event or ballot."""
    return Shape(path, field.title or name, field.kind, field.options, *bounds(field), field.places)


def of_fact(name: str, fact: Fact) -> Shape:
    """Shape of a single value; a choice may also be what counts when nothing was handed in."""
    options = fact.options
    if options and fact.absent and fact.absent not in options:
        options = (*options, fact.absent)
    return Shape(f"facts.{name}", fact.title or name, fact.kind, options, *bounds(fact), fact.places)


def bounds(part: Fact | Field) -> tuple[Decimal, Decimal]:
    """The least and the most a number may be."""
    low = -DEFAULT_MAX if part.min is None else part.min
    return low, DEFAULT_MAX if part.max is None else part.max
