"""Frames of an outcome as they are kept: numbers as integers at their places, decimals when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - msgspec reads the fields' types
from functools import cached_property

import polars as pl
from msgspec import Struct, field

from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.columns import Column, nullable
from jiceng_sdk.engine.numbers.framing import framed


class Kept(Struct, frozen=True, dict=True):
    """`made`: a frame, or what its columns are made of when somebody looks at it. A column named in `scales`
    holds integers × 10^−scale, every other one what it is.
    """

    made: pl.DataFrame | Mapping[str, pl.Series | Column]
    scales: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The columns."""
        if isinstance(self.made, pl.DataFrame):
            return self.made
        return framed([_laid(name, column) for name, column in self.made.items()])

    @cached_property
    def exact(self) -> pl.DataFrame:
        """The same with every number as an exact decimal."""
        return self.frame.with_columns(
            integers.exact((pl.col(name), 0), scale).alias(name)
            for name, scale in self.scales.items()
            if name in self.frame.columns
        )

    def over(self, frame: pl.DataFrame) -> Kept:
        """Another frame whose columns mean the same."""
        return Kept(frame, self.scales)

    def slice(self, first: int, many: int) -> Kept:
        """Some rows of it."""
        return self.over(self.frame.slice(first, many))


def _laid(name: str, column: pl.Series | Column) -> pl.Series:
    """An array as a column of Polars."""
    if isinstance(column, pl.Series):
        return column
    return nullable(name, column.data, column.null)


def joined(parts: Sequence[Kept]) -> Kept:
    """Several, one below the other."""
    if all(part.scales == parts[0].scales for part in parts):
        return parts[0].over(pl.concat([part.frame for part in parts]))
    return Kept(pl.concat([part.exact for part in parts]))
