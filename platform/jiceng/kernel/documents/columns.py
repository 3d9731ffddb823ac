"""How wide the columns of a table on paper are: by what stands in them, the longest give way first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MARGINS = 2
"""What a cell needs beside its text, in halves of a Chinese character."""


def measure(text: str) -> int:
    """The width of a text in halves of a Chinese character."""
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)


def widths(rows: Iterable[Sequence[str]], room: int) -> tuple[int, ...]:
    """The widths of the columns of these rows (the head among them), in halves of a Chinese character.

    Each is as wide as its widest text. Where all together are wider than `room`, none may be wider than what
    lets them fit: numbers keep their line, long names take two.
    """
    wanted = [max(map(measure, column)) + MARGINS for column in zip(*rows, strict=True)]
    most = max(wanted, default=0)
    while most > MARGINS and sum(min(one, most) for one in wanted) > room:
        most -= 1
    return tuple(min(one, most) for one in wanted)
