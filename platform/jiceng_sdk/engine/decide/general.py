"""Formulas of decisions, outputs and area values that arrays cannot say, over all worlds by Polars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from jiceng_sdk.engine.formulas import cohort, workdays
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.queried import General
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.table import KEY, Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, nullable
from jiceng_sdk.engine.numbers.exact import LEVEL
from jiceng_sdk.engine.numbers.framing import framed
from jiceng_sdk.expressions.tree import Tree, names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jiceng_sdk.engine.board.board import Board

SCORE, AGAIN, STATUS, GRADE = "~score", "~again", "status", "grade"
OPEN = (1, 2)
"""Statuses that wait: `WAITS` and `LACKING` of the state."""


@dataclass(frozen=True, slots=True)
class Output:
    """A value of every world: an array, or what Polars made (`column` then says only where it is open)."""

    column: Column
    series: pl.Series | None = None


class Standing(Protocol):
    """What formulas read of the worlds."""

    board: Board
    key: At
    many_subjects: int
    split: bool
    scored: bool
    words: tuple[str, ...]
    outputs: dict[str, Output]

    @property
    def size(self) -> int:
        """How many worlds."""

    @property
    def status(self) -> Data:
        """The number of the status of every world."""

    @property
    def grade(self) -> Data:
        """The level of every world, 0 = none."""

    def score(self) -> pl.Series:
        """The score as exact decimals."""

    def gone(self) -> Flags:
        """Where there is no score, and none is waited for."""


Beside = tuple[pl.Series, Value]
"""A column of all worlds, and how formulas read it."""


def general(state: Standing, tree: Tree, extra: Mapping[str, Beside] | None = None) -> General:
    """A formula over all worlds. `extra`: names that win over known ones. Raises KeyError for a stranger."""
    subjects, book = state.board.subjects, state.board.book
    read = names(tree)
    needed = subjects.needed(sorted({*read, *book.cohort} - {GRADE, STATUS, book.score}))
    wanted = [*needed, *(name for name in book.cohort if name not in needed and subjects.has(name))]
    columns = [subjects.frame[name] for name in wanted]
    if state.split:
        columns = [column.gather(state.key) for column in columns]
    more = {**_outputs(state, read), **(extra or {})}
    known = {
        series.name: series for series in (*columns, *_marks(state), *(series for series, _ in more.values()))
    }
    frame = framed(known.values())
    values = {**subjects.values, **_values(state), **{name: value for name, (_, value) in more.items()}}
    table = Table(frame, values, set(subjects.limited), subjects.counter, dict(subjects.coded))
    once = ~pl.col(AGAIN) if state.split else None
    calls = {
        **state.board.history.calls(table),
        **cohort.calls(book.cohort, table, once=once),
        **workdays.calls(state.board.analysis),
    }
    return General(compiled(tree, Scope(values, book.grades, calls)), table)


def _marks(state: Standing) -> list[pl.Series]:
    """Score, grade and status of all worlds, and what is known not to exist."""
    waits = np.isin(state.status, OPEN)
    none = state.grade == 0
    return [
        pl.Series(KEY, state.key.astype(np.uint32)),
        pl.Series(AGAIN, np.arange(state.size) >= state.many_subjects),
        state.score().alias(SCORE),
        nullable(GRADE, state.grade, none).cast(LEVEL),
        pl.Series(STATUS, np.array(state.words, dtype=object)[state.status], dtype=pl.Enum(state.words)),
        pl.Series("~ungraded", none & ~waits),
        pl.Series("~gone", state.gone()),
    ]


def _outputs(state: Standing, read: frozenset[str]) -> dict[str, Beside]:
    """Outputs that the formula reads."""
    found: dict[str, Beside] = {}
    for name in read & state.outputs.keys():
        output = state.outputs[name]
        column, series = output.column, output.series
        if series is None:
            make = column.exact if column.kind == "number" else column.worded
            series = make(name, state.size)
        places = column.places if column.kind == "number" else 0
        found[name] = series.alias(name), Value(pl.col(name), column.kind, places, column.options)
    return found


def _values(state: Standing) -> dict[str, Value]:
    """Score, grade and status as formulas read them."""
    found = {
        STATUS: Value(pl.col(STATUS), "text", 0, state.words, nullable=False, enum=True),
        GRADE: Value(pl.col(GRADE), "grade", absent=pl.col("~ungraded")),
    }
    if state.scored:
        places = state.board.analysis.score_places
        found[state.board.book.score] = Value(pl.col(SCORE), "number", places, absent=pl.col("~gone"))
    return found
