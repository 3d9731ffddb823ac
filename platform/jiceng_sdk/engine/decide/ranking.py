"""What a quota ranks by and whom: one row per world, and its cohorts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import prod

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.state import IS_RATED, LACKING, WAITS, State
from jiceng_sdk.engine.formulas.computing import decided, met
from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.arrays import changes
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, Numbers
from jiceng_sdk.engine.numbers.given import grouped_by
from jiceng_sdk.expressions.tree import Name
from jiceng_sdk.rulebook import Quota

LAST = -(2**40)
"""The place of whom no ruling has put in order."""


@dataclass(frozen=True, slots=True)
class Contest:
    """Every world: its cohort's number, whether it competes, is meant and may still be ranked, may still
    claim a place; its rank (higher is better; means something unless `blind`).

    Every cohort, in the order of their words: these, its certain and possible base.
    """

    cohort: At
    live: Flags
    mine: Flags
    waits: Flags
    blind: Flags
    rank: Numbers
    words: list[str]
    base: tuple[Numbers, Numbers]

    @property
    def cohorts(self) -> int:
        """How many cohorts."""
        return len(self.words)

    def claims(self) -> At:
        """Worlds that are meant, cannot be placed yet, and may still claim a place."""
        return (self.waits & self.mine).nonzero()[0]


def contest(state: State, rule: Quota, path: str) -> Contest:
    """Whom the quota is about, in which order; who cannot be ranked is asked."""
    reading, size, status = state.reading(), state.size, state.status
    found = met(rule.for_, reading)
    mine = found.data | found.holes(size)
    undecided = (status == WAITS) | (status == LACKING)
    sure = maybe = mine & ((status == IS_RATED) | undecided)
    if rule.base is not None:
        base = met(rule.base, reading)
        sure, maybe = base.spread(size), base.data | base.holes(size)
    keys = _keys(state, rule, path)
    blind = reduce(np.logical_or, [key.holes(size) for key in keys])
    competes = mine & state.live()
    blank = competes & blind
    state.board.issues.tell(state.key[blank], path, "unknown", "排名依据没有答案，无法排名")
    codes, words = grouped(state, rule.within) if state.size else (np.zeros(0, np.intp), [])
    cohort = codes[state.key] if state.split else codes
    return Contest(
        cohort,
        competes & ~state.many & ~blind,
        mine & state.free(),
        undecided | state.many | blank,
        blind,
        _ranked([key.spread(size) for key in keys], ~blind),
        words,
        _based(state, cohort, sure, maybe, len(words)),
    )


def grouped(state: State, names: Sequence[str]) -> tuple[At, list[str]]:
    """The number of every subject's group by the words in these columns, and the words of every group, in
    order.
    """
    if not names:
        return np.zeros(state.many_subjects, np.intp), [""]
    known = tuple(names)
    if known not in state.groups:
        state.groups[known] = _grouped(state, known)
    return state.groups[known]


def _grouped(state: State, names: tuple[str, ...]) -> tuple[At, list[str]]:
    if len(names) == 1 and (ready := state.board.inputs.rows.group(names[0])) is not None:
        return _told(*ready)
    parts = [state.board.subjects.held(name).cast(pl.String) for name in names]
    whole = parts[0]
    if len(parts) > 1:
        whole = pl.select(pl.concat_str(parts, separator="/", ignore_nulls=False)).to_series()
    return _told(*grouped_by(whole))


def _told(codes: pl.Series, words: pl.Series) -> tuple[At, list[str]]:
    return codes.to_numpy().astype(np.intp), words.to_list()


def _keys(state: State, rule: Quota, path: str) -> list[Column]:
    """Larger is better; a ruled order decides among those still tied."""
    reading = state.reading()
    keys = [decided(formula, reading) for formula in rule.rank or ()]
    if not keys:
        keys = [decided(Name(name=state.board.book.score), reading)]
    if state.rulings is not None and (ruled := state.rulings.order(path)).height:
        order = np.full(state.many_subjects, LAST, np.int64)
        order[ruled[KEY].to_numpy()] = -ruled["order"].to_numpy()
        keys.append(Column("number", order[state.key]))
    return keys


def _ranked(keys: list[Data], there: Flags) -> Numbers:
    """The rank by the keys in their order: as one number, where that does not fit by sorting them."""
    out = np.zeros(len(there), np.int64)
    if not there.any():
        return out
    if (place := _placed([_code(key) for key in keys])) is not None:
        return place
    codes = [_code(key[there]) for key in keys]
    order = np.lexsort(codes[::-1])
    new = reduce(np.logical_or, [changes(code[order]) for code in codes])
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(new)
    out[there] = place
    return out


def _placed(codes: list[Numbers]) -> Numbers | None:
    """Several keys as one number, the first of them the most significant; None where it does not fit."""
    ends = [(int(code.min()), int(code.max())) for code in codes]
    spans = [high - low + 1 for low, high in ends]
    if prod(spans) >= integers.LARGEST:
        return None
    place = codes[0] - ends[0][0]
    for code, (low, _), span in zip(codes[1:], ends[1:], spans[1:], strict=True):
        place = place * span + (code - low)
    return place


def _code(key: Data) -> Numbers:
    """A key as 64-bit integers in the same order."""
    if key.dtype != object:
        return key.astype(np.int64, copy=False)
    return np.unique(key, return_inverse=True)[1].astype(np.int64)


def _based(state: State, cohort: At, sure: Flags, maybe: Flags, many: int) -> tuple[Numbers, Numbers]:
    """How many subjects of every cohort certainly and possibly count for the base."""
    if not state.split:
        low = _count(cohort, sure, many)
        return low, low if sure is maybe else _count(cohort, maybe, many)
    alone, several = ~state.many, state.many.nonzero()[0]
    low = _count(cohort, sure & alone, many)
    high = low if sure is maybe else _count(cohort, maybe & alone, many)
    whose, firsts = state.key[several], several[several < state.many_subjects]
    lacking, seen = np.zeros((2, state.many_subjects), np.bool_)
    lacking[whose[~sure[several]]] = True
    seen[whose[maybe[several]]] = True
    low = low + np.bincount(cohort[firsts[~lacking[firsts]]], minlength=many)
    return low, high + np.bincount(cohort[firsts[seen[firsts]]], minlength=many)


def _count(cohort: At, who: Flags, many: int) -> Numbers:
    """How many of every cohort."""
    return np.bincount(cohort[who.nonzero()[0]], minlength=many)
