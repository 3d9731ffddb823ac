"""The straight way of a node: whole numbers times constants, added up, between bounds that are written out.

Most items over rows and most groups are nothing else. What their numbers are multiplied with and how large
they can become depends on the rulebook and on proved bounds alone, so it is worked out once.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache, reduce

import numpy as np
from msgspec import Struct

from jiceng_sdk.engine.numbers.columns import Column, Data, Flags
from jiceng_sdk.engine.numbers.exact import PLACES, decimals
from jiceng_sdk.engine.numbers.integers import LARGEST

Bounds = tuple[tuple[str, Decimal], ...]
"""Start, cap and floor by name, in the order they act."""
Factor = tuple[int, int]
"""A constant as an integer, and its places."""
Size = tuple[int, int]
"""The places of an integer, and its largest magnitude."""


class Step(Struct, frozen=True):
    """A bound: the number times `by`, and `act` between it and `bound`; `size` of what comes out."""

    by: np.int64 | None
    act: Callable[[Data, np.int64], Data]
    bound: np.int64
    size: Size


class Course(Struct, frozen=True):
    """`factors`: what every part is multiplied with, None for 1; `size` of their sum; then `steps`."""

    factors: tuple[np.int64 | None, ...]
    size: Size
    steps: tuple[Step, ...]

    def total(self, parts: Sequence[Data], null: Flags | None) -> Column:
        """The sum of the parts."""
        each = zip(parts, self.factors, strict=True)
        found = reduce(np.add, [part if factor is None else part * factor for part, factor in each])
        return Column("number", found, null, *self.size)

    def bounded(self, total: Column) -> Column:
        """The sum between its bounds."""
        if not self.steps:
            return total
        found = total.data
        for step in self.steps:
            found = step.act(found if step.by is None else found * step.by, step.bound)
        return Column("number", found, total.null, *self.steps[-1].size)


@lru_cache(maxsize=4096)
def course(factors: tuple[Factor, ...], sizes: tuple[Size, ...], bounds: Bounds) -> Course | None:
    """The way from parts of these sizes; None where it could leave 64 bits."""
    each = [
        (by, own + fine, large * max(abs(by), 1))
        for (by, fine), (own, large) in zip(factors, sizes, strict=True)
    ]
    places = max(own for _, own, _ in each)
    most = sum(large * 10 ** (places - own) for _, own, large in each)
    if places > PLACES or most >= LARGEST:
        return None
    whole = [by * 10 ** (places - own) for by, own, _ in each]
    if max(map(abs, whole)) >= LARGEST:
        return None
    size, steps = (places, most), []
    for word, bound in bounds:
        step = _step(size, word, bound)
        if step is None:
            return None
        steps.append(step)
        size = step.size
    return Course(tuple(map(_factor, whole)), (places, most), tuple(steps))


def _step(size: Size, word: str, bound: Decimal) -> Step | None:
    own = decimals(bound)
    places = max(size[0], own)
    by, end = 10 ** (places - size[0]), int(bound.scaleb(own)) * 10 ** (places - own)
    most = size[1] * by
    if places > PLACES or most + abs(end) + by >= LARGEST:
        return None
    if word == "start":
        most = 2 * max(most, abs(end))
        return Step(_factor(by), np.add, np.int64(end), (places, most)) if most < LARGEST else None
    act = np.minimum if word == "cap" else np.maximum
    return Step(_factor(by), act, np.int64(end), (places, max(most, abs(end))))


def _factor(by: int) -> np.int64 | None:
    return None if by == 1 else np.int64(by)
