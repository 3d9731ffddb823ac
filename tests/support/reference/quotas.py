"""Quotas by brute force: every admissible rounding and every order of the tied is tried."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations, product
from math import ceil, floor

from jiceng_sdk.rulebook import Quota

Key = tuple[Fraction, ...]
Member = tuple[Key, int]
"""Rank key (larger first) and level of the grade before the quota."""


def every_outcome(
    rule: Quota, grades: Sequence[str], members: Mapping[str, Member], base: int, used: Mapping[str, int]
) -> dict[str, set[int]]:
    """For each member the levels it can end in over all readings; `used`: places taken by final grades."""
    order = [grade for grade in grades if grade in (rule.share or rule.places or rule.ratio)]
    found: dict[str, set[int]] = {name: set() for name in members}
    for places in _places(rule, order, base):
        free = {grade: max(0, n - used.get(grade, 0)) for grade, n in places.items()}
        for ranked in _orders(members, rule):
            for name, level in _filled(rule, grades, order, free, ranked, members).items():
                found[name].add(level)
    return found


def _places(rule: Quota, order: Sequence[str], base: int) -> Iterator[dict[str, int]]:
    """Every admissible number of places per grade; of a ratio the last grade takes the rest."""
    if rule.places:
        yield dict(rule.places)
        return
    whole = sum(rule.ratio.values()) or 1
    parts = {
        grade: base * (Fraction(rule.share[grade]) if rule.share else Fraction(rule.ratio[grade], whole))
        for grade in order
    }
    if rule.rounding == "largest_remainder":
        yield from _largest_remainder(parts)
        return
    least = rule.least if base else 0
    options = [sorted({max(n, least) for n in _rounded(part, rule.rounding)}) for part in parts.values()]
    for chosen in product(*options):
        yield dict(zip(order, chosen, strict=True))


def _rounded(x: Fraction, rounding: str) -> set[int]:
    half = floor(x + Fraction(1, 2))
    even = half - (x + Fraction(1, 2) == half and half % 2)
    return {
        "ask": {floor(x), ceil(x)},
        "down": {floor(x)},
        "up": {ceil(x)},
        "half_up": {half},
        "half_even": {even},
    }[rounding]


def _largest_remainder(parts: Mapping[str, Fraction]) -> Iterator[dict[str, int]]:
    """Whole parts first, what is left one each by the largest remainder; equal remainders in every order."""
    whole = {grade: floor(part) for grade, part in parts.items()}
    left = floor(sum(parts.values(), Fraction(0))) - sum(whole.values())
    for order in permutations(parts):
        rests = [parts[grade] - whole[grade] for grade in order]
        if rests == sorted(rests, reverse=True):
            yield {grade: n + (order.index(grade) < left) for grade, n in whole.items()}


def _orders(members: Mapping[str, Member], rule: Quota) -> Iterator[list[str]]:
    keys = sorted({key for key, _ in members.values()}, reverse=True)
    tied = [sorted(name for name, (own, _) in members.items() if own == key) for key in keys]
    if rule.ties != "ask":
        yield [name for names in tied for name in names]
        return
    for chosen in product(*(permutations(names) for names in tied)):
        yield [name for names in chosen for name in names]


def _filled(
    rule: Quota, grades: Sequence[str], order: Sequence[str], places: Mapping[str, int], ranked: list[str],
    members: Mapping[str, Member],
) -> dict[str, int]:  # fmt: skip
    level = {grade: len(grades) - n for n, grade in enumerate(grades)}
    top = level[order[0]]
    now = {name: top if rule.ratio else members[name][1] for name in ranked}
    if rule.bottom:
        return _from_below(rule, order, places, ranked, members, now, level)
    carried = 0
    for grade in order[:-1] if rule.ratio else order:
        pool = [name for name in ranked if now[name] == level[grade]]
        room = places[grade] + carried
        stays = [name for n, name in enumerate(pool) if _fits(rule, pool, n, room, members)]
        for name in pool:
            if name not in stays:
                now[name] -= 1
        carried = max(0, room - len(stays)) if rule.carry_down else 0
    return now


def _fits(rule: Quota, pool: list[str], n: int, room: int, members: Mapping[str, Member]) -> bool:
    if rule.ties == "ask":
        return n < room
    key = members[pool[n]][0]
    better = sum(members[name][0] > key for name in pool)
    equal = sum(members[name][0] == key for name in pool)
    return better < room if rule.ties == "in" else better + equal <= room


def _from_below(
    rule: Quota, order: Sequence[str], places: Mapping[str, int], ranked: list[str],
    members: Mapping[str, Member], now: dict[str, int], level: Mapping[str, int],
) -> dict[str, int]:  # fmt: skip
    """The last ones go down to the worst grade, those before them to the next."""
    pool = list(reversed(ranked))
    for grade in reversed(order):
        room = places[grade]
        hit = [name for n, name in enumerate(pool) if _falls(rule, pool, n, room, members)]
        for name in hit:
            now[name] = min(now[name], level[grade])
        pool = [name for name in pool if name not in hit]
    return now


def _falls(rule: Quota, pool: list[str], n: int, room: int, members: Mapping[str, Member]) -> bool:
    if rule.ties == "ask":
        return n < room
    key = members[pool[n]][0]
    worse = sum(members[name][0] < key for name in pool)
    equal = sum(members[name][0] == key for name in pool)
    return worse < room if rule.ties == "in" else worse + equal <= room
