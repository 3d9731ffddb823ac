"""Questions found on the way: who is asked, by which part, why, and between which grades."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.columns import At, Flags
from jiceng_sdk.engine.exact import ROW
from jiceng_sdk.engine.framing import cut, framed
from jiceng_sdk.engine.items.arrays import changes

KEY = "@"
WORDS = ("where", "kind", "reason", "candidates")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {KEY: ROW, **dict.fromkeys(WORDS, pl.String())}
MATTERS = ("gap", "tie", "rounding", "asked", "missing", "unknown")
"""Kinds that wait for a ruling or a fact; the others only inform."""


Words = tuple[str, str, str, str]
"""Where, kind, reason and candidates of one question."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The same question to several; `reasons`, `candidates`: one for all or one each."""

    keys: At
    where: str
    kind: str
    reasons: Sequence[str]
    candidates: Sequence[str]

    def words(self) -> list[Words]:
        """The words of everybody's question, or those that are the same for all."""
        if len(self.reasons) == len(self.candidates) == 1:
            return [(self.where, self.kind, self.reasons[0], self.candidates[0])]
        both = zip(cycle(self.reasons), cycle(self.candidates), range(len(self.keys)), strict=False)
        return [(self.where, self.kind, reason, grades) for reason, grades, _ in both]


class Issues:
    """Collects questions; which of them still matter is decided at the end."""

    def __init__(self) -> None:
        self._found: list[_Told] = []

    def tell(
        self,
        keys: NDArray[np.integer],
        where: str,
        kind: str,
        reason: str | Sequence[str],
        candidates: str | Sequence[str] = "",
    ) -> None:
        """One question to every subject. `candidates`: grades joined by "、"."""
        if not len(keys):
            return
        reasons = [reason] if isinstance(reason, str) else reason
        grades = [candidates] if isinstance(candidates, str) else candidates
        self._found.append(_Told(keys.astype(np.intp), where, kind, reasons, grades))

    def frame(
        self, asked: NDArray[np.bool_], informed: NDArray[np.bool_], lacking: NDArray[np.bool_]
    ) -> pl.DataFrame:
        """The questions of those who wait (`asked`) or lack a fact (`lacking`) and the hints to those who are
        rated (`informed`), in an order fixed by content.
        """
        told: list[_Told] = []
        for one in self._found:
            may = lacking if one.kind == "missing" else asked if one.kind in MATTERS else informed
            told += _some(one, may[one.keys])
        if not told:
            return pl.DataFrame(schema=SCHEMA)
        every = [one.words() for one in told]
        known = sorted({words for some in every for words in some})
        place = {words: n for n, words in enumerate(known)}
        numbers = np.concatenate([_numbers(one, some, place) for one, some in zip(told, every, strict=True)])
        keys = np.concatenate([one.keys for one in told])
        order = np.lexsort((numbers, keys))
        keys, numbers = keys[order].astype(np.uint32), numbers[order].astype(np.uint32)
        new = changes(keys) | changes(numbers)
        columns = [word for column in zip(*known, strict=True) for word in column]
        words = framed(cut(pl.Series(columns, dtype=pl.String), WORDS))
        return framed([pl.Series(KEY, keys[new])]).hstack(words[pl.Series(numbers[new])])

    def copy(self) -> "Issues":
        """The questions so far, to which others may be added."""
        other = Issues()
        other._found = list(self._found)
        return other


def _some(one: _Told, may: Flags) -> list[_Told]:
    """What is told to those alone."""
    if may.all():
        return [one]
    if not may.any():
        return []
    at = may.nonzero()[0].tolist()
    reasons, grades = (
        [words[n] for n in at] if len(words) > 1 else words for words in (one.reasons, one.candidates)
    )
    return [_Told(one.keys[may], one.where, one.kind, reasons, grades)]


def _numbers(one: _Told, words: list[Words], place: dict[Words, int]) -> At:
    """The number of everybody's question."""
    if len(words) == 1:
        return np.full(len(one.keys), place[words[0]])
    return np.array([place[each] for each in words], np.intp)
