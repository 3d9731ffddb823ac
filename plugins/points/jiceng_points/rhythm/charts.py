"""Charts of the rhythm, as numbers for SVG: bars by month, stacked by kind. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from jiceng_points.shelf.words import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

HEIGHT, WIDTH, GAP = 180, 64, 40
_LEFT, _TOP = 44, 12


class Bar(msgspec.Struct, frozen=True):
    """One part of a month's bar; places in SVG units from the upper left."""

    kind: str
    place: int
    x: int
    y: int
    width: int
    height: int


class Bars(msgspec.Struct, frozen=True):
    """The whole chart: its parts, the totals of the months, the largest of them."""

    parts: tuple[Bar, ...]
    totals: tuple[int, ...]
    most: int
    width: int = _LEFT + 12 * (WIDTH + GAP)
    bottom: int = _TOP + HEIGHT


def month_bars(counts: Mapping[tuple[str, int], int]) -> Bars:
    """Bars of twelve months from counts by kind and month (1 to 12); heights add up to the month's."""
    totals = tuple(sum(counts.get((kind, month), 0) for kind in KINDS) for month in range(1, 13))
    most = max(totals)
    parts = []
    for month in range(1, 13):
        reached = 0
        for place, kind in enumerate(KINDS):
            before = _height(reached, most)
            reached += counts.get((kind, month), 0)
            height = _height(reached, most) - before
            x = _LEFT + (month - 1) * (WIDTH + GAP)
            parts.append(Bar(kind, place, x, _TOP + HEIGHT - before - height, WIDTH, height))
    return Bars(tuple(parts), totals, most)


def _height(count: int, most: int) -> int:
    return round(count * HEIGHT / most) if most else 0
