"""Where subjects stand between decisions: one row per subject, or one per way an open question may
be answered.

Such a row is a *world*. Decisions act on every world; a question is dropped when all worlds of its
subject end alike.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine import cohort
from jiceng_sdk.engine.board import Board
from jiceng_sdk.engine.exact import EXACT, LEVEL
from jiceng_sdk.engine.items.arrays import begins, lengths
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import KEY, Table
from jiceng_sdk.engine.value import Value
from jiceng_sdk.expressions.tree import names
from jiceng_sdk.rulebook import Override

SCORE = "~score"
GRADE = "grade"
STATUS = "status"
WORLD = "~world"
OUT, FINAL, ASKED, DIRECT = "~out", "~final", "~asked", "~direct"
UNSCORED, LACKS, MANY = "~unscored", "~lacks", "~many"
_LEVELS, _WORDS = 2**15, 2**10
"""More than there are grades and statuses."""
RATED, WAITING, INCOMPLETE = "rated", "needs_ruling", "incomplete"


class State:
    """`table.frame`: `@`, WORLD (0 = first), everything known of the subject, and the marks of decisions.

    Marks: FINAL (later decisions keep off), OUT (a status that ends it), ASKED (left to a ruling),
    DIRECT (graded although its total is open), UNSCORED (graded without a score),
    LACKS (a required fact is missing).
    """

    def __init__(self, board: Board, incomplete: pl.Series) -> None:
        self.board = board
        subjects = board.subjects
        self.scored = board.book.score in subjects.values
        self.words = pl.Enum(list(dict.fromkeys([RATED, WAITING, INCOMPLETE, *self._outs()])))
        self._words = {word: pl.lit(word, dtype=self.words) for word in self.words.categories}
        total = subjects.values[board.book.score] if self.scored else None
        score = pl.lit(None, dtype=EXACT) if total is None else total.expr
        if total is not None and total.scaled is not None and not self._rescored():
            score, total = total.cheapest(), total.column(SCORE)
        else:
            total = None
        no = pl.lit(value=False)
        frame = subjects.frame.select(self._wanted()).with_columns(
            score.alias(SCORE),
            pl.lit(None, dtype=LEVEL).alias(GRADE),
            pl.lit(0, dtype=pl.Int32).alias(WORLD),
            pl.lit(None, dtype=self.words).alias(OUT),
            *(no.alias(mark) for mark in (FINAL, ASKED, DIRECT, UNSCORED, MANY)),
            incomplete.alias(LACKS),
        )
        self.table = Table(
            frame, dict(subjects.values), set(subjects.limited), subjects.counter, dict(subjects.coded)
        )
        self.split = False
        self._alone, self._stale = frame.height, False
        self._total = total
        if total is not None:
            self.table.coded[SCORE] = total
        self._named()

    def _wanted(self) -> list[str]:
        """The columns that decisions, outputs and area values stand on; the others stay behind."""
        board = self.board
        read = {board.book.score, *board.book.cohort}
        for path, typed in board.analysis.formulas.items():
            if path.startswith(("decide[", "outputs.", "area.")):
                read |= names(typed.tree)
        for rule in board.book.decide:
            read |= set(getattr(rule, "within", ())) | {getattr(rule, "from_", None) or ""}
        for area in board.book.area.values():
            read |= set(area.by)
        read |= {"previous.grade"} if "previous.grade" in board.subjects.values else set()
        return list(
            dict.fromkeys([KEY, *board.subjects.needed(sorted(read)), *sorted(read & self._columns())])
        )

    def _columns(self) -> set[str]:
        return set(self.board.subjects.frame.columns)

    @property
    def frame(self) -> pl.DataFrame:
        """All worlds."""
        return self.table.frame

    def _named(self) -> None:
        """Score, grade and status as decisions and outputs read them."""
        self.refresh()
        waits = pl.col(STATUS).is_in([WAITING, INCOMPLETE])
        options, values = tuple(self.words.categories), self.table.values
        values[STATUS] = Value(pl.col(STATUS), "text", 0, options, nullable=False, enum=True)
        values[GRADE] = Value(pl.col(GRADE), "grade", absent=pl.col(GRADE).is_null() & ~waits)
        if self.scored:
            gone = pl.col(SCORE).is_null() & (pl.col(UNSCORED) | pl.col(OUT).is_not_null())
            places = self.board.analysis.score_places
            value = self._total or Value(pl.col(SCORE), "number", places)
            values[self.board.book.score] = replace(value, absent=gone, nullable=True)

    def _rescored(self) -> bool:
        """Whether a decision may set another score."""
        rules = (rule for rule in self.board.book.decide if isinstance(rule, Override))
        return any(rule.score is not None and not rule.unscored for rule in rules)

    def word(self, status: str) -> pl.Expr:
        """A status as the frame keeps it."""
        return self._words[status]

    def _outs(self) -> list[str]:
        rules = (rule for rule in self.board.book.decide if isinstance(rule, Override))
        return [rule.out for rule in rules if rule.out]

    def refresh(self) -> None:
        """Status follows from the marks."""
        self.table.keep([self._status])

    @cached_property
    def _status(self) -> pl.Expr:
        status = (
            pl.when(pl.col(OUT).is_not_null())
            .then(pl.col(OUT))
            .when(pl.col(LACKS))
            .then(self.word(INCOMPLETE))
            .when(pl.col(ASKED) | self.total_open() if self.scored else pl.col(ASKED))
            .then(self.word(WAITING))
            .otherwise(self.word(RATED))
        )
        return status.alias(STATUS)

    @staticmethod
    def total_open() -> pl.Expr:
        """The total has no answer and nothing has made it needless."""
        return pl.col(SCORE).is_null() & ~pl.col(DIRECT) & ~pl.col(UNSCORED)

    @staticmethod
    def live() -> pl.Expr:
        """Worlds that compete for places."""
        return (pl.col(STATUS) == RATED) & ~pl.col(FINAL)

    @staticmethod
    def graded() -> pl.Expr:
        """Worlds a grading decision acts on; an open total leaves every grade possible."""
        waits = (pl.col(STATUS) == WAITING) & ~pl.col(ASKED)
        return ((pl.col(STATUS) == RATED) | waits) & ~pl.col(FINAL)

    def scope(self) -> Scope:
        """What expressions of decisions read; cohort functions count every subject once."""
        calls = {
            **self.board.history.calls(self.table),
            **cohort.calls(self.board.book.cohort, once=pl.col(WORLD) == 0 if self.split else None),
        }
        return Scope(self.table.values, self.board.book.grades, calls)

    def grows(self, added: pl.DataFrame, without: pl.Series | None = None) -> None:
        """Add worlds of subjects that are undecided. `without`: rows they take the place of."""
        if not added.height:
            return
        frame, alone = self.frame, self._alone
        moves = frame[KEY].head(alone).is_in(added[KEY].unique().implode())
        if without is not None and len(without):
            stays = pl.repeat(value=True, n=frame.height, eager=True)
            stays = stays.scatter(without, pl.repeat(value=False, n=len(without), eager=True))
            kept, tail = moves & stays.head(alone), frame.slice(alone).filter(stays.slice(alone))
            moves, moving = moves | ~stays.head(alone), frame.head(alone).filter(kept)
        else:
            moving, tail = frame.head(alone).filter(moves), frame.slice(alone)
        head = frame.head(alone).filter(~moves) if moves.any() else frame.head(alone)
        self._parted(head, pl.concat([moving, tail, added.select(frame.columns)]))

    def keeps(self, rows: pl.Expr) -> None:
        """Only these worlds stay."""
        frame = self.frame.with_columns(rows.alias("~stays"))
        self._alone = int(frame["~stays"].head(self._alone).sum())
        self.table.frame, self._stale = frame.filter("~stays").drop("~stays"), True

    def merge(self) -> None:
        """Worlds of a subject that have become alike are one."""
        if not self.split:
            return
        frame = self.frame
        tail = frame.slice(self._alone)
        alike = tail.select(self._alike).to_series()
        if self._stale or alike.n_unique() < len(alike):
            self._parted(frame.head(self._alone), tail.filter(alike.is_first_distinct()))

    @cached_property
    def _alike(self) -> pl.Expr:
        """What worlds of a subject must agree in to be one, as one value; as one number where it fits."""
        marks = [pl.col(mark) for mark in (FINAL, ASKED, DIRECT, UNSCORED)]
        if self._rescored() or len(self.words.categories) >= _WORDS:
            return pl.struct(KEY, SCORE, GRADE, OUT, *marks)
        packed = pl.col(KEY).cast(pl.Int64) * _LEVELS + pl.col(GRADE).fill_null(_LEVELS - 1)
        packed = packed * _WORDS + pl.col(OUT).to_physical().cast(pl.Int64).fill_null(_WORDS - 1)
        for mark in (pl.col(SCORE).is_null(), *marks):
            packed = packed * 2 + mark.cast(pl.Int64)
        return packed

    def _parted(self, head: pl.DataFrame, several: pl.DataFrame) -> None:
        """The undecided are numbered anew; they stand behind the others."""
        world, many = _places(several[KEY].to_numpy())
        several = several.with_columns(pl.Series(WORLD, world.astype(np.int32)), pl.Series(MANY, many))
        alone = several.filter(~pl.col(MANY))
        self._alone, self._stale, self.split = head.height + alone.height, False, True
        self.table.frame = pl.concat([head, alone, several.filter(MANY)], rechunk=True)

    @staticmethod
    def undecided() -> pl.Expr:
        """Subjects with more than one world."""
        return pl.col(MANY)

    def put(self, mask: pl.Expr, columns: Mapping[str, pl.Expr]) -> None:
        """Change columns where the mask holds."""
        self.table.keep(
            [pl.when(mask).then(expr).otherwise(pl.col(name)).alias(name) for name, expr in columns.items()]
        )


def _places(keys: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """The place of every row among those of its key, in their order, and whether the key has several."""
    order = np.argsort(keys, kind="stable")
    starts = begins(keys[order])
    many = lengths(starts, len(keys))
    place, several = np.empty(len(keys), np.intp), np.empty(len(keys), np.bool_)
    place[order] = np.arange(len(keys)) - np.repeat(starts, many)
    several[order] = np.repeat(many > 1, many)
    return place, several
