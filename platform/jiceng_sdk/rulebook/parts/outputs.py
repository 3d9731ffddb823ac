"""What a result leads to: money, flags, words of a subject, and values of the whole area."""

from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.rulebook.parts.base import Part, Rounding


class Output(Part, frozen=True, kw_only=True):
    """A value of a subject after all decisions; may read outputs written before it."""

    value: Formula
    round: Rounding | None = None
    unit: str = ""


class Area(Part, frozen=True, kw_only=True):
    """A value over all subjects (`of`: those that count; `by`: one per town …) and the aim it should meet.

    May read area values written before it whose `by` is empty or the same.
    """

    value: Formula
    of: Formula | None = None
    by: tuple[str, ...] = ()
    aim: Formula | None = None
