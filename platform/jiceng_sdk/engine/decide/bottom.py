"""Quota from the bottom: the last ranks of a cohort go down to a grade, worst grade first."""

import numpy as np

from jiceng_sdk.engine.decide.filling import NOBODY
from jiceng_sdk.engine.decide.lineup import Lineup
from jiceng_sdk.engine.decide.ranking import Contest
from jiceng_sdk.engine.decide.sharing import Shares
from jiceng_sdk.engine.decide.state import GRADE, State
from jiceng_sdk.engine.decide.tables import Places, counted, rows
from jiceng_sdk.engine.numbers.columns import Data, Flags
from jiceng_sdk.rulebook import Quota

FREE = 2**15 - 1
"""A level above every grade: not among the last."""


def bottom(
    state: State, rule: Quota, path: str, field: Contest, line: Lineup, ways: Shares, order: list[str]
) -> list[Places]:
    """Lower the last ranks; who stands on the line by a tie or an unstated rounding is asked."""
    best, worst = line.end - line.last + 1, line.end - line.first + 1
    first = worst if rule.ties == "out" else best
    last = best if rule.ties == "in" else worst
    lows, highs = ([end[line.cohort] for end in side] for side in zip(*ways, strict=True))
    grade = state.grade[line.rows].astype(np.int64)
    deep, shallow = np.full(line.size, FREE, np.int64), np.full(line.size, FREE, np.int64)
    for n in reversed(range(len(order))):
        level = state.level(order[n])
        deep = np.where(first <= np.sum(highs[: n + 1], axis=0), level, deep)
        shallow = np.where(last <= np.sum(lows[: n + 1], axis=0), level, shallow)
    lowest, top = np.minimum(grade, deep), np.minimum(grade, shallow)
    contested: Flags = (grade > 0) & (lowest != top)
    tables = [
        rows(
            field,
            path,
            word,
            base=field.base[1],
            low=ways[n][0],
            high=ways[n][1],
            candidates=counted(line.cohort, field),
            over=counted(line.cohort[(top == state.level(word)) & (grade > state.level(word))], field),
            open=counted(line.cohort[contested], field),
        )
        for n, word in enumerate(order)
    ]
    keys = state.key[line.rows]
    if rule.hard:
        unstated = np.any([low != high for low, high in zip(lows, highs, strict=True)], axis=0)
        words = "末位名额的取整没有规定，影响是否列入"
        state.board.issues.tell(keys[contested & unstated], path, "rounding", words)
        state.board.issues.tell(keys[contested & ~unstated], path, "tie", "末位名额线上并列，没有规定先后")
        _decide(state, path, line, first, contested, top, lowest)
    else:
        state.board.issues.tell(keys[top < grade], path, "over_quota", "排在末位指导比例之内")
    return tables


def _decide(
    state: State, path: str, line: Lineup, place: Data, contested: Flags, top: Data, lowest: Data
) -> None:
    grade, places = state.grade.copy(), np.full(state.many_subjects, NOBODY)
    grade[line.rows[~contested]] = top[~contested]
    places[line.rows] = place
    state.at[GRADE] = grade
    state.left |= {f"{path}:place": places, f"{path}:places": np.full(state.many_subjects, NOBODY)}
    open_ = line.rows[contested]
    levels = np.stack([top[contested], lowest[contested]], axis=1).reshape(-1)
    state.grows(np.repeat(open_, 2), {GRADE: levels}, without=open_)
