"""How many places each grade of a quota has, for a base of n: exact fractions, every rounding the rulebook may name."""

from fractions import Fraction
from math import ceil, floor

from msgspec import Struct

from jiceng_sdk.rulebook import Quota

HALF = Fraction(1, 2)


class Places(Struct, frozen=True):
    """Places of one grade: between `low` and `high`; equal when the rulebook leaves nothing open."""

    low: int
    high: int


def limited(rule: Quota, grades: tuple[str, ...]) -> list[str]:
    """The grades that have places: best first, from the bottom worst first; the last of a full split takes the rest."""
    wanted = rule.ratio or rule.share or rule.places
    order = [grade for grade in grades if grade in wanted]
    if rule.bottom:
        order.reverse()
    return order[:-1] if rule.ratio else order


def places(rule: Quota, order: list[str], low: int, high: int) -> list[Places]:
    """Places per grade of `order` for a base between `low` and `high` subjects."""
    found = [_exactly(rule, order, n) for n in range(low, high + 1)]
    return [
        Places(min(one[n].low for one in found), max(one[n].high for one in found)) for n in range(len(order))
    ]


def _exactly(rule: Quota, order: list[str], base: int) -> list[Places]:
    if rule.places:
        return [Places(rule.places[grade], rule.places[grade]) for grade in order]
    parts = [_part(rule, grade) * base for grade in order]
    if rule.rounding == "largest_remainder":
        return _largest(parts, base)
    return [_rounded(part, rule.rounding) for part in parts]


def _part(rule: Quota, grade: str) -> Fraction:
    if rule.share:
        return Fraction(rule.share[grade])
    return Fraction(rule.ratio[grade], sum(rule.ratio.values()))


def _rounded(part: Fraction, rounding: str) -> Places:
    match rounding:
        case "ask":
            return Places(floor(part), ceil(part))
        case "down":
            to = floor(part)
        case "up":
            to = ceil(part)
        case "half_even":
            to = round(part)
        case _:
            to = floor(part + HALF)
    return Places(to, to)


def _largest(parts: list[Fraction], base: int) -> list[Places]:
    """Whole parts first, what is left to the largest remainders; the rest of the base takes part. Equal ones: open."""
    shares = [*parts, base - sum(parts, Fraction(0))]
    whole = [floor(share) for share in shares]
    rest = [share - down for share, down in zip(shares, whole, strict=True)]
    left = base - sum(whole)
    found = []
    for down, own in zip(whole, rest, strict=True):
        above = sum(other > own for other in rest)
        alike = sum(other == own for other in rest)
        sure = own > 0 and above + alike <= left
        never = own == 0 or above >= left
        found.append(Places(down + sure, down + (not never)))
    return found[:-1]
