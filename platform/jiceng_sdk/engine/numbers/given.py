"""Columns as the door or Polars gives them, as arrays."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.numbers.columns import Column, Data, Flags, arrays, known
from jiceng_sdk.engine.numbers.integers import LARGEST
from jiceng_sdk.expressions.symbols import Kind


def integers(given: pl.Series, places: int, most: int) -> Column:
    """Numbers as the door keeps them (integers, or decimals of at most so many places) at their places."""
    scale = getattr(given.dtype, "scale", 0)
    data, null = arrays(given if given.dtype == pl.Int64 else given.to_physical().cast(pl.Int64))
    return Column(
        "number", data if scale == places else data * np.int64(10 ** (places - scale)), null, places, most
    )


_NUMBERED, _DIFFERENT = pl.all().to_physical(), pl.all().unique().sort()
"""Said once: to say it anew takes longer than to do it."""
_FEW = 5_000
"""Words below which a query for their numbers is cheaper than to hand them to Arrow."""


def numbered(words: pl.Series) -> tuple[Data, Flags | None]:
    """The numbers of words of known options, 0 where there is none, and where that is: as they lie in memory,
    where Polars would have to wake its threads for them.
    """
    if len(words) < _FEW:
        return arrays(words.to_frame().select_seq(_NUMBERED).to_series())
    numbers = words.to_arrow().indices
    if not words.null_count():
        return numbers.to_numpy(), None
    return numbers.fill_null(0).to_numpy(), numbers.is_null().to_numpy(zero_copy_only=False)


def grouped_by(words: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The number of every word, a missing one being a word like others, and the words in their order. Two
    queries and nothing else: a thread does this beside others, who would wait for the interpreter.
    """
    whole = (words.fill_null("—") if words.null_count() else words).to_frame()
    known = whole.select_seq(_DIFFERENT).to_series()
    return whole.select_seq(pl.all().cast(pl.Enum(known)).to_physical()).to_series(), known


def optional(given: pl.Series, options: tuple[str, ...]) -> Column:
    """Words of known options."""
    data, null = numbered(given)
    return Column("text", data, null, options=tuple(dict.fromkeys(options)))


def plainly(kind: Kind, given: pl.Series) -> Column:
    """Flags or days."""
    data, null = arrays(given)
    return Column(kind, data, null)


def measured(exact: pl.Series, places: int) -> Column:
    """Exact decimals of so many places as integers; of any size, where they leave 64 bits."""
    whole = exact.cast(pl.Decimal(38, places)).to_physical()
    most = max(abs(end) if isinstance(end, int) else 0 for end in (whole.min(), whole.max()))
    if most < LARGEST:
        data, null = arrays(whole.cast(pl.Int64))
        return Column("number", data, null, places, most)
    there = known(whole)
    large = np.array([one or 0 for one in whole.to_list()], dtype=object)
    return Column("number", large, None if there.all() else ~there, places, most)
