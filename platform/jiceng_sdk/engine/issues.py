"""Questions found on the way: who is asked, by which part, why, and between which grades."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.columns import At, Flags, spelled
from jiceng_sdk.engine.exact import ROW
from jiceng_sdk.engine.framing import framed
from jiceng_sdk.engine.items.arrays import changes

KEY = "@"
WORDS = ("where", "kind", "reason", "candidates")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {KEY: ROW, **dict.fromkeys(WORDS, pl.String())}
MATTERS = ("gap", "tie", "rounding", "asked", "missing", "unknown")
"""Kinds that wait for a ruling or a fact; the others only inform."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The same question to several; `reasons`, `candidates`: one for all or one each."""

    keys: At
    where: str
    kind: str
    reasons: Sequence[str]
    candidates: Sequence[str]

    def words(self) -> tuple[Sequence[str], ...]:
        """The columns in the order of WORDS."""
        return [self.where], [self.kind], self.reasons, self.candidates


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
        keys = np.concatenate([one.keys for one in told])
        columns = [_numbered([one.words()[n] for one in told], told) for n in range(len(WORDS))]
        order = np.lexsort([*(numbers for _, numbers in reversed(columns)), keys])
        new = changes(keys[order])
        for _, numbers in columns:
            new |= changes(numbers[order])
        order = order[new]
        words = [
            spelled(name, known, numbers[order])
            for name, (known, numbers) in zip(WORDS, columns, strict=True)
        ]
        return framed([pl.Series(KEY, keys[order].astype(np.uint32)), *words])

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
    at = np.flatnonzero(may).tolist()
    reasons, grades = (
        [words[n] for n in at] if len(words) > 1 else words for words in (one.reasons, one.candidates)
    )
    return [_Told(one.keys[may], one.where, one.kind, reasons, grades)]


def _numbered(columns: list[Sequence[str]], told: list[_Told]) -> tuple[list[str], At]:
    """The different words in order, and the number of every row's word."""
    known = sorted({word for words in columns for word in words})
    numbers = {word: n for n, word in enumerate(known)}
    parts = [
        np.array([numbers[word] for word in words], np.intp)
        if len(words) == len(one.keys)
        else np.full(len(one.keys), numbers[words[0]])
        for words, one in zip(columns, told, strict=True)
    ]
    return known, np.concatenate(parts)
