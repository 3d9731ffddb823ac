"""The rows of a fact that have passed the door: typed, keyed by the number of their subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from jiceng_sdk.engine.door.shape import enumerated
from jiceng_sdk.engine.numbers.framing import framed

VOTES = "votes"


@dataclass(frozen=True)
class Rows:
    """Events, ballots or results: `#`, `date`, `votes` when tallied, typed fields. `open`: columns
    with gaps.

    `words`: the options of columns that hold the numbers of words; `whole`: decimals once more, times 10 to
    the power of their scale; `coded`: free words once more, as numbers from 0 on.
    """

    columns: Mapping[str, pl.Series]
    open: frozenset[str]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: Mapping[str, pl.Series] = field(default_factory=dict)
    coded: Mapping[str, pl.Series] = field(default_factory=dict)

    @cached_property
    def height(self) -> int:
        """How many rows."""
        return len(next(iter(self.columns.values())))

    @property
    def tallied(self) -> bool:
        """Whether a row stands for several ballots."""
        return VOTES in self.columns

    @cached_property
    def frame(self) -> pl.DataFrame:
        """The rows with words as words, for those who do not read them column by column."""
        found = framed(column.alias(name) for name, column in self.columns.items())
        if not self.words:
            return found
        return found.with_columns(
            pl.col(name).cat.to(enumerated(words)) for name, words in self.words.items()
        )
