"""Where subjects stand between decisions: one row per subject, or one per way an open question may
be answered.

Such a row is a *world*. Decisions act on every world; a question is dropped when all worlds of its
subject end alike.
"""

import numpy as np
import polars as pl
from msgspec.structs import replace
from numpy.typing import NDArray

from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.columns import (
    At,
    Column,
    Data,
    Flags,
    Unfit,
    arrays,
    decimals,
    known,
    masked,
    measured,
)
from jiceng_sdk.engine.computing import BEYOND, Reading
from jiceng_sdk.engine.decide.general import Output, general
from jiceng_sdk.engine.exact import PLACES
from jiceng_sdk.engine.items.arrays import begins, lengths
from jiceng_sdk.engine.rulings import Rulings
from jiceng_sdk.rulebook import Override

SCORE, BLANK = "score", "blank"
GRADE, OUT, FINAL, ASKED, DIRECT = "grade", "out", "final", "asked", "direct"
UNSCORED, LACKS = "unscored", "lacks"
MARKS = (FINAL, ASKED, DIRECT, UNSCORED)
RATED, WAITING, INCOMPLETE = "rated", "needs_ruling", "incomplete"
IS_RATED, WAITS, LACKING = 0, 1, 2
"""The numbers of these statuses; those that an override gives come after them."""
_LEVELS, _WORDS = 2**15, 2**10
"""More than there are grades and statuses."""


class State:
    """`key`: the subject of every world; `world`: its number among those of the subject; `many`: whether it
    has several; `at`: arrays of all worlds by name; `exact`: numbers that are not 64-bit integers.

    In `at`: GRADE (a level, 0 = none), OUT (the number of a status that ends it, 0 = none), SCORE (an
    integer, unless it is in `exact`), BLANK (there is no score), and the marks of decisions: FINAL (later
    decisions keep off), ASKED (left to a ruling), DIRECT (graded although its total is open), UNSCORED
    (graded without a score), LACKS (a required fact is missing); and what decisions left, as
    `decide[0]:grade`.
    """

    def __init__(self, board: Board, incomplete: Flags) -> None:
        self.board, self.many_subjects = board, board.inputs.size
        size = self.many_subjects
        self.words = tuple(dict.fromkeys([RATED, WAITING, INCOMPLETE, *self._outs()]))
        self.key: At = np.arange(size)
        self.world, self.many = np.zeros(size, np.int32), np.zeros(size, np.bool_)
        self.split, self._alone, self._stale = False, size, False
        self.at: dict[str, Data] = {mark: np.zeros(size, np.bool_) for mark in MARKS}
        self.at |= {GRADE: np.zeros(size, np.int16), OUT: np.zeros(size, np.int16), LACKS: incomplete}
        self.exact: dict[str, pl.Series] = {}
        self.scored = board.book.score in board.subjects.values
        self.places, self.most = 0, 0
        self._score()
        self._read: dict[str, Column] = {}
        self.outputs: dict[str, Output] = {}
        self.groups: dict[tuple[str, ...], tuple[At, list[str]]] = {}
        self.owed: Flags = np.zeros(size, np.bool_)
        self._status: Data = np.zeros(size, np.int16)
        self.refresh()

    def _score(self) -> None:
        """The total before any decision."""
        size, book = self.many_subjects, self.board.book
        if not self.scored:
            self.at |= {SCORE: np.zeros(size, np.int64), BLANK: np.ones(size, np.bool_)}
        elif (total := self._whole()) is not None:
            self.at |= {SCORE: total.data, BLANK: total.holes(size)}
            self.places, self.most = total.places, total.most
        else:
            exact = self.board.subjects.series(self.board.subjects.values[book.score].expr)
            self.exact[SCORE], self.at[BLANK] = exact, ~known(exact)

    def _whole(self) -> Column | None:
        """The total as 64-bit integers; None where it has none, or a decision sets another one."""
        if self._rescored():
            return None
        try:
            total = self.board.subjects.column(self.board.book.score)
        except Unfit:
            return None
        return None if total.data.dtype == object or total.below is not None else total

    def _rescored(self) -> bool:
        """Whether a decision may set another score."""
        rules = (rule for rule in self.board.book.decide if isinstance(rule, Override))
        return any(rule.score is not None and not rule.unscored for rule in rules)

    def _outs(self) -> list[str]:
        rules = (rule for rule in self.board.book.decide if isinstance(rule, Override))
        return [rule.out for rule in rules if rule.out]

    @property
    def size(self) -> int:
        """How many worlds."""
        return len(self.key)

    @property
    def rulings(self) -> Rulings | None:
        """What was ruled, if anything was."""
        return self.board.rulings if self.board.rulings.frame.height else None

    def level(self, grade: str) -> int:
        """Worst 1."""
        return self.board.book.level(grade)

    @property
    def grade(self) -> Data:
        """The level of every world, 0 = none."""
        return self.at[GRADE]

    @property
    def status(self) -> Data:
        """The number of the status of every world, from the marks as they were when last refreshed."""
        return self._status

    def refresh(self) -> None:
        """Status follows from the marks."""
        at = self.at
        waits = at[ASKED] | (at[BLANK] & ~at[DIRECT] & ~at[UNSCORED]) if self.scored else at[ASKED]
        status = waits.astype(np.int16)  # WAITS is 1
        for where, code in ((at[LACKS], LACKING), (at[OUT] > 0, at[OUT])):
            if where.any():
                np.copyto(status, code, where=where)
        self._status = status

    def live(self) -> Flags:
        """Worlds that compete for places."""
        found: Flags = (self.status == IS_RATED) & ~self.at[FINAL]
        return found

    def graded(self) -> Flags:
        """Worlds a grading decision acts on; an open total leaves every grade possible."""
        waits = (self.status == WAITS) & ~self.at[ASKED]
        found: Flags = ((self.status == IS_RATED) | waits) & ~self.at[FINAL]
        return found

    def reading(self) -> Reading:
        """What formulas of decisions, outputs and area values read."""
        return Reading(self.column, lambda tree: general(self, tree).column(), self.board.book.grades, BEYOND)

    def column(self, name: str) -> Column:
        """A named value of every world. Raises Unfit for what is no integer."""
        if name == GRADE:
            none = self.grade == 0
            waits = (self.status == WAITS) | (self.status == LACKING)
            return Column("grade", self.grade, none, absent=none & ~waits)
        if name == "status":
            return Column("text", self.status, options=self.words)
        if name == self.board.book.score:
            return self.total()
        if name in self.outputs:
            return self._output(name)
        if name not in self._read:
            found = self.board.subjects.column(name)
            self._read[name] = found.taken(self.key) if self.split else found
        return self._read[name]

    def _output(self, name: str) -> Column:
        """An output. Raises Unfit for what Polars made."""
        found = self.outputs[name]
        if found.series is not None:
            raise Unfit
        return found.column

    def give(self, name: str, output: Output) -> None:
        """Keep an output of all worlds; there are no further worlds after it."""
        self.outputs[name] = output

    def gone(self) -> Flags:
        """Where there is no score, and none is waited for."""
        return self.at[BLANK] & (self.at[UNSCORED] | (self.at[OUT] > 0))

    def total(self) -> Column:
        """The score."""
        if SCORE not in self.exact:
            blank = self.at[BLANK]
            return Column("number", self.at[SCORE], blank, self.places, self.most, absent=self.gone())
        places = self.board.analysis.score_places
        if places is None or places > PLACES:
            raise Unfit
        return replace(measured(self.exact[SCORE], places), null=self.at[BLANK], absent=self.gone())

    def score(self) -> pl.Series:
        """The score as exact decimals."""
        blank = self.at[BLANK]
        if SCORE in self.exact:
            return masked(self.exact[SCORE], blank)
        return decimals(SCORE, self.at[SCORE], blank, self.places, self.most)

    def taken(self, rows: At, same: int = 0) -> None:
        """Only these worlds, in this order; so many stay where they are in front."""
        rest = rows[same:]

        def moved(column: Data) -> Data:
            return np.concatenate([column[:same], column.take(rest)]) if same else column.take(rest)

        self.at = {name: moved(column) for name, column in self.at.items()}
        self.exact = {name: column.gather(rows) for name, column in self.exact.items()}
        self.key, self.world, self.many = moved(self.key), moved(self.world), moved(self.many)
        self._status = moved(self.status)
        self._read = {}

    def grows(self, rows: At, changes: dict[str, Data], without: At | None = None) -> None:
        """Add worlds: copies of these with other marks. `without`: rows they take the place of."""
        if not len(rows):
            return
        size, alone = self.size, self._alone
        stays = np.ones(size, np.bool_)
        if without is not None:
            stays[without] = False
        touched = np.zeros(self.many_subjects, np.bool_)
        touched[self.key[rows]] = True
        moves = touched[self.key[:alone]]
        moving = np.flatnonzero(moves & stays[:alone])
        tail = alone + np.flatnonzero(stays[alone:])
        head = np.flatnonzero(~moves & stays[:alone])
        first = len(head) + len(moving) + len(tail)
        order = self._parted(np.concatenate([head, moving, tail, rows]), len(head))
        added = np.flatnonzero(order >= first)
        for name, values in changes.items():
            self.at[name][added] = values[order[added] - first]

    def keeps(self, rows: Flags) -> None:
        """Only these worlds stay."""
        self._alone = int(rows[: self._alone].sum())
        self.taken(np.flatnonzero(rows))
        self._stale = True

    def merge(self) -> None:
        """Worlds of a subject that have become alike are one."""
        if not self.split:
            return
        alike = self._alike(slice(self._alone, None))
        _, first = np.unique(alike, return_index=True)
        if self._stale or len(first) < len(alike):
            alone = self._alone
            self._parted(np.concatenate([np.arange(alone), alone + np.sort(first)]), alone, alone)

    def _alike(self, some: slice) -> Data:
        """What worlds of a subject must agree in to be one, as one number."""
        packed = self.key[some].astype(np.int64) * _LEVELS + self.grade[some]
        packed = packed * _WORDS + self.at[OUT][some]
        for mark in (BLANK, *MARKS):
            packed = packed * 2 + self.at[mark][some]
        if SCORE not in self.exact:
            return packed
        _, packed = np.unique(packed, return_inverse=True)
        ranks, _ = arrays(self.exact[SCORE].rank("dense").cast(pl.Int64))
        return packed * (self.size + 1) + np.where(self.at[BLANK], 0, ranks)[some]

    def _parted(self, rows: At, head: int, same: int = 0) -> At:
        """Only these worlds; those behind `head` are numbered anew: who has several stands behind the others;
        `same` of them stay where they are. Returns the order they stand in now.
        """
        world, many = _places(self.key[rows[head:]])
        one, several = head + np.flatnonzero(~many), head + np.flatnonzero(many)
        order = np.concatenate([np.arange(head), one, several])
        self.taken(rows[order], same)
        alone = head + len(one)
        self.world, self.many = np.zeros(len(order), np.int32), np.arange(len(order)) >= alone
        self.world[head:] = world[order[head:] - head]
        self._alone, self._stale, self.split = alone, False, True
        return order

    def first(self) -> Flags:
        """The worlds that stand for their subjects."""
        found: Flags = self.world == 0
        return found

    def put(self, where: Flags, name: str, value: Data | int) -> None:
        """Change a mark where the condition holds."""
        if where.any():
            column = self.at[name].copy()
            np.copyto(column, value, where=where, casting="unsafe")
            self.at[name] = column


def _places(keys: At) -> tuple[NDArray[np.int32], Flags]:
    """The place of every row among those of its key, in their order, and whether the key has several."""
    order = np.argsort(keys, kind="stable")
    starts = begins(keys[order])
    many = lengths(starts, len(keys))
    place, several = np.empty(len(keys), np.int32), np.empty(len(keys), np.bool_)
    place[order] = np.arange(len(keys)) - np.repeat(starts, many)
    several[order] = np.repeat(many > 1, many)
    return place, several
