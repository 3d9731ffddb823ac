"""Questions found on the way: who is asked, by which part, why, and between which grades."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.numbers.arrays import distinct
from jiceng_sdk.engine.numbers.columns import At, Flags
from jiceng_sdk.engine.numbers.exact import ROW
from jiceng_sdk.engine.numbers.framing import cut, framed

KEY = "@"
WORDS = ("where", "kind", "reason", "candidates")
SCHEMA: dict[str, type[pl.DataType] | pl.DataType] = {KEY: ROW, **dict.fromkeys(WORDS, pl.String())}
MATTERS = ("gap", "tie", "rounding", "asked", "missing", "unknown")
"""Kinds that wait for a ruling or a fact; the others only inform."""


Words = tuple[str, str]
"""The reason of a question, and the candidates: grades joined by "、"."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A question to several. `words`: those of all, or different ones; `which`: the number of everybody's."""

    keys: At
    where: str
    kind: str
    words: Sequence[Words]
    which: At | None

    def to(self, may: Flags) -> "_Told":
        """What is told to those alone."""
        if may.all():
            return self
        return replace(self, keys=self.keys[may], which=None if self.which is None else self.which[may])

    def numbers(self, place: Mapping[tuple[str, str, str, str], int]) -> At:
        """The number of everybody's question."""
        found = [place[self.where, self.kind, *words] for words in self.words]
        return np.full(len(self.keys), found[0]) if self.which is None else np.array(found)[self.which]


class Issues:
    """Collects questions; which of them still matter is decided at the end."""

    def __init__(self) -> None:
        self._found: list[_Told] = []

    def tell(self, keys: NDArray[np.integer], where: str, kind: str, reason: str) -> None:
        """One question to every subject."""
        self.tell_each(keys, where, kind, [(reason, "")], None)

    def tell_each(
        self, keys: NDArray[np.integer], where: str, kind: str, words: Sequence[Words], which: At | None
    ) -> None:
        """A question to every subject. `which`: the number of its words among these."""
        if len(keys):
            self._found.append(_Told(keys.astype(np.intp), where, kind, words, which))

    def frame(
        self, asked: NDArray[np.bool_], informed: NDArray[np.bool_], lacking: NDArray[np.bool_]
    ) -> pl.DataFrame:
        """The questions of those who wait (`asked`) or lack a fact (`lacking`) and the hints to those who are
        rated (`informed`), in an order fixed by content.
        """
        told: list[_Told] = []
        for one in self._found:
            may = lacking if one.kind == "missing" else asked if one.kind in MATTERS else informed
            told.append(one.to(may[one.keys]))
        told = [one for one in told if len(one.keys)]
        if not told:
            return pl.DataFrame(schema=SCHEMA)
        known = sorted({(one.where, one.kind, *words) for one in told for words in one.words})
        place, bits = {words: n for n, words in enumerate(known)}, len(known).bit_length()
        whole = distinct(np.concatenate([one.keys << bits | one.numbers(place) for one in told]))
        columns = [word for column in zip(*known, strict=True) for word in column]
        words = framed(cut(pl.Series(columns, dtype=pl.String), WORDS))
        keys = pl.Series(KEY, (whole >> bits).astype(np.uint32))
        return keys.to_frame().hstack(words[pl.Series((whole & (1 << bits) - 1).astype(np.uint32))])

    def copy(self) -> "Issues":
        """The questions so far, to which others may be added."""
        other = Issues()
        other._found = list(self._found)
        return other
