"""How many places every cohort has at every grade, in each joint reading of the rule."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide.places import Places, readings
from jiceng_sdk.engine.decide.ranking import Contest
from jiceng_sdk.engine.decide.state import State
from jiceng_sdk.engine.numbers.columns import At, Numbers
from jiceng_sdk.rulebook import Analysis, Quota

KEPT = 10_000
"""How many bases are kept with a rulebook."""
Shares = list[tuple[Numbers, Numbers]]
"""For every grade with places, how many every cohort has at least and at most."""


def shared(state: State, rule: Quota, path: str, field: Contest, order: list[str]) -> list[Shares]:
    """The places at every grade of `order`; once for every joint reading."""
    low, high = field.base
    if not len(low):
        return [[(low, high)] * len(order)]
    span = int(high.max()) + 1
    bases, which = np.unique(low * span + high, return_inverse=True)
    found = _readings(
        state.board.analysis, rule, path, order, [divmod(base, span) for base in bases.tolist()]
    )
    ruled = None if state.rulings is None else state.rulings.places(path)
    if ruled is not None and ruled.height:
        whose = zip(field.words, which.tolist(), strict=True)
        found = [[_overruled(way, order, word, ruled) for way in found[n]] for word, n in whose]
        which = np.arange(len(found))
    many = max(len(some) for some in found)
    return [_shares([some[min(n, len(some) - 1)] for some in found], len(order), which) for n in range(many)]


def _readings(
    analysis: Analysis, rule: Quota, path: str, order: list[str], bases: list[tuple[int, int]]
) -> list[list[list[Places]]]:
    """The joint readings for every base; what a rule gives a base is worked out once."""
    known: dict[tuple[int, int], list[list[Places]]] = analysis.worked.setdefault(("places", path), {})
    if len(known) > KEPT:
        known.clear()
    found = {base: known.get(base) or readings(rule, order, *base) for base in bases}
    known.update(found)
    return list(found.values())


def _shares(ways: list[list[Places]], many: int, which: At) -> Shares:
    """One reading's places. `which`: the number of every cohort's way."""
    return [
        (
            np.array([way[n].low for way in ways], np.int64)[which],
            np.array([way[n].high for way in ways], np.int64)[which],
        )
        for n in range(many)
    ]


def widest(ways: list[Shares]) -> Shares:
    """All readings as one range per grade."""
    return [
        (np.min([low for low, _ in same], axis=0), np.max([high for _, high in same], axis=0))
        for same in zip(*ways, strict=True)
    ]


def _overruled(found: list[Places], order: list[str], within: str, ruled: pl.DataFrame) -> list[Places]:
    """Numbers of places that a ruling has fixed."""
    fixed = {
        grade: many
        for grade, where, many in ruled.select("grade", "within", "places").iter_rows()
        if where in ("", within)
    }
    return [
        Places(fixed[grade], fixed[grade]) if grade in fixed else one
        for grade, one in zip(order, found, strict=True)
    ]
