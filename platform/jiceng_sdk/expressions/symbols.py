"""What an expression may read: named values with their kinds, and which functions exist at its place."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

Kind = Literal["number", "flag", "text", "date", "grade"]
Origin = Literal[
    "fact", "field", "class", "node", "output", "area",
    "previous", "period", "grade", "status", "value", "nth", "votes",
]  # fmt: skip
Where = Literal["subject", "cell", "event", "area"]

KIND_WORDS: dict[str, str] = {"number": "数", "flag": "是否", "text": "文字", "date": "日期", "grade": "等次"}
LARGEST = Decimal(10) ** 14
"""What Decimal(38, 24) holds before the point."""


class Range(Struct, frozen=True):
    """Bounds of a number. `assumed`: they rest on a default, not on the author's `min`/`max`."""

    low: Decimal
    high: Decimal
    assumed: bool = False


WIDE = Range(-(Decimal(10) ** 8), Decimal(10) ** 8, assumed=True)


class Symbol(Struct, frozen=True, kw_only=True):
    """A named value.

    `places`: decimals it can have (None = a quotient, not finite). `options`: the words it can be (empty =
    any). `unit`: its sub-period, None when it is a value of the whole period. `by`: cohort of an area value.
    """

    name: str
    kind: Kind
    origin: Origin
    places: int | None = 0
    options: tuple[str, ...] = ()
    range: Range = WIDE
    unit: str | None = None
    by: tuple[str, ...] = ()


class Scope(Struct, frozen=True, kw_only=True):
    """The names readable at one place.

    `where`: subject (one row per subject), cell (per subject and sub-period), event (per row of a fact), area
    (the outermost level of an area value: earlier area values; names of `inner` only inside
    share/mean/sum/count). `nonzero`: printed expressions known not to be 0 here. `score`: the name of
    the total. `closed`: names that exist elsewhere in the rulebook, with the reason (zh, en) they
    can't be read here.
    """

    names: Mapping[str, Symbol]
    where: Where = "subject"
    grades: tuple[str, ...] = ()
    inner: "Scope | None" = None
    closed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nonzero: frozenset[str] = frozenset()
    score: str = ""


def splits(symbol: Symbol) -> bool:
    """Whether a value splits subjects into cohorts: one word or flag per subject, known before all points."""
    told = symbol.origin in ("fact", "class") and symbol.kind in ("text", "flag")
    return told and symbol.unit is None
