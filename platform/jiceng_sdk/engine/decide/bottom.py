"""Quota from the bottom: the last ranks of a cohort go down to a grade, worst grade first."""

import polars as pl

from jiceng_sdk.engine.decide.ranking import COHORT, LIVE, RANKED, ROW, WITHIN
from jiceng_sdk.engine.decide.state import GRADE, State
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.rulebook import Quota

FREE = 2**15 - 1
"""A level above every grade: not among the last."""


def bottom(state: State, rule: Quota, path: str, frame: pl.DataFrame, order: list[str]) -> list[pl.DataFrame]:
    """Lower the last ranks; who stands on the line by a tie or an unstated rounding is asked."""
    competes = pl.when(LIVE).then(pl.col(RANKED)).otherwise(None)
    first = competes.rank("min").over(COHORT).cast(pl.Int64)
    last = competes.rank("max").over(COHORT).cast(pl.Int64)
    frame = frame.with_columns(
        (last if rule.ties == "out" else first).alias("~first"),
        (first if rule.ties == "in" else last).alias("~last"),
    )
    deep, shallow = pl.lit(FREE, dtype=LEVEL), pl.lit(FREE, dtype=LEVEL)
    for n in reversed(range(len(order))):
        level = pl.lit(state.board.book.level(order[n]), dtype=LEVEL)
        low = pl.sum_horizontal([pl.col(f"~low{m}") for m in range(n + 1)])
        high = pl.sum_horizontal([pl.col(f"~high{m}") for m in range(n + 1)])
        deep = pl.when(pl.col("~first") <= high).then(level).otherwise(deep)
        shallow = pl.when(pl.col("~last") <= low).then(level).otherwise(shallow)
    held = pl.col(LIVE) & pl.col(GRADE).is_not_null()
    frame = frame.with_columns(
        pl.when(held).then(pl.min_horizontal(pl.col(GRADE), deep)).alias("~lowest"),
        pl.when(held).then(pl.min_horizontal(pl.col(GRADE), shallow)).alias("~top"),
    )
    open_ = pl.col("~lowest") != pl.col("~top")
    frame = frame.with_columns(open_.fill_null(value=False).alias("~contested"))
    tables = [_table(frame, path, grade, n, state.board.book.level(grade)) for n, grade in enumerate(order)]
    if rule.hard:
        _ask(state, path, frame, order)
        _decide(state, path, frame)
    else:
        over = pl.col("~top") < pl.col(GRADE)
        state.board.issues.add(frame, over, path, "over_quota", "排在末位指导比例之内")
    return tables


def _ask(state: State, path: str, frame: pl.DataFrame, order: list[str]) -> None:
    unstated = pl.any_horizontal([pl.col(f"~low{n}") != pl.col(f"~high{n}") for n in range(len(order))])
    asked = pl.col("~contested")
    words = "末位名额的取整没有规定，影响是否列入"
    state.board.issues.add(frame, asked & unstated, path, "rounding", words)
    state.board.issues.add(frame, asked & ~unstated, path, "tie", "末位名额线上并列，没有规定先后")


def _decide(state: State, path: str, frame: pl.DataFrame) -> None:
    sure = frame.select(
        pl.when(pl.col(LIVE) & ~pl.col("~contested"))
        .then(pl.col("~top"))
        .otherwise(pl.col(GRADE))
        .cast(LEVEL)
        .alias(GRADE),
        pl.col("~first").alias(f"{path}:place"),
        pl.lit(None, dtype=pl.Int64).alias(f"{path}:places"),
    )
    state.table.keep(sure.get_columns())
    open_ = frame.filter("~contested").select(ROW, "~top", "~lowest")
    if open_.height:
        levels = pl.concat_list(pl.col("~top"), pl.col("~lowest")).alias("~to")
        worlds = open_.with_columns(levels).explode("~to", empty_as_null=True)
        rows = state.frame[worlds[ROW]].with_columns(worlds["~to"].cast(LEVEL).alias(GRADE))
        state.grows(rows, without=open_[ROW])


def _table(frame: pl.DataFrame, path: str, grade: str, n: int, level: int) -> pl.DataFrame:
    over = (pl.col("~top") == level) & (pl.col(GRADE) > level)
    return (
        frame.group_by(pl.col(WITHIN).alias("cohort"))
        .agg(
            pl.lit(path).alias("where"),
            pl.lit(grade).alias("grade"),
            pl.col("~n2").first().alias("base"),
            pl.col(f"~low{n}").first().alias("low"),
            pl.col(f"~high{n}").first().alias("high"),
            pl.col(LIVE).sum().cast(pl.Int64).alias("candidates"),
            over.sum().cast(pl.Int64).alias("over"),
            pl.col("~contested").sum().cast(pl.Int64).alias("open"),
        )
        .sort("cohort")
    )
