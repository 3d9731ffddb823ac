"""Runs the decisions and keeps what each left behind: the grade after it, the places of a quota."""

import polars as pl

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.decide.bands import bands
from jiceng_sdk.engine.decide.override import override
from jiceng_sdk.engine.decide.quota import quota
from jiceng_sdk.engine.decide.state import ASKED, GRADE, SCORE, State
from jiceng_sdk.engine.decide.step import step
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook import Bands, Override, Quota, Step


def decided(board: Board, incomplete: pl.Series) -> tuple[State, list[pl.DataFrame]]:
    """All decisions applied; and the tables of the quotas."""
    state = State(board, incomplete)
    tables: list[pl.DataFrame] = []
    for n, rule in enumerate(board.book.decide):
        path = f"decide[{n}]"
        tables += _one(state, rule, path)
        _ruled(state, path)
        state.merge()
        state.refresh()
        state.table.keep([pl.col(GRADE).alias(f"{path}:grade")])
        if isinstance(rule, Override) and (rule.score is not None or rule.out is not None):
            state.table.keep([state.table.number(SCORE).alias(f"{path}:score")])
    return state, tables


def _one(state: State, rule: Bands | Override | Quota | Step, path: str) -> list[pl.DataFrame]:
    match rule:
        case Bands():
            bands(state, rule, path)
        case Override():
            override(state, rule, path)
        case Step():
            step(state, rule, path)
        case Quota():
            return quota(state, rule, path)
    return []


def _ruled(state: State, path: str) -> None:
    """A grade ruled at this decision settles whoever it left undecided or asked."""
    book = state.board.book
    if not state.board.rulings.frame.height:
        return
    ruled = state.board.rulings.grades(path, {grade: book.level(grade) for grade in book.grades})
    if not ruled.height:
        return
    table = state.table
    table.join(ruled.rename({"level": "~level"}))
    settles = pl.col("~level").is_not_null() & (state.undecided() | pl.col(ASKED))
    table.keep([settles.alias("~settles")])
    state.put(pl.col("~settles"), {GRADE: pl.col("~level").cast(LEVEL), ASKED: pl.lit(value=False)})
    first = ~pl.col("~settles") | (pl.int_range(pl.len()).over(KEY) == 0)
    state.keeps(first)
    table.drop("~level", "~settles")
