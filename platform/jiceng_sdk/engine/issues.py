"""Questions found on the way: who is asked, by which part, why, and between which grades."""

import polars as pl

from jiceng_sdk.engine.exact import ROW
from jiceng_sdk.engine.table import KEY

SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {
    KEY: ROW,
    "where": pl.String(),
    "kind": pl.String(),
    "reason": pl.String(),
    "candidates": pl.String(),
}
MATTERS = ("gap", "tie", "rounding", "asked", "missing", "unknown")
"""Kinds that wait for a ruling or a fact; the others only inform."""


class Issues:
    """Collects questions; which of them still matter is decided at the end."""

    def __init__(self) -> None:
        self._found: list[pl.DataFrame] = []

    def add(
        self,
        frame: pl.DataFrame,
        mask: pl.Expr,
        where: str,
        kind: str,
        reason: str | pl.Expr,
        candidates: pl.Expr | None = None,
    ) -> None:
        """One question for every row of `frame` that the mask takes. `candidates`: grades joined by "、"."""
        words = pl.lit(reason) if isinstance(reason, str) else reason
        found = frame.filter(mask)
        if not found.height:
            return
        self._found.append(
            found.select(
                pl.col(KEY),
                pl.lit(where).alias("where"),
                pl.lit(kind).alias("kind"),
                words.cast(pl.String).alias("reason"),
                (pl.lit("") if candidates is None else candidates).cast(pl.String).alias("candidates"),
            ).unique()
        )

    def frame(self) -> pl.DataFrame:
        """All questions, in an order fixed by content."""
        empty = pl.DataFrame(schema=SCHEMA)
        return pl.concat([empty, *self._found]).unique().sort(KEY, "where", "kind", "reason")

    def copy(self) -> "Issues":
        """The questions so far, to which others may be added."""
        other = Issues()
        other._found = list(self._found)
        return other
