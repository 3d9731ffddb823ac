"""The end: worlds of a subject that agree are its result; the others wait. Questions that no
longer matter are dropped.
"""

import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide.state import (
    GRADE,
    INCOMPLETE,
    MANY,
    RATED,
    SCORE,
    STATUS,
    WAITING,
    WORLD,
    State,
)
from jiceng_sdk.engine.exact import EXACT, LEVEL, SNAP
from jiceng_sdk.engine.issues import MATTERS
from jiceng_sdk.engine.table import KEY

OWED = "~owed"


def settled(state: State) -> pl.DataFrame:
    """One row per subject: `@`, status, score, grade (level), every output."""
    outputs = list(state.board.book.outputs)
    asked = [pl.col(f"{name}:asked") for name in outputs if f"{name}:asked" in state.frame.columns]
    owed = pl.any_horizontal([pl.lit(value=False), *asked]).fill_null(value=False)
    frame = state.frame.with_columns(owed.alias(OWED))
    frame = frame.select(KEY, WORLD, MANY, STATUS, SCORE, GRADE, OWED, *outputs)
    if state.split:
        frame = _agreed(state, frame, outputs)
    waits = (pl.col(STATUS) == RATED) & pl.col(OWED)
    hidden = pl.col(STATUS) == INCOMPLETE
    ungraded = hidden | (pl.col(STATUS) == WAITING)
    score = state.table.number(SCORE).round(SNAP, mode="half_away_from_zero")
    return frame.select(
        KEY,
        pl.when(waits).then(state.word(WAITING)).otherwise(pl.col(STATUS)).alias(STATUS),
        pl.when(hidden).then(None).otherwise(score).cast(EXACT).alias("score"),
        pl.when(ungraded).then(None).otherwise(pl.col(GRADE)).cast(LEVEL).alias(GRADE),
        *outputs,
    )


def _agreed(state: State, frame: pl.DataFrame, outputs: list[str]) -> pl.DataFrame:
    """One row per subject: what all its worlds say, nothing where they differ."""
    ends = pl.struct(STATUS, SCORE, GRADE)
    several = frame.filter(pl.col(MANY))
    if not several.height:
        return frame.sort(KEY)
    merged = several.group_by(KEY, maintain_order=True).agg(
        (ends.n_unique() == 1).alias("~same"),
        *(_common(name).alias(name) for name in (SCORE, GRADE, *outputs)),
        pl.col(STATUS).first(),
        pl.col(OWED).all(),
    )
    status = pl.when("~same").then(STATUS).otherwise(state.word(WAITING)).alias(STATUS)
    merged = merged.with_columns(status).drop("~same")
    first = frame.filter(pl.col(WORLD) == 0)
    return first.update(merged, on=KEY, how="left", include_nulls=True).sort(KEY)


def _common(name: str) -> pl.Expr:
    return pl.when(pl.col(name).n_unique() == 1).then(pl.col(name).first()).otherwise(None)


def questions(board: Board, results: pl.DataFrame) -> pl.DataFrame:
    """Questions of subjects that still wait; hints of those that are rated."""
    found = board.issues.frame().join(results.select(KEY, STATUS), on=KEY, how="left", maintain_order="left")
    matters, lacking = pl.col("kind").is_in(list(MATTERS)), pl.col("kind") == "missing"
    asked = ((pl.col(STATUS) == WAITING) & ~lacking) | ((pl.col(STATUS) == INCOMPLETE) & lacking)
    return found.filter((matters & asked) | (~matters & (pl.col(STATUS) == RATED))).drop(STATUS)
