"""Step rule: so many levels up or down against the last period's grade."""

import numpy as np

from jiceng_sdk.engine.decide.override import earlier
from jiceng_sdk.engine.decide.state import GRADE, State
from jiceng_sdk.engine.formulas.computing import met
from jiceng_sdk.engine.numbers.columns import flag
from jiceng_sdk.rulebook import Step

MINE, JUMPS = "~mine", "~jumps"


def step(state: State, rule: Step, path: str) -> None:
    """Bound every live world's grade; without an earlier grade by `first`, else counted from below
    the lowest.
    """
    size, reading = state.size, state.reading()
    jumps = flag(np.zeros(size, np.bool_)) if rule.skip is None else met(rule.skip, reading)
    mine, graded = met(rule.for_, reading), state.graded()
    unclear = graded & (mine.holes(size) | (mine.data & jumps.holes(size)))
    state.at |= {MINE: graded & (mine.data | mine.holes(size)), JUMPS: jumps.spread(size)}
    _unknown(state, path, unclear.nonzero()[0])
    meant, free = state.at.pop(MINE), state.at.pop(JUMPS)
    before, now = earlier(state).astype(np.int64), state.grade
    top = before + rule.up
    if rule.first is not None:
        top = np.where(before == 0, state.level(rule.first), top)
    to = np.where(free, now, np.minimum(now, top))
    if rule.down is not None:
        to = np.maximum(to, before - rule.down)
    state.put(meant & (now > 0), GRADE, to)


def _unknown(state: State, path: str, open_: np.ndarray) -> None:
    """Whether somebody may jump, or is meant at all, has no answer: both ways."""
    state.board.issues.tell(state.key[open_], path, "unknown", "晋级条件读到了没有答案的数，无法判断")
    yes = np.ones(len(open_), np.bool_)
    state.grows(open_, {MINE: yes, JUMPS: yes})
