"""Step rule: so many levels up or down against the last period's grade."""

import polars as pl

from jiceng_sdk.engine.compile import condition
from jiceng_sdk.engine.decide.state import GRADE, State
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.rulebook import Step

JUMPS, MINE = "~jumps", "~mine"


def step(state: State, rule: Step, path: str) -> None:
    """Bound every live world's grade; without an earlier grade by `first`, else counted from below
    the lowest.
    """
    scope, book = state.scope(), state.board.book
    jumps = condition(rule.skip, scope).expr if rule.skip is not None else pl.lit(value=False)
    mine = condition(rule.for_, scope).expr
    state.table.keep([(state.graded() & mine).alias(MINE), jumps.alias(JUMPS)])
    _unknown(state, path)
    before, now = pl.col("previous.grade"), pl.col(GRADE)
    counted = before.fill_null(0)
    top = counted + rule.up
    if rule.first is not None:
        top = pl.when(before.is_null()).then(pl.lit(book.level(rule.first), dtype=LEVEL)).otherwise(top)
    to = pl.when(pl.col(JUMPS)).then(now).otherwise(pl.min_horizontal(now, top))
    if rule.down is not None:
        to = pl.max_horizontal(to, counted - rule.down)
    state.put(pl.col(MINE) & now.is_not_null(), {GRADE: to.cast(LEVEL)})
    state.table.drop(MINE, JUMPS)


def _unknown(state: State, path: str) -> None:
    """Whether somebody may jump, or is meant at all, has no answer: both ways."""
    unclear = pl.col(MINE).is_null() | (pl.col(MINE) & pl.col(JUMPS).is_null())
    open_ = state.frame.filter(unclear)
    if not open_.height:
        return
    state.board.issues.add(open_, pl.lit(value=True), path, "unknown", "晋级条件读到了没有答案的数，无法判断")
    yes = pl.lit(value=True)
    state.table.keep([pl.col(MINE).fill_null(value=True), pl.col(JUMPS).fill_null(value=False)])
    state.grows(open_.with_columns(yes.alias(MINE), yes.alias(JUMPS)))
