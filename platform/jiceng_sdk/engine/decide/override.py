"""Overrides: exemption, veto, direct grade, floor and ceiling of grades, levels down or up, left
to a ruling.
"""

import polars as pl

from jiceng_sdk.engine.compile import compiled, condition
from jiceng_sdk.engine.decide.state import (
    ASKED,
    DIRECT,
    FINAL,
    GRADE,
    INCOMPLETE,
    OUT,
    SCORE,
    STATUS,
    UNSCORED,
    State,
)
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.rulebook import Override

HIT = "~hit"
PREVIOUS = "previous"
NOTHING = pl.lit(None, dtype=LEVEL)
YES, NO = pl.lit(value=True), pl.lit(value=False)


def override(state: State, rule: Override, path: str) -> None:
    """Act on every world in which the condition holds; where it is unknown, on a copy of it."""
    scope = state.scope()
    free = pl.col(OUT).is_null() & ~pl.col(FINAL)
    asked = condition(rule.for_, scope).expr & condition(rule.when, scope).expr
    state.table.keep([pl.when(free).then(asked).otherwise(NO).alias(HIT)])
    _unknown(state, path)
    hit = pl.col(HIT)
    if rule.ask is not None:
        state.board.issues.add(state.frame, hit, path, "asked", rule.ask)
        state.put(hit, {ASKED: YES, GRADE: NOTHING})
    else:
        _score(state, rule, hit)
        _grade(state, rule, path, hit)
        if rule.out is not None:
            state.put(hit, {OUT: state.word(rule.out)})
        if rule.final:
            state.put(hit, {FINAL: YES})
    state.table.drop(HIT)


def _unknown(state: State, path: str) -> None:
    """A condition without an answer: with and without. Incomplete subjects are asked for their
    facts instead.
    """
    open_ = state.frame.filter(pl.col(HIT).is_null())
    if not open_.height:
        return
    unsettled = pl.col(STATUS) != INCOMPLETE
    state.board.issues.add(open_, unsettled, path, "unknown", "条件读到了没有答案的数，无法判断")
    state.table.keep([pl.col(HIT).fill_null(value=False)])
    both = open_.filter(unsettled).with_columns(YES.alias(HIT))
    state.grows(both)


def _score(state: State, rule: Override, hit: pl.Expr) -> None:
    if rule.unscored:
        state.put(hit, {SCORE: pl.lit(None), UNSCORED: YES})
    elif rule.score is not None:
        value = compiled(rule.score, state.scope()).expr
        state.table.keep([value.alias("~new")])
        state.put(hit, {SCORE: pl.col("~new"), DIRECT: pl.col("~new").is_not_null()})
        state.table.drop("~new")
    elif rule.out is not None:
        state.put(hit, {SCORE: pl.lit(None)})


def _grade(state: State, rule: Override, path: str, hit: pl.Expr) -> None:
    book = state.board.book
    if rule.grade is not None:
        level = pl.lit(book.level(rule.grade), dtype=LEVEL)
        state.put(hit, {GRADE: level, DIRECT: YES, ASKED: NO})
    elif rule.out is not None:
        state.put(hit, {GRADE: NOTHING})
    for bound, pick in ((rule.at_most, pl.min_horizontal), (rule.at_least, pl.max_horizontal)):
        if bound == PREVIOUS:
            _against_previous(state, path, hit, most=bound is rule.at_most)
        elif bound is not None:
            to = pl.lit(book.level(bound), dtype=LEVEL)
            state.put(hit & pl.col(GRADE).is_not_null(), {GRADE: pick(pl.col(GRADE), to)})
    if rule.lower:
        lowered = pl.max_horizontal(pl.col(GRADE) - rule.lower, pl.lit(1, dtype=LEVEL)).cast(LEVEL)
        state.put(hit & pl.col(GRADE).is_not_null(), {GRADE: lowered})
    if rule.higher:
        best = pl.lit(len(book.grades), dtype=LEVEL)
        raised = pl.min_horizontal(pl.col(GRADE) + rule.higher, best).cast(LEVEL)
        state.put(hit & pl.col(GRADE).is_not_null(), {GRADE: raised})


def _against_previous(state: State, path: str, hit: pl.Expr, *, most: bool) -> None:
    """A bound set by last period's grade; without one it is asked, with that reason."""
    before, now = pl.col("previous.grade"), pl.col(GRADE)
    lost = hit & before.is_null() & now.is_not_null()
    state.board.issues.add(state.frame, lost, path, "asked", "没有上期等次，无法与上期比较")
    to = pl.min_horizontal(now, before) if most else pl.max_horizontal(now, before)
    state.table.keep([lost.alias("~lost")])
    state.put(hit & now.is_not_null() & ~pl.col("~lost"), {GRADE: to})
    state.put(pl.col("~lost"), {ASKED: YES, GRADE: NOTHING})
    state.table.drop("~lost")
