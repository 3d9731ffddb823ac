"""Bars of the tiers in every town: one row a town, one piece a tier, as long as its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROW, BAR, LEFT, LONGEST, TOP = 26, 16, 160, 880, 4


class Piece(msgspec.Struct, frozen=True):
    """One tier's part of a bar."""

    tier: int
    count: int
    x: int
    width: int


class Row(msgspec.Struct, frozen=True):
    """One town's bar; `y` is its upper edge, `end` where its total is written."""

    title: str
    y: int
    pieces: tuple[Piece, ...]
    total: int
    end: int


class Bars(msgspec.Struct, frozen=True):
    """Ready to draw."""

    width: int
    height: int
    left: int
    bar: int
    rows: tuple[Row, ...]


def bars(towns: Mapping[str, Mapping[str, int]], tiers: Sequence[str]) -> Bars:
    """One row for each town, in the order given; the longest bar belongs to the town with most."""
    most = max((sum(one.values()) for one in towns.values()), default=0) or 1
    rows = tuple(_row(place, town, counts, tiers, most) for place, (town, counts) in enumerate(towns.items()))
    return Bars(LEFT + LONGEST + 40, TOP + ROW * len(rows), LEFT, BAR, rows)


def _row(place: int, town: str, counts: Mapping[str, int], tiers: Sequence[str], most: int) -> Row:
    pieces, x = [], LEFT
    for number, tier in enumerate(tiers):
        count = counts.get(tier, 0)
        width = LONGEST * count // most
        pieces.append(Piece(number, count, x, width))
        x += width
    return Row(town, TOP + ROW * place, tuple(pieces), sum(counts.values()), x + 6)
