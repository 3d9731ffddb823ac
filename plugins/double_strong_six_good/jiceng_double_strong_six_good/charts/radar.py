"""The radar of an enterprise: one axis for each criterion, its own points against the mean of its town."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

WIDTH, HEIGHT, RADIUS = 460, 330, 116
RINGS = 5
_MIDDLE = (WIDTH / 2, HEIGHT / 2)
_LABEL = 1.14


class Label(msgspec.Struct, frozen=True):
    """A word at the end of an axis."""

    text: str
    x: float
    y: float
    anchor: str


class Radar(msgspec.Struct, frozen=True, kw_only=True):
    """Ready to draw: every polygon as the text of its points; `mean` is "" when there is none to compare."""

    width: int = WIDTH
    height: int = HEIGHT
    rings: tuple[str, ...]
    spokes: tuple[tuple[float, float], ...]
    middle: tuple[float, float] = _MIDDLE
    labels: tuple[Label, ...]
    own: str
    mean: str


def radar(titles: Sequence[str], own: Sequence[Decimal], mean: Sequence[Decimal] | None, most: int) -> Radar:
    """The radar of as many axes as there are titles; each value is from 0 to `most`."""
    axes = len(titles)
    return Radar(
        rings=tuple(_polygon([ring / RINGS] * axes) for ring in range(1, RINGS + 1)),
        spokes=tuple(_at(place, axes, 1.0) for place in range(axes)),
        labels=tuple(_label(title, place, axes) for place, title in enumerate(titles)),
        own=_polygon([float(value) / most for value in own]),
        mean=_polygon([float(value) / most for value in mean]) if mean is not None else "",
    )


def _polygon(shares: Sequence[float]) -> str:
    points = (_at(place, len(shares), share) for place, share in enumerate(shares))
    return " ".join(f"{x},{y}" for x, y in points)


def _at(place: int, axes: int, share: float) -> tuple[float, float]:
    """A point on an axis; the first axis points up, the others follow clockwise."""
    angle = 2 * math.pi * place / axes
    x, y = _MIDDLE
    return round(x + RADIUS * share * math.sin(angle), 1), round(y - RADIUS * share * math.cos(angle), 1)


def _label(text: str, place: int, axes: int) -> Label:
    x, y = _at(place, axes, _LABEL)
    side = x - _MIDDLE[0]
    anchor = "middle" if abs(side) < 1 else "start" if side > 0 else "end"
    return Label(text, x, y + 5, anchor)
