"""Frames out of columns that are columns already; `pl.DataFrame` asks of each what it is."""

from collections.abc import Iterable

import polars as pl


def framed(columns: Iterable[pl.Series]) -> pl.DataFrame:
    """The columns side by side. Raises ShapeError for different lengths, DuplicateError for a name twice."""
    first, *rest = columns
    return first.to_frame().hstack(rest) if rest else first.to_frame()
