"""The end: worlds of a subject that agree are its result; the others wait. Questions that no
longer matter are dropped.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.state import BLANK, IS_RATED, LACKING, SCORE, WAITS, State
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, masked, spelled
from jiceng_sdk.engine.numbers.exact import SNAP


@dataclass(frozen=True, slots=True)
class Settled:
    """`status`: the number of every subject's status; `columns`: status, score, grade and outputs."""

    status: Data
    columns: list[pl.Series]


@dataclass(frozen=True, slots=True)
class _Ends:
    """`rows`: worlds of who has several; `whose`: their subjects, whose first world stands at their number;
    `size`: how many subjects.
    """

    rows: At
    whose: At
    size: int

    def differ(self, data: Data, null: Flags | None = None) -> Flags:
        """Whose worlds do not all say the same."""
        out = np.zeros(self.size, np.bool_)
        if len(self.rows):
            ours, theirs = self.rows, self.whose
            other = data[ours] != data[theirs]
            if null is not None:
                other = np.where(null[ours] & null[theirs], False, other | (null[ours] != null[theirs]))
            out[self.whose[other]] = True
        return out

    def differing(self, series: pl.Series) -> Flags:
        """The same for what is no integer."""
        out = np.zeros(self.size, np.bool_)
        if len(self.rows):
            one, other = series[self.rows], series[self.whose]
            out[self.whose[~one.eq_missing(other).to_numpy()]] = True
        return out

    def somewhere(self, flags: Flags) -> Flags:
        """Who is met in one of the worlds."""
        out = flags[: self.size].copy()
        out[self.whose[flags[self.rows]]] = True
        return out


def settled(state: State) -> Settled:
    """One result per subject."""
    ends = _ends(state)
    blank = state.at[BLANK]
    status, grade = state.status, state.grade
    torn = ends.differing(state.score()) if SCORE in state.exact else ends.differ(state.at[SCORE], blank)
    apart = ends.differ(grade)
    same = ~(torn | apart | ends.differ(status))
    found = np.where(same, status[: ends.size], WAITS).astype(np.int16)
    waits = (found == IS_RATED) & ends.somewhere(state.owed)
    hidden = found == LACKING
    level = np.where(apart | hidden | (found == WAITS), 0, grade[: ends.size])
    words = (None, *reversed(state.board.book.grades))
    end = np.where(waits, np.int16(WAITS), found)
    told = {"score": _score(state, ends, torn | hidden)}
    told.update({name: _output(state, name, ends) for name in state.outputs})
    made = [_column(name, one, ends.size) for name, one in told.items()]
    status_, grade_ = spelled("status", state.words, end), spelled("grade", words, level)
    return Settled(end, [status_, made[0], grade_, *made[1:]])


def _column(name: str, told: Column | pl.Series, size: int) -> pl.Series:
    """A column of Polars."""
    if not isinstance(told, Column):
        return told
    return told.exact(name, size) if told.kind == "number" else told.worded(name, size)


def _ends(state: State) -> _Ends:
    rows = state.many.nonzero()[0]
    return _Ends(rows, state.key[rows], state.many_subjects)


def _score(state: State, ends: _Ends, gone: Flags) -> Column | pl.Series:
    """The score to 12 places."""
    blank = state.at[BLANK][: ends.size] | gone
    if SCORE in state.exact:
        series = masked(state.exact[SCORE].head(ends.size), blank)
    else:
        found = Column("number", state.at[SCORE][: ends.size], blank, state.places, state.most)
        if state.places <= SNAP:
            return found
        series = found.exact("score", ends.size)
    return series.round(SNAP, mode="half_away_from_zero").alias("score")


def _output(state: State, name: str, ends: _Ends) -> Column | pl.Series:
    """What all worlds say, nothing where they differ."""
    output = state.outputs[name]
    column, series = output.column, output.series
    if series is not None:
        torn = ends.differing(series)
        series = series.head(ends.size).alias(name)
        return (
            series.zip_with(pl.Series(~torn), pl.Series([None], dtype=series.dtype)) if torn.any() else series
        )
    torn = ends.differ(column.data, column.null)
    found = column.taken(slice(ends.size)) if state.split else column
    return found.without(torn) if torn.any() else found


def questions(state: State, found: Settled) -> pl.DataFrame:
    """Questions of subjects that still wait; hints of those that are rated."""
    status = found.status
    return state.board.issues.frame(status == WAITS, status == IS_RATED, status == LACKING)
