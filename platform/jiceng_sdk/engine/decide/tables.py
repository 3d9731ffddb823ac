"""The state of a quota per cohort and grade: what what-if and the page of places read."""

import polars as pl

from jiceng_sdk.engine.decide.ranking import WITHIN


def table(frame: pl.DataFrame, path: str, grade: str) -> pl.DataFrame:
    """Per cohort: base, places, candidates, who is over, who is open."""
    many = [
        pl.col(name).sum().cast(pl.Int64).alias(to)
        for name, to in (("~in?", "candidates"), ("~out", "over"), ("~contested", "open"))
    ]
    return (
        frame.group_by(pl.col(WITHIN).alias("cohort"))
        .agg(
            pl.lit(path).alias("where"),
            pl.lit(grade).alias("grade"),
            pl.col("~n2").first().alias("base"),
            pl.col("~low").first().alias("low"),
            pl.col("~high").first().alias("high"),
            *many,
        )
        .sort("cohort")
    )


def joined(tables: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables of one grade in all readings as one."""
    if len(tables) == 1:
        return tables[0]
    low, high = pl.col("low").min(), pl.col("high").max()
    rest = [pl.col(name).max() for name in ("base", "candidates", "over", "open")]
    return pl.concat(tables).group_by("cohort", "where", "grade").agg(low, high, *rest).sort("cohort")
