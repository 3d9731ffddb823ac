"""The state of a quota per cohort and grade: what what-if and the page of places read."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.columns import At, Flags, Numbers
from jiceng_sdk.engine.decide.filling import Filled
from jiceng_sdk.engine.decide.lineup import Lineup
from jiceng_sdk.engine.decide.ranking import Contest

KEYS = ("where", "grade", "cohort")
COLUMNS = ("base", "low", "high", "candidates", "over", "open")


def rows(field: Contest, path: str, grade: str, **numbers: Numbers) -> pl.DataFrame:
    """One row per cohort, in the order of their words."""
    order, many = field.order, field.cohorts
    return pl.DataFrame(
        [
            pl.Series("where", [path], dtype=pl.String).new_from_index(0, many),
            pl.Series("grade", [grade], dtype=pl.String).new_from_index(0, many),
            field.named,
            *(pl.Series(name, numbers[name][order].astype(np.int64)) for name in COLUMNS),
        ]
    )


def table(
    field: Contest, line: Lineup, found: Filled, path: str, grade: str, idle: tuple[Numbers, Numbers]
) -> pl.DataFrame:
    """Per cohort: base, places, candidates, who is over, who is open. `idle`: places where none compete."""
    low, high = (end.copy() for end in idle)
    low[line.cohort], high[line.cohort] = found.low, found.high

    def total(who: Flags) -> Numbers:
        return counted(line.cohort[who], field)

    there, over, open_ = total(found.there), total(found.outside), total(found.contested)
    return rows(
        field, path, grade, base=field.base[1], low=low, high=high, candidates=there, over=over, open=open_
    )


def counted(cohorts: At, field: Contest) -> Numbers:
    """How many of every cohort."""
    return np.bincount(cohorts, minlength=field.cohorts)


def joined(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables of one grade in all readings as one."""
    if len(tables) == 1:
        return tables[0]
    low, high = pl.col("low").min(), pl.col("high").max()
    rest = [pl.col(name).max() for name in ("base", "candidates", "over", "open")]
    return (
        pl.concat(tables)
        .group_by("cohort", "where", "grade")
        .agg(low, high, *rest)
        .sort("cohort")
        .select(KEYS + COLUMNS)
    )
