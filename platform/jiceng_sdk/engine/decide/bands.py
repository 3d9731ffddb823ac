"""Bands: exactly one row must match. A gap or an overlap keeps the grades it may end in as worlds."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.fitting import Cases, fitted
from jiceng_sdk.engine.decide.state import ASKED, GRADE, IS_RATED, State
from jiceng_sdk.engine.decide.stretches import stretched
from jiceng_sdk.engine.formulas.computing import Reading, met
from jiceng_sdk.engine.numbers.columns import At, Flags
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook import Bands

REASONS = ("没有一行等次条件符合", "不止一行等次条件符合", "等次条件读到了没有答案的数")
"""In the order of `NO_ROW`, `SEVERAL`, `UNKNOWN`."""


def bands(state: State, rule: Bands, path: str) -> None:
    """Give every live world the grade of its row."""
    if rule.from_ is not None:
        _from_fact(state, rule, path)
        return
    rows, reading = _rows(state, rule, path), state.reading()
    live, open_ = _meant(state, rule, reading)
    level, told = stretched(state.board.analysis, path, rows, reading) or fitted(rows, reading, state.size)
    asked = live & (level == 0)
    if open_ is not None:
        asked |= live & open_
    state.put(live & ~asked, GRADE, level)
    some = asked.nonzero()[0]
    if len(some):
        cases = told(some)
        _question(state, path, some, cases)
        _branch(state, some, cases, some[:0] if open_ is None else some[open_[some]])


def _meant(state: State, rule: Bands, reading: Reading) -> tuple[Flags, Flags | None]:
    """Whom the bands are for, and of whom that is unknown."""
    live = state.graded()
    if rule.for_ is None:
        return live, None
    mine = met(rule.for_, reading)
    return live & (mine.data | mine.holes(state.size)), mine.null


def _rows(state: State, rule: Bands, path: str) -> list[tuple[Tree, str]]:
    rows = [(row.when.tree, row.grade) for row in rule.rows]
    below = state.board.analysis.formulas.get(f"{path}.below")
    if below is not None and rule.below is not None:
        rows.append((below.tree, rule.below))
    return rows


def _question(state: State, path: str, asked: At, cases: Cases) -> None:
    """What is asked, with the grades it may end in; every combination of them is written once."""
    rated = (state.status[asked] == IS_RATED).nonzero()[0]
    if not len(rated):
        return
    order = cases.order
    marks = np.array([1 << n for n in range(len(order))], np.int64) @ cases.may[:, rated].astype(np.int64)
    known, which = np.unique(marks * len(REASONS) + cases.reason[rated], return_inverse=True)
    words = {state.level(grade): grade for grade in state.board.book.grades}
    told = []
    for mark, why in (divmod(one, len(REASONS)) for one in known.tolist()):
        told.append((REASONS[why], "、".join(words[lv] for n, lv in enumerate(order) if mark >> n & 1)))
    state.board.issues.tell_each(state.key[asked[rated]], path, "gap", told, which)


def _branch(state: State, asked: At, cases: Cases, keep: At) -> None:
    """One world per possible grade; one without a grade where a single one would hide the question. `keep`:
    who is perhaps not meant, and keeps what it has in one more.
    """
    many = cases.may.sum(axis=0)
    place, which = cases.may.T.nonzero()
    levels = np.array(cases.order, np.int16).take(which)
    blank = ((many == 0) | (cases.lonely & (many == 1))).nonzero()[0]
    if len(blank):
        place, levels = (
            np.concatenate([place, blank]),
            np.concatenate([levels, np.zeros(len(blank), np.int16)]),
        )
        line = np.argsort(place, kind="stable")
        place, levels = place[line], levels[line]
    rows = asked.take(place)
    if len(keep):
        rows, levels = np.concatenate([rows, keep]), np.concatenate([levels, state.grade[keep]])
    state.grows(rows, {GRADE: levels}, without=asked)


def _from_fact(state: State, rule: Bands, path: str) -> None:
    """The grade a fact names."""
    source = rule.from_ or ""
    named = state.board.subjects.series(state.board.subjects.values[source].expr).cast(pl.String)
    levels = {grade: state.level(grade) for grade in state.board.book.grades}
    found = named.replace_strict(levels, default=0, return_dtype=pl.Int16).fill_null(0).to_numpy()[state.key]
    mine = met(rule.for_, state.reading())
    live = state.graded() & (mine.data | mine.holes(state.size))
    lost = live & (found == 0)
    state.board.issues.tell(state.key[lost], path, "gap", "没有给出等次")
    state.put(live, GRADE, found)
    state.put(lost, ASKED, value=True)
