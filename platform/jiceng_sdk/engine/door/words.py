"""Words as the numbers of options, and decimals as integers: many rows on every core at once."""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.door.layout import Rowed

MANY = 100_000
"""Rows of all frames from which on it pays to wait for several cores."""

Numbers = Mapping[str, pl.Series]
"""By column: the numbers of its words, nothing for words that are no option; decimals × 10^scale."""


def numbered(frames: Mapping[str, pl.DataFrame], rows: Mapping[str, Rowed]) -> dict[str, Numbers]:
    """The columns of words with known options and of decimals, by frame."""
    work = {name: found for name, frame in frames.items() if (found := _exprs(frame, rows[name]))}
    if sum(frame.height for frame in frames.values()) < MANY:
        return {name: frames[name].select_seq(exprs).to_dict() for name, exprs in work.items()}
    many = pl.collect_all([frames[name].lazy().select(exprs) for name, exprs in work.items()])
    return {name: frame.to_dict() for name, frame in zip(work, many, strict=True)}


def _exprs(frame: pl.DataFrame, rowed: Rowed) -> list[pl.Expr]:
    """What makes numbers of the columns of a frame."""
    if not rowed.numbers:
        return []
    given = dict(zip(frame.columns, frame.get_columns(), strict=True))
    return [made for column, made in rowed.numbers.items() if column in given and _fits(rowed, given[column])]


def _fits(rowed: Rowed, column: pl.Series) -> bool:
    """Whether a column holds words, or decimals where numbers are asked for."""
    dtype = column.dtype
    return isinstance(dtype, pl.String if rowed.shapes[column.name].options else pl.Decimal)
