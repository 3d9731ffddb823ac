"""Words as the numbers of options, and decimals as integers: of many rows on other cores, meanwhile."""

from collections.abc import Mapping
from functools import partial

import polars as pl

from jiceng_sdk.engine.cores import Aside
from jiceng_sdk.engine.door.layout import Rowed

MANY, CROWDS = 100_000, 800_000
"""Rows of all frames from which on several cores pay; and from which on nothing else is done meanwhile."""

Numbers = Mapping[str, pl.Series]
"""By column: the numbers of its words, nothing for words that are no option; decimals × 10^scale."""


def coming(
    frames: Mapping[str, pl.DataFrame], rows: Mapping[str, Rowed]
) -> tuple[Aside[Mapping[str, Numbers]], frozenset[str]]:
    """The columns of words with known options and of decimals, by frame; and the frames that have some."""
    work = {name: found for name, frame in frames.items() if (found := _exprs(frame, rows[name]))}
    many, given = sum(frame.height for frame in frames.values()), {name: frames[name] for name in work}
    made = partial(_at_once if many < MANY else _on_all_cores, given, work)
    return Aside(made, begin=MANY <= many < CROWDS), frozenset(work)


def _at_once(frames: Mapping[str, pl.DataFrame], work: Mapping[str, list[pl.Expr]]) -> Mapping[str, Numbers]:
    return {name: frames[name].select_seq(exprs).to_dict() for name, exprs in work.items()}


def _on_all_cores(
    frames: Mapping[str, pl.DataFrame], work: Mapping[str, list[pl.Expr]]
) -> Mapping[str, Numbers]:
    found = pl.collect_all([frames[name].lazy().select(exprs) for name, exprs in work.items()])
    return {name: frame.to_dict() for name, frame in zip(work, found, strict=True)}


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
