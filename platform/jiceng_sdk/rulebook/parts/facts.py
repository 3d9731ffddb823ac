"""What is known of a subject: single values, events, ballots, results of other schemes."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts.base import Part, SubPeriod

DEFAULT_MAX = Decimal(100_000_000)
"""A number without `max` is at most this (一亿), and without `min` at least its negative."""

FactKind = Literal["number", "flag", "choice", "date", "event", "ballot", "result"]
FieldKind = Literal["number", "flag", "choice", "date", "text"]


class Field(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A field of an event or ballot.

    Short forms `"number"` and `["党课", "党员大会"]` are read as this struct. A flag not filled in is no; any
    other field not filled in is missing, and a row without a `required` field makes the subject incomplete.
    """

    kind: FieldKind
    title: str = ""
    options: tuple[str, ...] = ()
    min: Decimal | None = None
    max: Decimal | None = None
    places: int = 2
    required: bool = False


class Fact(Part, frozen=True, kw_only=True):
    """A kind of fact. Which keys belong to which kind is checked by `rulebook.checks.shapes`.

    number, choice, date without `default`/`absent` must be handed in; a flag only when `required`.
    `for` limits the fact to a class. `each`: one value per sub-period. `many` (choice, roster):
    several values at once, read by `from` like events. `voters` (ballot): a subject's votes may not be
    more. `since = "always"`: older events too. Beyond `min`..`max` or `places`: refused.
    """

    kind: FactKind
    options: tuple[str, ...] = ()
    fields: dict[str, Field] = field(default_factory=dict)
    default: Decimal | bool | None = None
    absent: str | None = None
    places: int = 2
    min: Decimal | None = None
    max: Decimal | None = None
    required: bool = False
    for_: Formula | None = None
    each: SubPeriod | None = None
    many: bool = False
    voters: Formula | None = None
    since: Literal["period", "always"] = "period"
    scheme: str = ""
    source: Literal["", "roster"] = ""
    unit: str = ""

    @property
    def rows(self) -> bool:
        """Whether the fact comes as rows (read by `from`) rather than as one value per subject."""
        return self.kind in ("event", "ballot", "result") or self.many

    @property
    def must_be_given(self) -> bool:
        """Whether a missing value makes the subject incomplete."""
        if self.kind == "flag":
            return self.required
        if self.kind in ("number", "choice", "date"):
            return self.required or (self.default is None and self.absent is None and not self.many)
        return self.required
