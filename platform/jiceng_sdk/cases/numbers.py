"""Expected values against got ones: fractions after the 12-place snap, or after the declared rounding."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from jiceng_sdk.cases.shape import NOTHING, Written
from jiceng_sdk.rulebook.parts import Rounding

STORED = 12
_FRACTION = re.compile(r"-?\d+/[1-9]\d*")


def same(wanted: Written, got: Written, rounding: Rounding | None = None) -> bool:
    """Whether a got value is what the case expects ("none" = no value, "634/7" = that fraction)."""
    if wanted == NOTHING and not isinstance(wanted, bool):
        return got is None or got == NOTHING
    if isinstance(wanted, bool) or isinstance(got, bool) or got is None:
        return wanted is got
    if isinstance(got, Decimal | int):
        exact = fraction_of(wanted)
        if exact is None:
            return False
        places = rounding.places if rounding is not None and isinstance(wanted, str) else STORED
        return Fraction(got) == half_up(exact, places)
    if isinstance(got, date):
        return bool(wanted == got)
    return str(wanted) == str(got)


def fraction_of(wanted: Written) -> Fraction | None:
    """A number, or the text of a fraction; None for any other word."""
    if isinstance(wanted, Decimal | int):
        return Fraction(wanted)
    return Fraction(wanted) if isinstance(wanted, str) and _FRACTION.fullmatch(wanted) else None


def half_up(x: Fraction, places: int) -> Fraction:
    """Rounded half away from zero, exactly."""
    scaled = floor(abs(x) * 10**places + Fraction(1, 2))
    return Fraction(scaled if x >= 0 else -scaled, 10**places)


def shown(value: Written) -> str:
    """A value as a report prints it; flags in Chinese, numbers without trailing zeros."""
    if value is None:
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return str(value)
