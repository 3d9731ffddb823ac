"""What an evaluation gives: results, node values, questions, area values, cohort statements; all
exact, all typed.
"""

from collections.abc import Mapping
from functools import lru_cache

import polars as pl
from msgspec import Struct, structs

from jiceng_sdk.engine.outcome.kept import Kept
from jiceng_sdk.engine.outcome.trail import trail
from jiceng_sdk.engine.period import Period

ENGINE_VERSION = "1"
"""Changes whenever a result could."""


EXPLAINS = (
    "raw",
    "start",
    "cap",
    "floor",
    "gate",
    "applies",
    "back",
    "n",
    "cells",
    "check",
    "class",
    "among",
    "own",
)
"""Marks beside a node that explanation reads; the others are the engine's scaffolding."""


@lru_cache(maxsize=8192)
def explains(column: str) -> bool:
    """Whether a column beside the nodes is kept with the outcome."""
    _, found, mark = column.rpartition(":")
    return bool(found) and mark.rstrip("0123456789") in EXPLAINS


class Outcome(Struct, frozen=True, kw_only=True):
    """Frames keyed by `subject` as given, rows in the order given.

    - `results`: subject, status, score, grade, one column per output.
    - `nodes`: subject, one Decimal column per item and group (null: open, or not applying).
    - `details`: subject, the columns explanation needs (`x:raw`, `x:applies`, `x:back`, `decide[0]:grade` …).
      Both are kept as integers (`kept_nodes`, `kept_details`) and made decimals when they are read.
    - `cells[unit]`: subject, `k`, node values and marks of sub-periods.
    - `issues`: subject, where, kind, reason, candidates.
    - `area`: name, group, value, low, high, open, met.
    - `cohort`: where, grade, cohort, base, low, high, candidates, over, open: the state of every quota.
    - `places`: decimals of every node, None = a quotient. `grades`: best first. `score`: which
      node is the total.
    """

    period: Period
    results: pl.DataFrame
    kept_nodes: Kept
    kept_details: Kept
    cells: Mapping[str, pl.DataFrame]
    issues: pl.DataFrame
    area: pl.DataFrame
    cohort: pl.DataFrame
    places: Mapping[str, int | None]
    grades: tuple[str, ...] = ()
    score: str = "score"
    version: str = ENGINE_VERSION

    @property
    def nodes(self) -> pl.DataFrame:
        """The nodes as exact decimals."""
        return self.kept_nodes.exact

    @property
    def details(self) -> pl.DataFrame:
        """The columns beside them, numbers as exact decimals."""
        return self.kept_details.exact

    @property
    def trail(self) -> pl.DataFrame:
        """subject, where, before, after, score_before, score_after, place, places: what each
        decision changed.
        """
        total = self.nodes[self.score] if self.score in self.nodes.columns else None
        return trail(self.details, total, self.grades)

    def of(self, subject: str | int) -> "Outcome":
        """The same outcome for one subject; area and cohort stay whole. Raises KeyError for a stranger."""
        at = self.results["subject"].index_of(subject)
        if at is None:
            raise KeyError(subject)
        one = pl.col("subject") == subject
        return structs.replace(
            self,
            results=self.results.slice(at, 1),
            kept_nodes=self.kept_nodes.slice(at, 1),
            kept_details=self.kept_details.slice(at, 1),
            cells={unit: frame.filter(one) for unit, frame in self.cells.items()},
            issues=self.issues.filter(one),
        )
