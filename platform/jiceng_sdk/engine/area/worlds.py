"""All worlds as area values see them: the status in the end, earlier area values beside each."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.general import Beside, general
from jiceng_sdk.engine.decide.ranking import grouped
from jiceng_sdk.engine.decide.state import LACKING, WAITS, State
from jiceng_sdk.engine.formulas.computing import Reading, computed
from jiceng_sdk.engine.formulas.queried import General
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers.columns import At, Column, Data, Flags, Unfit
from jiceng_sdk.engine.numbers.exact import EXACT, PLACES, SNAP
from jiceng_sdk.engine.numbers.given import measured
from jiceng_sdk.expressions.tree import Tree

STATUS = "status"
SETTLED = "status*"
"""The status a subject will have in the end: unknown while it waits."""


@dataclass(slots=True)
class Worlds:
    """`end`: the number of every subject's status; `pending`: who waits; `values`: earlier area values of
    every world, by name; `status`: the status of every world, and the one in the end.
    """

    state: State
    end: Data
    pending: Flags = field(init=False)
    values: dict[str, Column] = field(default_factory=dict)
    status: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        state = self.state
        self.pending = (self.end == WAITS) | (self.end == LACKING)
        waits = self.pending[state.key]
        now = np.where(waits, self.end[state.key], state.status)
        self.status = {
            STATUS: Column("text", now, options=state.words),
            SETTLED: Column("text", now, waits, options=state.words),
        }

    def reading(self) -> Reading:
        """What formulas of area values read."""
        inner = self.state.reading()
        return Reading(self._named, lambda tree: self._general(tree).column(), inner.grades, inner.reserved)

    def _named(self, name: str) -> Column:
        return self.status.get(name) or self.values.get(name) or self.state.column(name)

    def _general(self, tree: Tree) -> General:
        size = self.state.size
        extra: dict[str, Beside] = {}
        for name, column in self.status.items():
            value = Value(pl.col(name), "text", 0, self.state.words, enum=True, nullable=name == SETTLED)
            extra[name] = column.worded(name, size).cast(pl.Enum(self.state.words)), value
        for name, column in self.values.items():
            beside = f"{name}:value"
            extra[name] = column.exact(beside, size), Value(pl.col(beside), "number", None)
        return general(self.state, tree, extra)

    def number(self, tree: Tree) -> Column:
        """A number of every world, quotients with all their places."""
        try:
            found = computed(tree, self.reading())
        except Unfit:
            return self._measured(tree)
        return found if found.below is None else self._measured(tree)

    def _measured(self, tree: Tree) -> Column:
        """What Polars makes of it."""
        made = self._general(tree)
        value = made.value
        places = PLACES if value.places is None else min(value.places, PLACES)
        return measured(made.series(value.expr).cast(EXACT), places)

    def grouped(self, by: Sequence[str]) -> tuple[At, list[str]]:
        """The cohort of every subject, and the words of every cohort, in order."""
        return grouped(self.state, by)

    def beside(self, name: str, by: Sequence[str], words: list[str], value: Column) -> None:
        """Make an earlier area value readable: that of the subject's cohort, or that of the whole area."""
        if words == [""]:
            at = np.zeros(self.state.size, np.intp)
            self.values[name] = value.taken(at)
            return
        codes, mine = self.grouped(by)
        known = {word: n for n, word in enumerate(words)}
        at = np.array([known.get(word, len(words)) for word in mine], np.intp)[codes[self.state.key]]
        data = np.append(value.data, value.data.dtype.type(0))
        null = np.append(value.holes(len(words)), np.True_)
        self.values[name] = Column("number", data, null, SNAP, value.most).taken(at)

    def any(self, flags: Flags) -> Flags:
        """Whose worlds have one of these."""
        if not self.state.split:
            return flags
        many = self.state.many_subjects
        out = flags[:many].copy()
        out[self.state.key[many:][flags[many:]]] = True
        return out

    def extreme(self, data: Data, there: Flags, *, largest: bool) -> tuple[Data, Flags]:
        """The smallest or largest number of every subject, and whether it has one."""
        if not self.state.split:
            return data, there
        keys, size = self.state.key, self.state.many_subjects
        out = np.zeros(size, data.dtype)
        rows = there.nonzero()[0]
        out[keys[rows]] = data[rows]
        several = rows[self.state.many[rows]]
        (np.maximum if largest else np.minimum).at(out, keys[several], data[several])
        return out, self.any(there)
