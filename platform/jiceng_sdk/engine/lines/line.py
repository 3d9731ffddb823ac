"""One line of an explanation, and how numbers are said."""

from decimal import Decimal
from fractions import Fraction
from typing import Literal

from msgspec import Struct, structs

LineKind = Literal[
    "item", "check", "part", "restored", "start", "cap", "floor", "weight", "mean", "pick", "gate", "round",
    "veto", "compared", "decision", "output", "ruling",
]  # fmt: skip


class Line(Struct, frozen=True, kw_only=True):
    """`path`: the part of the rulebook. `raw`: points at its own place. `points`: what it adds to the score.

    `because`: plain Chinese. `depth`: 0 = the total's own line. Lines with points 0 explain without adding.
    """

    path: str
    title: str
    clause: str
    kind: LineKind
    points: Decimal
    because: str
    raw: Decimal | None = None
    depth: int = 0


class Draft(Struct, kw_only=True):
    """A line before its points are brought to 12 places."""

    path: str
    title: str
    clause: str
    kind: LineKind
    points: Fraction
    because: str
    raw: Fraction | None = None
    depth: int = 0


PLACES = 12
_SCALE = 10**PLACES
_ONE = Decimal(1)


def nearest(value: Fraction) -> Decimal:
    """A fraction at 12 places, half away from zero."""
    scaled = abs(value) * _SCALE
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    found = Decimal(whole if value >= 0 else -whole).scaleb(-PLACES).normalize()
    return found.quantize(_ONE) if found == found.to_integral_value() else found


def said(value: Fraction) -> str:
    """A number as people write it: 12.5, −3, 90.571429."""
    text = f"{nearest(Fraction(round(value * 10**6), 10**6)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−") if text != "-0" else "0"


def signed(value: Fraction) -> str:
    """The same with its sign."""
    return said(value) if value < 0 else f"+{said(value)}"


def finished(drafts: list[Draft], score: Fraction) -> tuple[Line, ...]:
    """Lines whose points add up to the score; the last one takes what rounding each to 12 places
    left over.
    """
    found = [_line(draft) for draft in drafts]
    rest = nearest(score) - sum((line.points for line in found), Decimal(0))
    if rest:
        last = max((n for n, line in enumerate(found) if line.points), default=len(found) - 1)
        found[last] = structs.replace(found[last], points=found[last].points + rest)
    return tuple(found)


def _line(draft: Draft) -> Line:
    return Line(
        path=draft.path,
        title=draft.title,
        clause=draft.clause,
        kind=draft.kind,
        points=nearest(draft.points),
        because=draft.because,
        raw=None if draft.raw is None else nearest(draft.raw),
        depth=draft.depth,
    )
