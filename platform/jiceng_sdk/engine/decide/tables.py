"""The state of a quota per cohort and grade: what what-if and the page of places read."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.filling import Filled
from jiceng_sdk.engine.decide.lineup import Flags, Lineup, Numbers
from jiceng_sdk.engine.decide.ranking import WITHIN


def table(
    line: Lineup, found: Filled, cohorts: pl.DataFrame, path: str, grade: str, idle: tuple[Numbers, Numbers]
) -> pl.DataFrame:
    """Per cohort: base, places, candidates, who is over, who is open. `idle`: places where none compete."""
    many = cohorts.height

    def total(who: Flags) -> Numbers:
        return np.bincount(line.cohort[who], minlength=many)

    low, high = (end.copy() for end in idle)
    low[line.cohort], high[line.cohort] = found.low, found.high
    return pl.DataFrame(
        {
            "cohort": cohorts[WITHIN],
            "where": pl.repeat(path, many, eager=True),
            "grade": pl.repeat(grade, many, eager=True),
            "base": cohorts["~n2"],
            "low": low,
            "high": high,
            "candidates": total(found.there),
            "over": total(found.outside),
            "open": total(found.contested),
        }
    ).sort("cohort")


def joined(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables of one grade in all readings as one."""
    if len(tables) == 1:
        return tables[0]
    low, high = pl.col("low").min(), pl.col("high").max()
    rest = [pl.col(name).max() for name in ("base", "candidates", "over", "open")]
    return pl.concat(tables).group_by("cohort", "where", "grade").agg(low, high, *rest).sort("cohort")
