"""How many places each grade of a quota has, for a base of n: exact fractions, every rounding the
rulebook may name.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import combinations, product
from math import ceil, floor

from msgspec import Struct

from jiceng_sdk.rulebook import Quota

HALF = Fraction(1, 2)
READINGS = 32
"""Joint readings tried one by one; more are taken as ranges, which asks a few more."""


class Places(Struct, frozen=True):
    """Places of one grade: between `low` and `high`; equal when the rulebook leaves nothing open."""

    low: int
    high: int


def limited(rule: Quota, grades: tuple[str, ...]) -> list[str]:
    """The grades that have places: best first, from the bottom worst first; the last of a full
    split takes the rest.
    """
    wanted = rule.ratio or rule.share or rule.places
    order = [grade for grade in grades if grade in wanted]
    if rule.bottom:
        order.reverse()
    return order[:-1] if rule.ratio else order


def readings(rule: Quota, order: list[str], low: int, high: int) -> list[list[Places]]:
    """Places per grade of `order` for a base between `low` and `high` subjects.

    One reading, with a range per grade, unless one grade's places decide the next one's (equal
    remainders, places carried down, tied ones all in or out): then one reading each way.
    """
    if rule.rounding == "largest_remainder" and not rule.places:
        found = [way for n in range(low, high + 1) for way in _largest(_parts(rule, order, n), n)]
        several = list(dict.fromkeys(found))
        if len(several) <= READINGS:
            return [[Places(many, many) for many in way] for way in several]
        return [
            [
                Places(min(way[n] for way in several), max(way[n] for way in several))
                for n in range(len(order))
            ]
        ]
    each = [_exactly(rule, order, n) for n in range(low, high + 1)]
    if rule.carry_down or rule.ties != "ask":
        ways = [way for one in each for way in product(*(range(p.low, p.high + 1) for p in one))]
        several = list(dict.fromkeys(ways))
        if len(several) <= READINGS:
            return [[Places(many, many) for many in way] for way in several]
    return [
        [Places(min(one[n].low for one in each), max(one[n].high for one in each)) for n in range(len(order))]
    ]


def _exactly(rule: Quota, order: list[str], base: int) -> list[Places]:
    if rule.places:
        return [Places(rule.places[grade], rule.places[grade]) for grade in order]
    found = [_rounded(*_part(rule, grade).as_integer_ratio(), base, rule.rounding) for grade in order]
    least = rule.least if base else 0
    return [Places(max(one.low, least), max(one.high, least)) for one in found] if least else found


def _parts(rule: Quota, order: list[str], base: int) -> list[Fraction]:
    return [_part(rule, grade) * base for grade in order]


def _part(rule: Quota, grade: str) -> Fraction:
    if rule.share:
        return _fraction(rule.share[grade])
    return Fraction(rule.ratio[grade], sum(rule.ratio.values()))


@lru_cache(maxsize=256)
def _fraction(share: Decimal) -> Fraction:
    return Fraction(share)


@lru_cache(maxsize=4096)
def _rounded(above: int, below: int, base: int, rounding: str) -> Places:
    """`above` / `below` of a base, as whole places."""
    part = Fraction(above * base, below)
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


def _largest(parts: list[Fraction], base: int) -> list[tuple[int, ...]]:
    """Whole parts first, what is left to the largest remainders; the rest of the base takes part.

    Every way to give what is left among equal remainders.
    """
    shares = [*parts, base - sum(parts, Fraction(0))]
    whole = [floor(share) for share in shares]
    rest = [share - down for share, down in zip(shares, whole, strict=True)]
    left = base - sum(whole)
    line = sorted(rest, reverse=True)[left - 1] if left else Fraction(2)
    sure = [own > line for own in rest]
    tied = [n for n, own in enumerate(rest) if own == line]
    ways = combinations(tied, left - sum(sure)) if left else [()]
    return [tuple(down + sure[n] + (n in way) for n, down in enumerate(whole))[:-1] for way in ways]
