"""Frames out of columns that are columns already; `pl.DataFrame` asks of each what it is."""

from collections.abc import Iterable, Sequence

import polars as pl


def framed(columns: Iterable[pl.Series]) -> pl.DataFrame:
    """The columns side by side. Raises ShapeError for different lengths, DuplicateError for a name twice."""
    first, *rest = columns
    return first.to_frame().hstack(rest) if rest else first.to_frame()


def cut(whole: pl.Series, names: Sequence[str]) -> list[pl.Series]:
    """A column cut into several of one length: to make a column costs more than what is in a short one."""
    size = len(whole) // len(names)
    return [whole.slice(n * size, size).alias(name) for n, name in enumerate(names)]
