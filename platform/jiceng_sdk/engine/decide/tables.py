"""The state of a quota per cohort and grade: what what-if and the page of places read."""

import polars as pl

from jiceng_sdk.engine.decide.ranking import COHORT, WITHIN


def table(
    frame: pl.DataFrame, cohorts: pl.DataFrame, path: str, grade: str, idle: list[pl.Expr]
) -> pl.DataFrame:
    """Per cohort: base, places, candidates, who is over, who is open. `idle`: places where none compete."""
    counted = (("~in?", "candidates"), ("~out", "over"), ("~contested", "open"))
    found = frame.group_by(COHORT).agg(
        pl.col("~low", "~high").first(),
        *(pl.col(name).sum().cast(pl.Int64).alias(to) for name, to in counted),
    )
    low, high = idle
    alone = cohorts.with_columns(low.alias("low"), high.alias("high")).join(found, on=COHORT, how="left")
    return alone.select(
        pl.col(WITHIN).alias("cohort"),
        pl.lit(path).alias("where"),
        pl.lit(grade).alias("grade"),
        pl.col("~n2").alias("base"),
        pl.coalesce("~low", "low").alias("low"),
        pl.coalesce("~high", "high").alias("high"),
        *(pl.col(to).fill_null(0) for _, to in counted),
    ).sort("cohort")


def joined(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables of one grade in all readings as one."""
    if len(tables) == 1:
        return tables[0]
    low, high = pl.col("low").min(), pl.col("high").max()
    rest = [pl.col(name).max() for name in ("base", "candidates", "over", "open")]
    return pl.concat(tables).group_by("cohort", "where", "grade").agg(low, high, *rest).sort("cohort")
