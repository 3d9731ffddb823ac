"""Subjects by number: the engine counts them 0 … n−1, faster than comparing ids; ids come back after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from msgspec import structs

if TYPE_CHECKING:
    from jiceng_sdk.engine import Outcome

SUBJECT = "subject"
NUMBER = pl.UInt32


def by_number(subjects: pl.DataFrame) -> pl.DataFrame:
    """The frame of subjects with their row number instead of their id."""
    return subjects.with_columns(pl.int_range(pl.len(), dtype=NUMBER).alias(SUBJECT))


def numbered(frame: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """The rows of known subjects, each with its place in `ids` instead of its id (both are text).

    Rows about nobody (a ruling on a whole cohort) stay as they are.
    """
    known = pl.DataFrame({SUBJECT: ids}).with_columns(pl.int_range(pl.len(), dtype=NUMBER).alias("~n"))
    found = frame.join(known, on=SUBJECT, how="left", maintain_order="left")
    return (
        found.filter(pl.col("~n").is_not_null() | pl.col(SUBJECT).is_null())
        .with_columns(pl.col("~n").alias(SUBJECT))
        .drop("~n")
    )


def named(frame: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """The frame with ids instead of numbers."""
    return frame.with_columns(ids.gather(frame[SUBJECT]).alias(SUBJECT))


def with_ids(outcome: Outcome, ids: pl.Series) -> Outcome:
    """The outcome with ids instead of numbers."""

    return structs.replace(
        outcome,
        results=named(outcome.results, ids),
        kept_nodes=outcome.kept_nodes.over(named(outcome.kept_nodes.frame, ids)),
        kept_details=outcome.kept_details.over(named(outcome.kept_details.frame, ids)),
        issues=named(outcome.issues, ids),
        cells={unit: named(frame, ids) for unit, frame in outcome.cells.items()},
    )
