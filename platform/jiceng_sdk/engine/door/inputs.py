"""What has passed the door: subjects numbered 0…n−1 in the order given, facts typed and keyed by
that number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from jiceng_sdk.engine.door.index import Index
from jiceng_sdk.engine.door.shape import enumerated
from jiceng_sdk.engine.framing import framed

CELL_KEY = "k"
VOTES = "votes"


@dataclass(frozen=True)
class Rows:
    """Events, ballots or results: `#`, `date`, `votes` when tallied, typed fields. `open`: columns
    with gaps.

    `words`: the options of columns that hold the numbers of words; `whole`: decimals once more, times 10 to
    the power of their scale.
    """

    columns: Mapping[str, pl.Series]
    open: frozenset[str]
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    whole: Mapping[str, pl.Series] = field(default_factory=dict)

    @property
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
        found = framed(self.columns.values())
        if not self.words:
            return found
        return found.with_columns(
            pl.col(name).cat.to(enumerated(words)) for name, words in self.words.items()
        )


@dataclass(frozen=True, slots=True)
class Inputs:
    """`index`: who takes part, in the order given. `single`: `#` and one typed column per single fact, gaps
    left open.

    `cells[fact]`: `#`, `k` and the fact's value, one row per value handed in. `rows[fact]`: see Rows.
    """

    index: Index
    single: pl.DataFrame
    cells: Mapping[str, pl.DataFrame]
    rows: Mapping[str, Rows]

    @property
    def subjects(self) -> pl.Series:
        """The ids as given."""
        return self.index.ids

    @property
    def size(self) -> int:
        """How many subjects."""
        return len(self.index.ids)
