"""One grade of a quota: who is in, who is out, who is open, and what that leaves for the next grade."""

from dataclasses import dataclass, field

import numpy as np

from jiceng_sdk.engine.decide.lineup import NONE, Lineup
from jiceng_sdk.engine.numbers.columns import Flags, Numbers
from jiceng_sdk.rulebook import Quota

NOBODY = -1
"""A place nobody was given."""


@dataclass(slots=True)
class Filling:
    """Where the competing rows stand while the grades are filled; grades are levels, 0 is none.

    `open`: some reading leads elsewhere, between `lowest` and `top`; `carry`: such a one may come down into
    the next grade; `fall1`, `fall2`: how many of those come down at least and at most; `spare1`, `spare2`:
    places left over from above.
    """

    line: Lineup
    grade: Numbers
    open: Flags = field(init=False)
    carry: Flags = field(init=False)
    top: Numbers = field(init=False)
    lowest: Numbers = field(init=False)
    fall1: Numbers = field(init=False)
    fall2: Numbers = field(init=False)
    spare1: Numbers = field(init=False)
    spare2: Numbers = field(init=False)
    place: Numbers = field(init=False)
    places: Numbers = field(init=False)

    def __post_init__(self) -> None:
        many = self.line.size
        self.open, self.carry = np.zeros(many, np.bool_), np.zeros(many, np.bool_)
        self.top, self.lowest = np.zeros(many, np.int64), np.zeros(many, np.int64)
        self.fall1 = self.fall2 = self.spare1 = self.spare2 = NONE
        self.place = self.places = np.full(many, NOBODY, np.int64)


@dataclass(frozen=True, slots=True)
class Filled:
    """One grade: its level, places at least and at most, who stands in it, who of them is in, out or open."""

    level: int
    low: Numbers
    high: Numbers
    there: Flags
    inside: Flags
    outside: Flags
    contested: Flags
    worst: Numbers


def started(rule: Quota, line: Lineup, grades: Numbers, best: int) -> Filling:
    """A full split starts with everybody in the best grade. `grades`: of all worlds."""
    grade = grades[line.rows].astype(np.int64)
    return Filling(line, np.full(line.size, best, np.int64) if rule.ratio else grade)


def filled(now: Filling, rule: Quota, level: int, low: Numbers, high: Numbers) -> Filled:
    """Who is in, out or open at one grade; `low`, `high`: its places in the cohort of every row."""
    line, carried = now.line, now.carry
    there = ~now.open & (now.grade == level)
    first, last = line.both(there)
    best, worst = first, last
    if carried.any():
        above, below = line.both(there | carried)
        best = first + np.maximum(0, now.fall1 - line.count(carried) + above - first)
        worst = last + np.minimum(below - last, now.fall2)
    else:
        best, worst = first, last
    tie = last - first
    sure = (worst - tie if rule.ties == "in" else worst) <= low
    lost = (best + tie if rule.ties == "out" else best) > high
    inside, outside = there & sure, there & lost & ~sure
    found = Filled(level, low, high, there, inside, outside, there & ~inside & ~outside, worst)
    _noted(now, found, first)
    return found


def _noted(now: Filling, found: Filled, first: Numbers) -> None:
    """Places given, and how far those who are open may rise and fall."""
    now.place = np.where(found.there, first, now.place)
    now.places = np.where(found.there, found.low, now.places)
    falls = found.contested
    if falls.any():
        now.top = np.where(falls, found.level, now.top)
    if now.carry.any():
        last = now.line.worst(found.there | now.carry)
        falls = falls | (now.carry & (last > found.low))
    if falls.any():
        now.lowest = np.where(falls, max(found.level - 1, 1), now.lowest)


def after(now: Filling, found: Filled, rule: Quota, *, carried: bool) -> None:
    """Who is out falls one grade; open ones and unused places go on when the next grade is the next quota."""
    line = now.line
    taken, open_ = line.count(found.inside), line.count(found.contested)
    fall1, fall2 = now.fall1, now.fall2
    if rule.carry_down:
        now.spare1, now.spare2 = _spare(now, found, rule, taken, open_)
    if carried:
        fall1 = np.maximum(0, fall1 + open_ - np.maximum(0, found.high - taken))
        fall2 = np.maximum(0, fall2 + open_ - np.maximum(0, found.low - taken))
    now.fall1, now.fall2 = (fall1, fall2) if carried else (NONE, NONE)
    if open_.ndim or now.carry.any():
        now.open = now.open | found.contested
        now.carry = now.open & (now.carry | found.contested) if carried else np.zeros(line.size, np.bool_)
    now.grade = np.where(found.outside, max(found.level - 1, 1), now.grade)


def _spare(
    now: Filling, found: Filled, rule: Quota, taken: Numbers, open_: Numbers
) -> tuple[Numbers, Numbers]:
    """Places left unused, at least and at most. Tied ones fill what there is, unless all of them are out."""
    if rule.ties == "out":
        return np.maximum(0, found.low - taken - open_ - now.fall2), np.maximum(0, found.high - taken)
    there = now.line.count(found.there)
    return np.maximum(0, found.low - there - now.fall2), np.maximum(0, found.high - there - now.fall1)
