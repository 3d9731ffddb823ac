"""The state of a quota per cohort and grade: what what-if and the page of places read."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.filling import Filled
from jiceng_sdk.engine.decide.lineup import Lineup
from jiceng_sdk.engine.decide.ranking import Contest
from jiceng_sdk.engine.numbers.columns import At, Flags, Numbers
from jiceng_sdk.engine.numbers.framing import cut, framed

COLUMNS = ("base", "low", "high", "candidates", "over", "open")


@dataclass(frozen=True, slots=True)
class Places:
    """One grade of a quota: a row per cohort, in the order of their words."""

    where: str
    grade: str
    cohort: list[str]
    numbers: dict[str, Numbers]


def rows(field: Contest, path: str, grade: str, **numbers: Numbers) -> Places:
    """One row per cohort, in the order of their words."""
    whole = {name: numbers[name].astype(np.int64, copy=False) for name in COLUMNS}
    return Places(path, grade, field.words, whole)


def table(
    field: Contest, line: Lineup, found: Filled, path: str, grade: str, idle: tuple[Numbers, Numbers]
) -> Places:
    """Per cohort: base, places, candidates, who is over, who is open. `idle`: places where none compete."""
    low, high = (end.copy() for end in idle)
    low[line.cohort], high[line.cohort] = found.low, found.high

    def total(who: Flags) -> Numbers:
        return counted(line.cohort.take(who.nonzero()[0]), field)

    there, over, open_ = total(found.there), total(found.outside), total(found.contested)
    return rows(
        field, path, grade, base=field.base[1], low=low, high=high, candidates=there, over=over, open=open_
    )


def counted(cohorts: At, field: Contest) -> Numbers:
    """How many of every cohort."""
    return np.bincount(cohorts, minlength=field.cohorts)


def joined(tables: list[Places]) -> Places:
    """The tables of one grade in all readings as one."""
    first, ends = tables[0], {"low": np.min}
    if len(tables) == 1:
        return first
    numbers = {
        name: ends.get(name, np.max)([one.numbers[name] for one in tables], axis=0) for name in first.numbers
    }
    return replace(first, numbers=numbers)


def frame(tables: list[Places]) -> pl.DataFrame:
    """All quotas, one below the other."""
    sizes = [len(one.cohort) for one in tables]

    def repeated(words: list[str]) -> list[str]:
        return [word for word, size in zip(words, sizes, strict=True) for _ in range(size)]

    told = [
        *repeated([one.where for one in tables]),
        *repeated([one.grade for one in tables]),
        *[word for one in tables for word in one.cohort],
    ]
    numbers = [one.numbers[name] for name in COLUMNS for one in tables]
    words = pl.Series(told, dtype=pl.String)
    whole = pl.Series(np.concatenate([np.zeros(0, np.int64), *numbers]))
    return framed([*cut(words, ("where", "grade", "cohort")), *cut(whole, COLUMNS)])
