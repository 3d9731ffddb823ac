"""Items and groups: what gives points, and what adds points up."""

from decimal import Decimal
from typing import Literal

from msgspec import field

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts.base import Limit, Part, Rounding, SubPeriod

Combine = Literal["sum", "mean", "median", "max", "min", "count"]
Declared = Literal["refuse", "ask"]
SCALES = ("points", "choice", "steps", "checks", "line")


class Row(Part, frozen=True, kw_only=True):
    """A row of `steps` (exactly one matches) or `checks` (every matching one counts)."""

    when: Formula
    points: Formula


class Node(Part, frozen=True, kw_only=True):
    """What items and groups share: start, cap, floor, round, in this order; `for` = these subjects only.

    With `each` and without `across` they act in every sub-period; with `across` on the period's value.
    """

    for_: Formula | None = None
    start: Formula | None = None
    cap: Formula | None = None
    floor: Formula | None = None
    round: Rounding | None = None
    across: Literal["sum", "mean", "min", "max", "last"] | None = None


class Item(Node, frozen=True, kw_only=True):
    """Reads facts, gives points by one scale (none when `combine = "count"`).

    Order for rows: when → merge → scale → restored → keep → limit (small windows first) → combine.
    `median`: the middle of the rows, of an even number the mean of the two in the middle.
    `drop`: how many of the lowest and of the highest are left out, two numbers or formulas.
    `gaps`/`overlaps = "ask"`: a value that no row of `steps`/`choice` covers, or two do, is asked.
    """

    from_: str | None = None
    when: Formula | None = None
    value: Formula | None = None
    points: Formula | None = None
    choice: dict[str, Decimal] = field(default_factory=dict)
    steps: tuple[Row, ...] = ()
    checks: tuple[Row, ...] = ()
    line: tuple[tuple[Decimal, Decimal], ...] = ()
    gaps: Declared = "refuse"
    overlaps: Declared = "refuse"
    merge: str | None = None
    restored: Formula | None = None
    keep: dict[str, int] = field(default_factory=dict)
    limit: tuple[Limit, ...] = ()
    combine: Combine = "sum"
    drop: tuple[Formula, ...] = ()
    quorum: Formula | None = None
    each: SubPeriod | None = None

    @property
    def averages(self) -> bool:
        """Whether nothing to add up has no answer: a mean or a median."""
        return self.combine in ("mean", "median")

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that are filled in; exactly one is right."""
        return tuple(name for name in SCALES if getattr(self, name))


class Group(Node, frozen=True, kw_only=True):
    """Adds up members by weight (a list is read as weight 1). A gate not met makes the group 0, last.

    `keep`: only so many count, those that give most; 0 = all.
    """

    of: dict[str, Decimal]
    combine: Literal["sum", "mean", "max", "min"] = "sum"
    keep: int = 0
    gate: Formula | None = None
