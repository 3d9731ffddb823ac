"""Where subjects stand between decisions: one row per subject, or one per way an open question may
be answered.

Such a row is a *world*. Decisions act on every world; a question is dropped when all worlds of its
subject end alike.
"""

from collections.abc import Callable, Collection
from operator import is_

import numpy as np
import polars as pl
from msgspec.structs import replace

from jiceng_sdk.engine.board.board import Board
from jiceng_sdk.engine.decide.alike import first_of_each, firsts
from jiceng_sdk.engine.decide.general import Output, general
from jiceng_sdk.engine.formulas.computing import BEYOND, Reading
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, Unfit, arrays, known, masked
from jiceng_sdk.engine.numbers.decimals import decimals
from jiceng_sdk.engine.numbers.exact import PLACES
from jiceng_sdk.engine.numbers.given import measured
from jiceng_sdk.rulebook import Override

SCORE, BLANK = "score", "blank"
GRADE, OUT, FINAL, ASKED, DIRECT = "grade", "out", "final", "asked", "direct"
UNSCORED, LACKS = "unscored", "lacks"
MARKS = (FINAL, ASKED, DIRECT, UNSCORED)
RATED, WAITING, INCOMPLETE = "rated", "needs_ruling", "incomplete"
IS_RATED, WAITS, LACKING = 0, 1, 2
"""The numbers of these statuses; those that an override gives come after them."""
NOBODY: At = np.zeros(0, np.intp)


class State:
    """`key`: the subject of every world: first one world of each, in their order, then those who have further
    ones again (`split`: somebody has); `many`: whether the subject has several; `at`: arrays of all worlds by
    name; `exact`: numbers that are not 64-bit integers.

    In `at`: GRADE (a level, 0 = none), OUT (the number of a status that ends it, 0 = none), SCORE (an
    integer, unless it is in `exact`), BLANK (there is no score), and the marks of decisions: FINAL (later
    decisions keep off), ASKED (left to a ruling), DIRECT (graded although its total is open), UNSCORED
    (graded without a score), LACKS (a required fact is missing).

    `left`: what decisions left of every subject's first world, as `decide[0]:grade`.
    """

    def __init__(self, board: Board, incomplete: Flags) -> None:
        self.board, self.book, self.many_subjects = board, board.book, board.inputs.size
        self.rulings = board.rulings if board.rulings.frame.height else None
        self._levels = {grade: self.book.level(grade) for grade in self.book.grades}
        size = self.many_subjects
        self.words = tuple(dict.fromkeys([RATED, WAITING, INCOMPLETE, *self._outs()]))
        self.key: At = np.arange(size)
        self.many, self.split = np.zeros(size, np.bool_), False
        self._nowhere = np.zeros(size, np.bool_)
        self.at: dict[str, Data] = dict.fromkeys(MARKS, self._nowhere)
        self.at |= {GRADE: np.zeros(size, np.int16), OUT: np.zeros(size, np.int16), LACKS: incomplete}
        self.exact: dict[str, pl.Series] = {}
        self.left: dict[str, Data | pl.Series] = {}
        self.scored = board.book.score in board.subjects.values
        self.places, self.most = 0, 0
        self._score()
        self._read: dict[str, Column] = {}
        self._made: dict[str, tuple[tuple[Data, ...], Column]] = {}
        self.outputs: dict[str, Output] = {}
        self.groups: dict[tuple[str, ...], tuple[At, list[str]]] = {}
        self.owed: Flags = np.zeros(size, np.bool_)
        self._status, self._stale = np.zeros(size, np.int16), True
        self.refresh()

    def _score(self) -> None:
        """The total before any decision."""
        size, book = self.many_subjects, self.book
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
            total = self.board.subjects.column(self.book.score)
        except Unfit:
            return None
        return None if total.data.dtype == object or total.below is not None else total

    def _rescored(self) -> bool:
        """Whether a decision may set another score."""
        rules = (rule for rule in self.book.decide if isinstance(rule, Override))
        return any(rule.score is not None and not rule.unscored for rule in rules)

    def _outs(self) -> list[str]:
        rules = (rule for rule in self.book.decide if isinstance(rule, Override))
        return [rule.out for rule in rules if rule.out]

    @property
    def size(self) -> int:
        """How many worlds."""
        return len(self.key)

    def level(self, grade: str) -> int:
        """Worst 1."""
        return self._levels[grade]

    @property
    def grade(self) -> Data:
        """The level of every world, 0 = none."""
        return self.at[GRADE]

    @property
    def status(self) -> Data:
        """The number of the status of every world, from the marks as they were when last refreshed."""
        return self._status

    def refresh(self) -> None:
        """Status follows from the marks, where they have changed."""
        if not self._stale:
            return
        at, self._stale = self.at, False
        waits = at[ASKED]
        if self.scored:
            waits = waits | self._but(self._but(at[BLANK], DIRECT), UNSCORED)
        status = waits.astype(np.int16)  # WAITS is 1
        for where, code in ((at[LACKS], LACKING), (at[OUT] > 0, at[OUT])):
            if np.count_nonzero(where):
                status = np.where(where, np.asarray(code, np.int16), status)
        self._status = status

    def live(self) -> Flags:
        """Worlds that compete for places."""
        return self._but(self.status == IS_RATED, FINAL)

    def graded(self) -> Flags:
        """Worlds a grading decision acts on; an open total leaves every grade possible."""
        waits = self._but(self.status == WAITS, ASKED)
        return self._but((self.status == IS_RATED) | waits, FINAL)

    def free(self) -> Flags:
        """Worlds that no decision has ended."""
        return self._but(self.at[OUT] == 0, FINAL)

    def _met(self, mark: str) -> bool:
        """Whether a mark was ever set; marks that were not share one array."""
        return self.at[mark] is not self._nowhere

    def _but(self, flags: Flags, mark: str) -> Flags:
        """Where these hold and the mark does not."""
        return flags & ~self.at[mark] if self._met(mark) else flags

    def reading(self) -> Reading:
        """What formulas of decisions, outputs and area values read."""
        return Reading(self.column, lambda tree: general(self, tree).column(), self.book.grades, BEYOND)

    def column(self, name: str) -> Column:
        """A named value of every world. Raises Unfit for what is no integer."""
        if name == GRADE:
            return self._same(GRADE, (self.at[GRADE], self._status), self._graded)
        if name == "status":
            return Column("text", self.status, options=self.words)
        if name == self.book.score:
            if SCORE in self.exact:
                return self._exactly()
            at = self.at
            return self._same(SCORE, (at[SCORE], at[BLANK], at[UNSCORED], at[OUT]), self._total)
        if name in self.outputs:
            return self._output(name)
        if name not in self._read:
            found = self.board.subjects.column(name)
            self._read[name] = found.again(self.key[self.many_subjects :]) if self.split else found
        return self._read[name]

    def _same(self, name: str, parts: tuple[Data, ...], make: Callable[[], Column]) -> Column:
        """A column made once as long as what it is made of stays: a mark that changes is another array."""
        known = self._made.get(name)
        if known is None or not all(map(is_, known[0], parts)):
            known = self._made[name] = parts, make()
        return known[1]

    def _graded(self) -> Column:
        none = self.grade == 0
        waits = (self.status == WAITS) | (self.status == LACKING)
        return Column("grade", self.grade, none, absent=none & ~waits)

    def _total(self) -> Column:
        blank = self.at[BLANK]
        return Column("number", self.at[SCORE], blank, self.places, self.most, absent=self.gone())

    def _exactly(self) -> Column:
        """A score that is no 64-bit integer. Raises Unfit."""
        places = self.board.analysis.score_places
        if places is None or places > PLACES:
            raise Unfit
        return replace(measured(self.exact[SCORE], places), null=self.at[BLANK], absent=self.gone())

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

    def score(self) -> pl.Series:
        """The score as exact decimals."""
        blank = self.at[BLANK]
        if SCORE in self.exact:
            return masked(self.exact[SCORE], blank)
        return decimals(SCORE, self.at[SCORE], blank, self.places, self.most)

    def grows(self, rows: At, changes: dict[str, Data], without: At | None = None) -> None:
        """Add worlds: copies of these with other marks. `without`: rows they take the place of; one of the
        copies stands where a first world was lost.
        """
        if not len(rows):
            return
        many, lost = self.many_subjects, NOBODY
        behind = np.arange(many, self.size)
        if without is not None:
            stays = np.ones(self.size, np.bool_)
            stays[without] = False
            behind, lost = behind[stays[many:]], (~stays[:many]).nonzero()[0]
        old, behind = len(behind), np.concatenate([behind, rows])
        heirs = firsts(self.key[behind], lost) if len(lost) else NOBODY
        others = np.ones(len(behind), np.bool_)
        others[heirs] = False
        stay = others.nonzero()[0]
        last, first = behind.take(stay), behind.take(heirs)

        def moved(name: str, column: Data) -> Data:
            if name in changes:
                tail = column.take(behind)
                tail[old:] = changes[name]
                ends, ahead = tail.take(stay), tail.take(heirs)
            else:
                ends, ahead = column.take(last), column.take(first)
            found = np.concatenate([column[:many], ends])
            found[lost] = ahead
            return found

        if self.exact:
            whole = np.concatenate([np.arange(many), last])
            whole[lost] = first
            self.exact = {name: column.gather(whole) for name, column in self.exact.items()}
        self._move(moved, changes.keys())

    def keeps(self, rows: Flags) -> None:
        """Only these worlds stay; the first of every subject does."""
        many = self.many_subjects
        behind = many + rows[many:].nonzero()[0]

        def moved(_: str, column: Data) -> Data:
            return np.concatenate([column[:many], column.take(behind)])

        if self.exact:
            whole = np.concatenate([np.arange(many), behind])
            self.exact = {name: column.gather(whole) for name, column in self.exact.items()}
        self._move(moved, ())

    def _move(self, moved: Callable[[str, Data], Data], changed: Collection[str]) -> None:
        """All arrays for other worlds; a mark set nowhere stays so, unless it is changed."""
        before = self._nowhere
        self.key, self._status = moved("", self.key), moved("", self.status)
        self._nowhere = np.zeros(self.size, np.bool_)
        self.at = {
            name: self._nowhere if column is before and name not in changed else moved(name, column)
            for name, column in self.at.items()
        }
        self.split = self.size > self.many_subjects
        self.many = np.zeros(self.size, np.bool_)
        self.many[self.many_subjects :] = True
        self.many[self.key[self.many_subjects :]] = True
        self._read = {}

    def merge(self) -> None:
        """Worlds of a subject that have become alike are one: the first of them."""
        if not self.split:
            return
        several = self.many.nonzero()[0]
        first = first_of_each(self._alike(several))
        if len(first) < len(several):
            stays = np.zeros(self.size, np.bool_)
            stays[several[first]] = True
            self.keeps(stays)

    def _alike(self, some: At) -> Data:
        """What worlds of a subject must agree in to be one, as one number."""
        packed = self.key[some] * (len(self._levels) + 1) + self.grade[some]
        packed = packed * len(self.words) + self.at[OUT][some]
        for mark in (BLANK, *MARKS):
            if self._met(mark):
                packed = packed * 2 + self.at[mark][some]
        if SCORE not in self.exact:
            return packed
        _, packed = np.unique(packed, return_inverse=True)
        ranks, _ = arrays(self.exact[SCORE].rank("dense").cast(pl.Int64))
        return packed * (self.size + 1) + np.where(self.at[BLANK], 0, ranks)[some]

    def put(self, where: Flags, name: str, value: Data | int) -> None:
        """Change a mark where the condition holds."""
        if np.count_nonzero(where):
            column = self.at[name]
            self.at[name] = np.where(where, np.asarray(value).astype(column.dtype, copy=False), column)
            self._stale |= name not in (GRADE, FINAL)
