"""What a quota asks and tells of one grade: ties, unstated roundings, places that are only provisional."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide.filling import Filled
from jiceng_sdk.engine.decide.lineup import Flags, Lineup
from jiceng_sdk.engine.decide.ranking import COHORT, RANKED
from jiceng_sdk.engine.decide.state import GRADE
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook import Quota

YES = pl.lit(value=True)


def asked(
    board: Board, rule: Quota, path: str, line: Lineup, found: Filled, waits: pl.DataFrame, grade: str
) -> None:
    """Questions and hints of one grade. `waits`: those who may still claim a place."""

    def add(who: Flags, kind: str, words: str) -> None:
        if who.any():
            board.issues.add(line.frame.filter(pl.Series(who)), YES, path, kind, words)

    unstated = found.low != found.high
    if not rule.hard:
        add(found.outside, "over_quota", f"超出“{grade}”的指导比例")
        add(found.contested, "over_quota", f"可能超出“{grade}”的指导比例（并列或取整未定）")
        return
    add(found.contested & unstated, "rounding", f"“{grade}”名额的取整没有规定，影响是否入围")
    add(found.contested & np.logical_not(unstated), "tie", f"“{grade}”名额线上并列，没有规定先后")
    _provisional(board, path, line, found, waits, grade)


def _provisional(
    board: Board, path: str, line: Lineup, found: Filled, waits: pl.DataFrame, grade: str
) -> None:
    """Places given while somebody still waits who could push the holder out."""
    could = pl.col(GRADE).is_null() | (pl.col(GRADE) >= found.level)
    waits = waits.filter(could).unique(KEY)
    if not waits.height or not found.inside.any():
        return
    blind = waits.group_by(COHORT).agg(
        pl.len().cast(pl.Int64).alias("~all"),
        pl.col("~unranked").sum().cast(pl.Int64).alias("~blind"),
        pl.col(RANKED).filter(~pl.col("~unranked")).alias("~ranks"),
    )
    held = found.held(line).join(blind, on=COHORT)
    held = held.filter(pl.col("~worst") + pl.col("~all") > pl.col("~low"))
    if not held.height:
        return
    held = held.explode("~ranks", empty_as_null=True)
    pushed = (pl.col("~ranks") >= pl.col(RANKED)).fill_null(value=False).sum().cast(pl.Int64)
    held = held.group_by(KEY).agg(pushed.alias("~push"), pl.col("~blind", "~worst", "~low").first())
    shaky = pl.col("~worst") + pl.col("~push") + pl.col("~blind") > pl.col("~low")
    board.issues.add(held, shaky, path, "provisional", f"“{grade}”暂定：同组还有待裁定的对象，可能挤占名额")
