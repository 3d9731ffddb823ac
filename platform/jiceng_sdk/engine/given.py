"""Columns as the door or Polars gives them, as arrays."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.columns import Column, arrays, known
from jiceng_sdk.engine.framing import framed
from jiceng_sdk.engine.integers import LARGEST
from jiceng_sdk.expressions.symbols import Kind


def integers(given: pl.Series, places: int, most: int) -> Column:
    """Numbers as the door keeps them (integers, or decimals of at most so many places) at their places."""
    scale = getattr(given.dtype, "scale", 0)
    data, null = arrays(given if given.dtype == pl.Int64 else given.to_physical().cast(pl.Int64))
    return Column(
        "number", data if scale == places else data * np.int64(10 ** (places - scale)), null, places, most
    )


_NUMBERED, _DIFFERENT = pl.all().to_physical(), pl.all().unique(maintain_order=True)
"""Said once: to say it anew takes longer than to do it."""


def numbered(words: pl.Series) -> pl.Series:
    """The numbers of words of known options."""
    return words.to_frame().select_seq(_NUMBERED).to_series()


def different(words: pl.Series) -> pl.Series:
    """Every word once, in the order met."""
    return words.to_frame().select_seq(_DIFFERENT).to_series()


def grouped_by(words: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The number of every word, a missing one being a word like others, and the words in their order."""
    whole = words.fill_null("—") if words.null_count() else words
    known = different(whole)
    return numbered(whole.cast(pl.Enum(known))), known


class Words:
    """Several columns of words of known options. Their numbers are made together, and while Polars' threads
    are awake from the door: later it takes ten times as long to wake them.
    """

    __slots__ = ("_columns", "_made")

    def __init__(self) -> None:
        self._columns: list[pl.Series] = []
        self._made: dict[str, pl.Series] = {}

    def add(self, column: pl.Series) -> None:
        """One more of them."""
        self._columns.append(column)

    def made(self) -> None:
        """All numbers."""
        if self._columns and not self._made:
            self._made = framed(self._columns).select_seq(_NUMBERED).to_dict()

    def told(self, name: str, options: tuple[str, ...]) -> Column:
        """The words of one of them as an array."""
        self.made()
        data, null = arrays(self._made[name])
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
