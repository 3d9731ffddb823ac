"""Bands: exactly one row must match. A gap or an overlap keeps the grades it may end in as worlds."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.gaps import nearest_rows
from jiceng_sdk.engine.decide.state import ASKED, GRADE, IS_RATED, State
from jiceng_sdk.engine.formulas.computing import decided, met
from jiceng_sdk.engine.numbers.columns import At, Column, Flags, Numbers
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook import Bands

REASONS = ("没有一行等次条件符合", "不止一行等次条件符合", "等次条件读到了没有答案的数")


def bands(state: State, rule: Bands, path: str) -> None:
    """Give every live world the grade of its row."""
    if rule.from_ is not None:
        _from_fact(state, rule, path)
        return
    rows, reading, size = _rows(state, rule, path), state.reading(), state.size
    flags = [decided(when, reading) for when, _ in rows]
    mine = met(rule.for_, reading)
    live, open_ = state.graded() & (mine.data | mine.holes(size)), mine.holes(size)
    once, bad, grade = np.zeros(size, np.bool_), open_.copy(), np.zeros(size, np.int16)
    for one, (_, word) in zip(flags, rows, strict=True):
        bad |= once & one.data
        once |= one.data
        grade = np.where(one.data, np.int16(state.level(word)), grade)
        if one.null is not None:
            bad |= one.null
    single = once & ~bad
    asked = live & ~single
    state.put(live & single, GRADE, grade)
    if asked.any():
        _ask(state, path, rows, flags, asked.nonzero()[0], open_)


def _rows(state: State, rule: Bands, path: str) -> list[tuple[Tree, str]]:
    rows = [(row.when.tree, row.grade) for row in rule.rows]
    below = state.board.analysis.formulas.get(f"{path}.below")
    if below is not None and rule.below is not None:
        rows.append((below.tree, rule.below))
    return rows


def _ask(
    state: State, path: str, rows: list[tuple[Tree, str]], flags: list[Column], asked: At, open_: Flags
) -> None:
    """Worlds for everybody whom no row, two rows, or an unknown row meets."""
    some, size = [flag.taken(asked) for flag in flags], len(asked)
    sure, holes = np.array([one.spread(size) for one in some]), np.array([one.holes(size) for one in some])
    possible, hits, unsure = sure | holes, sure.sum(axis=0), holes.any(axis=0)
    none = ~possible.any(axis=0)
    near = [none] * len(rows)
    if none.any():
        near = nearest_rows([when for when, _ in rows], state.reading(), asked)
    levels: dict[int, Flags] = {}
    for (_, word), may, close in zip(rows, possible, near, strict=True):
        level = state.level(word)
        levels[level] = levels.get(level, np.zeros(len(asked), np.bool_)) | may | (none & close)
    order = sorted(levels, reverse=True)
    table = np.array([levels[level] for level in order], np.bool_)
    reason = np.where(none, 0, np.where((hits > 1) & ~unsure, 1, 2))
    _question(state, path, asked, table, order, reason)
    _branch(state, asked, table, order, keep=open_[asked], lonely=none)


def _question(state: State, path: str, asked: At, table: Flags, order: list[int], reason: Numbers) -> None:
    """What is asked, with the grades it may end in; every combination of them is written once."""
    rated = (state.status[asked] == IS_RATED).nonzero()[0]
    if not len(rated):
        return
    marks = np.array([1 << n for n in range(len(order))], np.int64) @ table[:, rated].astype(np.int64)
    known, which = np.unique(marks * len(REASONS) + reason[rated], return_inverse=True)
    words = {state.level(grade): grade for grade in state.board.book.grades}
    told = []
    for mark, why in (divmod(one, len(REASONS)) for one in known.tolist()):
        told.append((REASONS[why], "、".join(words[lv] for n, lv in enumerate(order) if mark >> n & 1)))
    state.board.issues.tell_each(state.key[asked[rated]], path, "gap", told, which)


def _branch(state: State, asked: At, table: Flags, order: list[int], *, keep: Flags, lonely: Flags) -> None:
    """One world per possible grade; one without a grade where a single one would hide the question."""
    many = table.sum(axis=0)
    place, which = np.nonzero(table.T)
    blank = ((many == 0) | (lonely & (many == 1))).nonzero()[0]
    spots = np.concatenate([place, blank])
    levels = np.concatenate([np.array(order, np.int16)[which], np.zeros(len(blank), np.int16)])
    if len(blank):
        line = np.argsort(spots, kind="stable")
        spots, levels = spots[line], levels[line]
    stays = keep.nonzero()[0]
    rows = np.concatenate([asked[spots], asked[stays]])
    state.grows(rows, {GRADE: np.concatenate([levels, state.grade[asked[stays]]])}, without=asked)


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
