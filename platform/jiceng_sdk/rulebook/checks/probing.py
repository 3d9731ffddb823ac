"""Values worth trying on rows of conditions: every threshold, just beside it, and the middle between two.

Rows that compare names with names are solved for one name after the other: for each value tried of the first,
the thresholds of the second follow, as long as it appears to the first degree.
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from jiceng_sdk.expressions.tree import Among, Compare, Number, Text
from jiceng_sdk.expressions.typedtree import Typed
from jiceng_sdk.rulebook.checks.trying import FIRST_DAY, Tried, Trying, Value, holds
from jiceng_sdk.rulebook.meaning import Analysis

MOST_TRIES = 3_000
FINEST = 6
"""Beside a threshold of a quotient: a millionth."""
OTHER = "（其他）"
Pair = tuple[Typed, str, Typed]


class Probe:
    """Tries rows; afterwards `complete` is False when something could not be solved or was only sampled."""

    def __init__(self, found: Analysis, rows: list[Typed], only: list[Typed]) -> None:
        self.trying = Trying(found)
        self.complete = True
        self._grades = len(found.book.grades)
        self._pairs: list[Pair] = []
        self._atoms: list[Pair] = []
        self._words: dict[str, list[Value]] = {}
        self._unknown: dict[str, Typed] = {}
        for typed in (*rows, *only):
            self._unknown |= self.trying.unknowns(typed)
            self._collect(typed)
        self._needs = [self._reads(pair) for pair in self._pairs]
        asked = {key: sum(key in need for need in self._needs) for key in self._unknown}
        self._order = sorted(
            self._unknown, key=lambda key: (self._solved(key), asked[key], self._width(key), key)
        )

    def tries(self) -> Iterator[Tried]:
        """Values of everything the rows read, one set after the other."""
        for n, tried in enumerate(self._from({}, 0)):
            if n >= MOST_TRIES:
                self.complete = False
                return
            yield tried

    def kind(self, key: str) -> str:
        """The kind of something tried."""
        return self._unknown[key].kind

    def region(self, tried: Tried) -> tuple[bool, ...]:
        """What every comparison and flag says of the tried values; equal for values of one region."""
        found = [value for value in tried.values() if isinstance(value, bool)]
        for left, op, right in self._atoms:
            found.append(holds(op, self.trying.value(left, tried), self.trying.value(right, tried)))
        return tuple(found)

    def _width(self, key: str) -> Fraction:
        """Narrow ones are tried first, so that thresholds are solved for what varies most."""
        bounds = self._unknown[key].range
        return Fraction(bounds.high) - Fraction(bounds.low)

    def _solved(self, key: str) -> bool:
        return self._unknown[key].kind in ("number", "date")

    def _reads(self, pair: Pair) -> frozenset[str]:
        return frozenset(self.trying.unknowns(pair[0])) | frozenset(self.trying.unknowns(pair[2]))

    def _collect(self, typed: Typed) -> None:
        waiting = [typed]
        while waiting:
            part = waiting.pop()
            if (inner := self.trying.opened(part)) is not None:
                waiting.append(inner)
                continue
            waiting.extend(part.args)
            if isinstance(part.tree, Compare):
                self._compared(
                    [(a, op, b) for op, (a, b) in zip(part.tree.ops, pairwise(part.args), strict=True)]
                )
            elif isinstance(part.tree, Among):
                self._compared([(part.args[0], "==", option) for option in part.args[1:]])

    def _compared(self, pairs: list[Pair]) -> None:
        self._atoms += pairs
        for pair in pairs:
            left, _, right = pair
            if left.kind in ("number", "date"):
                self._pairs.append(pair)
            for one, other in ((left, right), (right, left)):
                if one.kind == "text" and isinstance(other.tree, Text):
                    for key in self.trying.unknowns(one):
                        self._words.setdefault(key, []).append(other.tree.value)

    def _from(self, tried: dict[str, Value], n: int) -> Iterator[Tried]:
        if n == len(self._order):
            yield tried
            return
        key = self._order[n]
        for value in self._values(key, tried):
            yield from self._from({**tried, key: value}, n + 1)

    def _values(self, key: str, tried: Tried) -> list[Value]:
        typed = self._unknown[key]
        match typed.kind:
            case "flag":
                return [False, True]
            case "grade":
                return [Fraction(level) for level in range(1, self._grades + 1)]
            case "text":
                return list(typed.options) or [*dict.fromkeys(self._words.get(key, [])), OTHER]
            case _:
                return list(self._numbers(key, typed, tried))

    def _numbers(self, key: str, typed: Typed, tried: Tried) -> list[Fraction]:
        cuts: set[Fraction] = set()
        known = {*tried, key}
        for pair, need in zip(self._pairs, self._needs, strict=True):
            if key in need and need <= known:
                cuts |= self._roots(pair, key, tried)
        bounds = typed.range
        low, high = Fraction(bounds.low), Fraction(bounds.high)
        if typed.kind == "date":
            return _around(sorted(cuts), Fraction(1)) or [Fraction(FIRST_DAY.toordinal())]
        places = FINEST if typed.places is None else max(0, min(FINEST, typed.places))
        step = Fraction(1, 10**places)
        found = _around(sorted(cuts), step)
        if not cuts:
            found = [max(low, Fraction(1)), max(low, Fraction(100))]
            self.complete = False
        if not bounds.assumed:
            found += [low, high]
        return list(dict.fromkeys(one for one in found if low <= one <= high))

    def _roots(self, pair: Pair, key: str, tried: Tried) -> set[Fraction]:
        """Where both sides meet, if the difference is of the first degree in `key`."""
        differences = []
        for at in (0, 1, 2):
            here = {**tried, key: Fraction(at)}
            a, b = self.trying.value(pair[0], here), self.trying.value(pair[2], here)
            if not isinstance(a, Fraction) or not isinstance(b, Fraction):
                self.complete = False
                return _literals(pair)
            differences.append(a - b)
        zero, one, two = differences
        if two - one != one - zero:
            self.complete = False
            return _literals(pair)
        return {-zero / (one - zero)} if one != zero else set()


def _literals(pair: Pair) -> set[Fraction]:
    found, waiting = set(), [pair[0], pair[2]]
    while waiting:
        part = waiting.pop()
        waiting.extend(part.args)
        if isinstance(part.tree, Number):
            found.add(Fraction(part.tree.value))
    return found


def _around(cuts: list[Fraction], step: Fraction) -> list[Fraction]:
    """Middles first (they read best in a message), then the thresholds, then one step on either side."""
    found = []
    for a, b in pairwise(cuts):
        middle = math.floor((a + b) / 2 / step) * step
        found += [middle] if a < middle < b else []
    found += [cut for cut in cuts if (cut / step).denominator == 1]
    for cut in cuts:
        found += [(math.ceil(cut / step) - 1) * step, (math.floor(cut / step) + 1) * step]
    return found
