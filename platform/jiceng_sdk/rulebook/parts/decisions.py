"""Decisions, run in the order written: bands, override, quota, step."""

from decimal import Decimal
from typing import Literal

from msgspec import field

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts.base import Part
from jiceng_sdk.rulebook.parts.nodes import Declared

UNSCORED = "none"


class Band(Part, frozen=True, kw_only=True):
    """A row of bands."""

    when: Formula
    grade: str


class DecisionPart(Part, frozen=True, kw_only=True, tag_field="do"):
    """What decisions share: `for` limits one to a class; others keep what they have."""

    for_: Formula | None = None


class Bands(DecisionPart, frozen=True, kw_only=True, tag="bands"):
    """Exactly one row must match; or `from` names a choice fact that holds the grade.

    `gaps`/`overlaps = "ask"` declare that a value without a row, or with two, is put to a ruling.
    `below`: the grade of those under the lowest threshold of the rows (analysis makes its condition).
    """

    rows: tuple[Band, ...] = ()
    from_: str | None = None
    gaps: Declared = "refuse"
    overlaps: Declared = "refuse"
    below: str | None = None


class Override(DecisionPart, frozen=True, kw_only=True, tag="override"):
    """Exemption, veto, direct grade; `lower`, `higher`: so many grades down, up.

    `score = "none"`: graded, no score. `final`: later ones keep off.
    """

    when: Formula
    score: Formula | None = None
    grade: str | None = None
    at_most: str | None = None
    at_least: str | None = None
    lower: int = 0
    higher: int = 0
    out: str | None = None
    ask: str | None = None
    final: bool = False

    @property
    def unscored(self) -> bool:
        """Whether the score is taken away and the grade kept."""
        return self.score is not None and self.score.text == UNSCORED


class Quota(DecisionPart, frozen=True, kw_only=True, tag="quota"):
    """Places for grades within a cohort, best grade first; who does not fit falls to the next grade.

    Exactly one of `share` (part of the base), `places` (numbers), `ratio` (full split such as 3:5:2).
    `bottom`: places are filled from the last rank, who go down to that grade. `carry_down`: places a grade
    leaves unused go to the next. `least`: so many places of a share at least, where there is anybody.
    `hard = false`: guide share, only reported. `rank`: larger first; none = by score.
    """

    share: dict[str, Decimal] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    ratio: dict[str, int] = field(default_factory=dict)
    within: tuple[str, ...] = ()
    base: Formula | None = None
    rank: tuple[Formula, ...] = ()
    rounding: Literal["ask", "down", "up", "half_up", "half_even", "largest_remainder"] = "ask"
    ties: Literal["ask", "in", "out"] = "ask"
    hard: bool = True
    final_uses_places: bool = False
    bottom: bool = False
    carry_down: bool = False
    least: int = 0


class Step(DecisionPart, frozen=True, kw_only=True, tag="step"):
    """Against `previous.grade`: at most `up` levels better, `down` worse (none = any); `skip`: who may jump.

    `first`: best grade without an earlier one; none = counted from below the lowest grade.
    """

    up: int = 1
    down: int | None = None
    skip: Formula | None = None
    first: str | None = None


Decision = Bands | Override | Quota | Step
