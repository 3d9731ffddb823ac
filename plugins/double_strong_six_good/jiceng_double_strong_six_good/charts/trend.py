"""The line of a rate over the years, from 0 to 100 percent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1080, 240, 48, 40, 26, 36
FULL = 100


class Mark(msgspec.Struct, frozen=True):
    """One value: where it stands, and what is written there."""

    x: int
    y: int
    value: Decimal
    title: str


class Trend(msgspec.Struct, frozen=True):
    """Ready to draw: lines across with their percent, the marks, the line through them."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    across: tuple[tuple[int, int], ...]
    marks: tuple[Mark, ...]
    line: str


def trend(values: Sequence[tuple[str, Decimal]]) -> Trend:
    """The line through the values (title, percent), which stand at equal distances."""
    steps = max(len(values) - 1, 1)
    inside = WIDTH - LEFT - RIGHT - 80
    marks = tuple(
        Mark(LEFT + 40 + inside * place // steps, _height(value), value, title)
        for place, (title, value) in enumerate(values)
    )
    across = tuple((_height(percent), percent) for percent in (0, 25, 50, 75, FULL))
    line = " ".join(f"{mark.x},{mark.y}" for mark in marks)
    return Trend(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, HEIGHT - BOTTOM, across, marks, line)


def _height(percent: Decimal | int) -> int:
    return round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * percent / FULL)
