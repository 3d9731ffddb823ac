"""Runs the decisions and keeps what each left behind: the grade after it, the places of a quota."""

import numpy as np

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.decide.bands import bands
from jiceng_sdk.engine.decide.override import override
from jiceng_sdk.engine.decide.quota import quota
from jiceng_sdk.engine.decide.state import ASKED, BLANK, GRADE, SCORE, State
from jiceng_sdk.engine.decide.step import step
from jiceng_sdk.engine.decide.tables import Places
from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.numbers.columns import Flags
from jiceng_sdk.rulebook import Bands, Override, Quota, Step


def decided(board: Board, incomplete: Flags) -> tuple[State, list[Places]]:
    """All decisions applied; and the tables of the quotas."""
    state = State(board, incomplete)
    tables: list[Places] = []
    for n, rule in enumerate(board.book.decide):
        path = f"decide[{n}]"
        tables += _one(state, rule, path)
        _ruled(state, path)
        state.merge()
        state.refresh()
        state.left[f"{path}:grade"] = state.grade[: state.many_subjects]
        if isinstance(rule, Override) and (rule.score is not None or rule.out is not None):
            _score(state, f"{path}:score")
    return state, tables


def _score(state: State, name: str) -> None:
    """The score as it is after a decision; where it is an integer, who has none."""
    size = state.many_subjects
    state.left[name] = state.score().head(size) if SCORE in state.exact else state.at[BLANK][:size]


def _one(state: State, rule: Bands | Override | Quota | Step, path: str) -> list[Places]:
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
    if state.rulings is None:
        return
    book = state.board.book
    ruled = state.rulings.grades(path, {grade: book.level(grade) for grade in book.grades})
    if not ruled.height:
        return
    level = np.zeros(state.many_subjects, np.int16)
    level[ruled[KEY].to_numpy()] = ruled["level"].to_numpy()
    level = level[state.key]
    settles = (level > 0) & (state.many | state.at[ASKED])
    state.put(settles, GRADE, level)
    state.put(settles, ASKED, value=False)
    stays = ~settles
    stays[: state.many_subjects] = True
    state.keeps(stays)
