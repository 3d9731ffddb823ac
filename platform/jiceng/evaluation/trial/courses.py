"""The course of a subject through the decisions of two rulebooks: where it first becomes another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from jiceng_sdk.rulebook.difference.decisions import matched

if TYPE_CHECKING:
    from jiceng_sdk.engine import Outcome
    from jiceng_sdk.rulebook import Rulebook

SUBJECT, WAITING = "subject", "needs_ruling"
OWN = "="
"""The score is the node's own: no decision has replaced it."""


class Side:
    """One rulebook's outcome, narrowed to the subjects that moved."""

    def __init__(self, book: Rulebook, outcome: Outcome, moved: pl.Series) -> None:
        self.book = book
        self.nodes = outcome.nodes.filter(moved)
        self.results = outcome.results.filter(moved)
        self._left = outcome.details.filter(moved)
        self._issues = outcome.issues
        self._total = self.nodes[outcome.score] if outcome.score in self.nodes.columns else None

    @property
    def height(self) -> int:
        """How many subjects moved."""
        return self.nodes.height

    def grade(self, n: int) -> pl.Series:
        """The grade in words that decision n left; null while there is none, or for n = -1."""
        words = {len(self.book.grades) - place: grade for place, grade in enumerate(self.book.grades)}
        name = f"decide[{n}]:grade"
        if name not in self._left.columns:
            return self._constant(None)
        return self._left[name].replace_strict(words, default=None, return_dtype=pl.String)

    def score(self, n: int) -> pl.Series:
        """The score that decision n left, as text; `=` where it is still the node's own."""
        kept = (f"decide[{m}]:score" for m in range(n, -1, -1))
        name = next((name for name in kept if name in self._left.columns), None)
        if name is None or self._total is None:
            return self._constant(OWN)
        own = self._left[name].eq_missing(self._total.cast(self._left.schema[name]))
        return self._left[name].cast(pl.String).zip_with(~own, self._constant(OWN))

    def acted(self, n: int) -> pl.Series:
        """Whom decision n gave another grade or score than it found."""
        changed = self.grade(n).ne_missing(self.grade(n - 1))
        return changed | self.score(n).ne_missing(self.score(n - 1))

    def asked_at(self) -> pl.Series:
        """The decision at which a subject waits for a ruling; null for the others."""
        asked = (
            self._issues.filter(pl.col("where").str.starts_with("decide["))
            .select(SUBJECT, pl.col("where").str.extract(r"(\d+)").cast(pl.Int32).alias("n"))
            .group_by(SUBJECT)
            .agg(pl.col("n").min())
        )
        places = self.results.select(SUBJECT, "status").join(
            asked, on=SUBJECT, how="left", maintain_order="left"
        )
        return places.select(pl.when(pl.col("status") == WAITING).then("n").otherwise(None)).to_series()

    def _constant(self, word: str | None) -> pl.Series:
        return pl.Series([word] * self.height, dtype=pl.String)


def parting(old: Side, new: Side) -> pl.Series:
    """Per subject the first decision (its place in the new rulebook) after which its courses differ."""
    pairs, _, _ = matched(old.book, new.book)
    found = pl.Series([None] * old.height, dtype=pl.Int32)
    for before, after in pairs:
        differs = old.grade(before).ne_missing(new.grade(after))
        differs |= old.score(before).ne_missing(new.score(after))
        here = differs & found.is_null()
        found = found.zip_with(~here, pl.Series([after] * old.height, dtype=pl.Int32))
    to_new = dict(pairs)
    asked_before = old.asked_at().replace_strict(to_new, default=None, return_dtype=pl.Int32)
    return pl.select(pl.coalesce(new.asked_at(), asked_before, found)).to_series()
