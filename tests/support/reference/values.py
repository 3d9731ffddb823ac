"""Values of the reference: fractions, flags, words, dates, grades, and the two ways of having no value."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from math import floor


class No(Enum):
    """OPEN: no answer yet. GONE: settled that there is none (no earlier result, not meant)."""

    OPEN = "open"
    GONE = "gone"


OPEN, GONE = No.OPEN, No.GONE


@dataclass(frozen=True, order=True)
class Grade:
    """A grade as its level, worst 1."""

    level: int


Value = Fraction | bool | str | date | Grade | No


def half_up(x: Fraction, places: int) -> Fraction:
    """Rounded half away from zero."""
    scaled = floor(abs(x) * 10**places + Fraction(1, 2))
    return Fraction(scaled if x >= 0 else -scaled, 10**places)


def rounded(x: Fraction, places: int, mode: str) -> Fraction:
    """Rounded as a rulebook says: half_up, half_even, down (towards zero), up (away from zero)."""
    if mode == "half_up":
        return half_up(x, places)
    scaled = abs(x) * 10**places
    whole = floor(scaled)
    rest = scaled - whole
    match mode:
        case "up":
            whole += rest > 0
        case "half_even":
            whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    return Fraction(whole if x >= 0 else -whole, 10**places)


def both(parts: list[Value]) -> Value:
    """`and` with unknowns: one no decides, otherwise one unknown leaves it open."""
    if any(part is False for part in parts):
        return False
    return OPEN if any(isinstance(part, No) for part in parts) else True


def either(parts: list[Value]) -> Value:
    """`or` with unknowns: one yes decides, otherwise one unknown leaves it open."""
    if any(part is True for part in parts):
        return True
    return OPEN if any(isinstance(part, No) for part in parts) else False


def compared(op: str, a: Value, b: Value) -> Value:  # noqa: PLR0911 - one answer per sign
    """One comparison; open when a side is open, no when a side is settled to be nothing."""
    if a is GONE or b is GONE:
        return False
    if a is OPEN or b is OPEN:
        return OPEN
    match op:
        case "==":
            return a == b
        case "!=":
            return a != b
        case "<":
            return a < b  # type: ignore[operator] # typed like with like
        case "<=":
            return a <= b  # type: ignore[operator] # typed like with like
        case ">":
            return a > b  # type: ignore[operator] # typed like with like
        case _:
            return a >= b  # type: ignore[operator] # typed like with like
