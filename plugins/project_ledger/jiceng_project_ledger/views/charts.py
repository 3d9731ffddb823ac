"""Charts of the district's overview as numbers for SVG. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, ROW, LABEL, NUMBER = 1180, 26, 150, 60
HEIGHT, STEP, LEFT, TOP = 150, 95, 40, 14


class Part(msgspec.Struct, frozen=True):
    """One part of a bar; places in SVG units from the upper left; `place` is its number in the legend."""

    place: int
    x: int
    y: int
    width: int
    height: int
    value: int


class Bar(msgspec.Struct, frozen=True):
    """A bar lying on its side: its name, its parts, their sum."""

    name: str
    y: int
    parts: tuple[Part, ...]
    whole: int


def lying_bars(rows: Sequence[tuple[str, Sequence[int]]]) -> tuple[Bar, ...]:
    """A bar for every row, its parts one after another; the longest bar fills the width."""
    most = max((sum(values) for _, values in rows), default=0)
    room = WIDTH - LABEL - NUMBER
    found = []
    for line, (name, values) in enumerate(rows):
        gone, parts = 0, []
        for place, value in enumerate(values):
            x, end = _share(gone, most, room), _share(gone + value, most, room)
            parts.append(Part(place, LABEL + x, line * ROW + 4, end - x, ROW - 8, value))
            gone += value
        found.append(Bar(name, line * ROW, tuple(parts), gone))
    return tuple(found)


class Column(msgspec.Struct, frozen=True):
    """A month's column: what was due and what came in time, as heights from the bottom."""

    month: int
    x: int
    due: int
    in_time: int
    due_height: int
    in_time_height: int


def month_columns(counts: Mapping[int, tuple[int, int]]) -> tuple[Column, ...]:
    """Twelve columns from (due, in time) by month; the highest is as high as the chart."""
    most = max((due for due, _ in counts.values()), default=0)
    return tuple(
        Column(
            month,
            LEFT + (month - 1) * STEP,
            *counts.get(month, (0, 0)),
            *(_share(value, most, HEIGHT) for value in counts.get(month, (0, 0))),
        )
        for month in range(1, 13)
    )


def _share(value: int, most: int, room: int) -> int:
    return round(value * room / most) if most else 0
