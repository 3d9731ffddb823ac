"""What has passed the door: subjects numbered 0…n−1 in the order given, facts typed and keyed by
that number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from jiceng_sdk.engine.door.arriving import Arriving
from jiceng_sdk.engine.door.index import Index

CELL_KEY = "k"


@dataclass(frozen=True, slots=True)
class Inputs:
    """`index`: who takes part, in the order given. `single`: `#` and one typed column per single fact, gaps
    left open.

    `cells[fact]`: `#`, `k` and the fact's value, one row per value handed in. `rows[fact]`: see Rows.
    """

    index: Index
    single: pl.DataFrame
    cells: Mapping[str, pl.DataFrame]
    rows: Arriving

    @property
    def subjects(self) -> pl.Series:
        """The ids as given."""
        return self.index.ids

    @property
    def size(self) -> int:
        """How many subjects."""
        return len(self.index.ids)
