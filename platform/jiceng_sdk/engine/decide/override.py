"""Overrides: exemption, veto, direct grade, floor and ceiling of grades, levels down or up, left
to a ruling.
"""

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.general import general
from jiceng_sdk.engine.decide.state import (
    ASKED,
    BLANK,
    DIRECT,
    FINAL,
    GRADE,
    LACKING,
    OUT,
    SCORE,
    UNSCORED,
    State,
)
from jiceng_sdk.engine.formulas.computing import met
from jiceng_sdk.engine.numbers.columns import Data, Flags, all_met, known
from jiceng_sdk.rulebook import Override

PREVIOUS = "previous"


def override(state: State, rule: Override, path: str) -> None:
    """Act on every world in which the condition holds; where it is unknown, on a copy of it."""
    reading = state.reading()
    asked = all_met([met(rule.for_, reading), met(rule.when, reading)])
    free = state.free()
    hit = free & asked.data
    if asked.null is not None:
        hit = _unknown(state, path, hit, free & asked.null)
    if rule.ask is not None:
        state.board.issues.tell(state.key[hit], path, "asked", rule.ask)
        state.put(hit, ASKED, value=True)
        state.put(hit, GRADE, 0)
        return
    _score(state, rule, hit)
    _grade(state, rule, path, hit)
    if rule.out is not None:
        state.put(hit, OUT, state.words.index(rule.out))
    if rule.final:
        state.put(hit, FINAL, value=True)


def _unknown(state: State, path: str, hit: Flags, open_: Flags) -> Flags:
    """A condition without an answer: with and without. Incomplete subjects are asked for their
    facts instead.
    """
    both = (open_ & (state.status != LACKING)).nonzero()[0]
    if not len(both):
        return hit
    state.board.issues.tell(state.key[both], path, "unknown", "条件读到了没有答案的数，无法判断")
    state.at["~hit"] = hit
    state.grows(both, {"~hit": np.ones(len(both), np.bool_)})
    found: Flags = state.at.pop("~hit")
    return found


def _score(state: State, rule: Override, hit: Flags) -> None:
    if rule.unscored:
        state.put(hit, BLANK, value=True)
        state.put(hit, UNSCORED, value=True)
    elif rule.score is not None:
        found = general(state, rule.score.tree)
        new = found.series(found.value.expr)
        there = known(new)
        state.exact[SCORE] = new.zip_with(pl.Series(hit), state.exact[SCORE])
        state.put(hit, BLANK, ~there)
        state.put(hit, DIRECT, there)
    elif rule.out is not None:
        state.put(hit, BLANK, value=True)


def _grade(state: State, rule: Override, path: str, hit: Flags) -> None:
    if rule.grade is not None:
        state.put(hit, GRADE, state.level(rule.grade))
        state.put(hit, DIRECT, value=True)
        state.put(hit, ASKED, value=False)
    elif rule.out is not None:
        state.put(hit, GRADE, 0)
    for bound, most in ((rule.at_most, True), (rule.at_least, False)):
        if bound == PREVIOUS:
            _against_previous(state, path, hit, most=most)
        elif bound is not None:
            level = np.int16(state.level(bound))
            state.put(
                hit & (state.grade > 0), GRADE, (np.minimum if most else np.maximum)(state.grade, level)
            )
    best = len(state.board.book.grades)
    if rule.lower:
        state.put(hit & (state.grade > 0), GRADE, np.maximum(state.grade - rule.lower, 1))
    if rule.higher:
        state.put(hit & (state.grade > 0), GRADE, np.minimum(state.grade + rule.higher, best))


def earlier(state: State) -> Data:
    """The level of last period's grade, 0 = none."""
    found = state.column("previous.grade")
    return np.where(found.holes(state.size), np.int16(0), found.data)


def _against_previous(state: State, path: str, hit: Flags, *, most: bool) -> None:
    """A bound set by last period's grade; without one it is asked, with that reason."""
    before, now = earlier(state), state.grade
    lost = hit & (before == 0) & (now > 0)
    state.board.issues.tell(state.key[lost], path, "asked", "没有上期等次，无法与上期比较")
    to = (np.minimum if most else np.maximum)(now, before)
    state.put(hit & (now > 0) & ~lost, GRADE, to)
    state.put(lost, ASKED, value=True)
    state.put(lost, GRADE, 0)
