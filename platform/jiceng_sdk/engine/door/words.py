"""Words as the numbers of options, and decimals as integers: of many rows on other cores, meanwhile."""

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from jiceng_sdk.engine.cores import Aside
from jiceng_sdk.engine.door.layout import Layout, Rowed
from jiceng_sdk.engine.door.shape import Shape
from jiceng_sdk.engine.numbers.given import grouped_by

MANY, CROWDS = 100_000, 800_000
"""Rows of all frames from which on another core pays; and from which on all of them do nothing else."""

Columns = Mapping[str, pl.Series]
"""The columns of a frame by name."""
CODES, WORDS = "codes", "words"
Numbers = Mapping[str, pl.Series]
"""By column: the numbers of its words, nothing for words that are no option; decimals × 10^scale; any
numbers for free words.
"""


def coming(
    frames: Mapping[str, pl.DataFrame],
    columns: Mapping[str, Columns],
    layout: Layout,
    subjects: pl.DataFrame,
) -> Aside[str, Numbers]:
    """The columns of words with known options and of decimals, by frame, for frames that have some; last the
    cohorts of subjects, by `cohort` and name, as `CODES` and `WORDS`.
    """
    rows = layout.rows
    exprs = {name: found for name in frames if (found := _exprs(columns[name], rows[name]))}
    many = sum(frame.height for frame in frames.values())
    pieces: dict[str, Callable[[], Numbers]] = {
        cohort(name): partial(_cohort, subjects, name) for name in layout.cohorts if _plain(name, subjects)
    }
    if many >= CROWDS:
        plans = [frames[name].lazy().select(some) for name, some in exprs.items()]
        made = pl.collect_all(plans, engine="in-memory")  # pieces of a stream would be copied once more
        whole = dict(zip(exprs, made, strict=True))
        pieces |= {name: whole[name].to_dict for name in exprs}
    else:
        short_first = sorted(exprs, key=lambda name: frames[name].height)
        pieces |= {name: partial(_made, frames[name], exprs[name]) for name in short_first}
    return Aside(pieces, begin=MANY <= many < CROWDS)


def cohort(name: str) -> str:
    """Under which the cohorts by a column of words are made; no fact is called so."""
    return f"cohort {name}"


def _plain(name: str, subjects: pl.DataFrame) -> bool:
    """Whether the words of a cohort stand in the frame of subjects."""
    return name in subjects.columns and isinstance(subjects.get_column(name).dtype, pl.String)


def _cohort(subjects: pl.DataFrame, name: str) -> Numbers:
    codes, words = grouped_by(subjects.get_column(name))
    return {CODES: codes, WORDS: words}


def _made(frame: pl.DataFrame, exprs: list[pl.Expr]) -> Numbers:
    return frame.select_seq(exprs).to_dict()


def _exprs(given: Columns, rowed: Rowed) -> list[pl.Expr]:
    """What makes numbers of the columns of a frame."""
    if not (rowed.numbers or rowed.grouped):
        return []
    shapes = rowed.shapes
    found = [made for n, made in rowed.numbers.items() if n in given and _fits(shapes[n], given[n])]
    words = [name for name in rowed.grouped if name in given and isinstance(given[name].dtype, pl.String)]
    return [*found, *map(_any_words, words)]


def _any_words(name: str) -> pl.Expr:
    """Free words by numbers of their own, from 0 on; they are forgotten with the last column of them."""
    return pl.col(name).cast(pl.Categorical(pl.Categories.random())).to_physical()


def _fits(shape: Shape, column: pl.Series) -> bool:
    """Whether a column holds words, or decimals where numbers are asked for."""
    return isinstance(column.dtype, pl.String if shape.options else pl.Decimal)
