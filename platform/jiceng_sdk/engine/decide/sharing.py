"""How many places every cohort has at every grade, in each joint reading of the rule."""

import numpy as np
import polars as pl

from jiceng_sdk.engine.columns import Numbers
from jiceng_sdk.engine.decide.places import Places, readings
from jiceng_sdk.engine.decide.ranking import Contest
from jiceng_sdk.engine.decide.state import State
from jiceng_sdk.rulebook import Quota

Shares = list[tuple[Numbers, Numbers]]
"""For every grade with places, how many every cohort has at least and at most."""


def shared(state: State, rule: Quota, path: str, field: Contest, order: list[str]) -> list[Shares]:
    """The places at every grade of `order`; once for every joint reading."""
    ruled = None if state.rulings is None else state.rulings.places(path)
    known: dict[tuple[int, int], list[list[Places]]] = {}
    ways: list[list[list[Places]]] = []
    for within, low, high in zip(field.words, *(end.tolist() for end in field.base), strict=True):
        if (low, high) not in known:
            known[low, high] = readings(rule, order, low, high)
        ways.append([_overruled(way, order, within, ruled) for way in known[low, high]])
    many = max((len(some) for some in ways), default=1)
    return [_shares([some[min(n, len(some) - 1)] for some in ways], len(order)) for n in range(many)]


def _shares(ways: list[list[Places]], many: int) -> Shares:
    """One reading's places."""
    return [
        (
            np.array([way[n].low for way in ways], np.int64),
            np.array([way[n].high for way in ways], np.int64),
        )
        for n in range(many)
    ]


def widest(ways: list[Shares]) -> Shares:
    """All readings as one range per grade."""
    return [
        (np.min([low for low, _ in same], axis=0), np.max([high for _, high in same], axis=0))
        for same in zip(*ways, strict=True)
    ]


def _overruled(
    found: list[Places], order: list[str], within: str, ruled: pl.DataFrame | None
) -> list[Places]:
    """Numbers of places that a ruling has fixed."""
    if ruled is None or not ruled.height:
        return found
    fixed = {
        grade: many
        for grade, where, many in ruled.select("grade", "within", "places").iter_rows()
        if where in ("", within)
    }
    return [
        Places(fixed[grade], fixed[grade]) if grade in fixed else one
        for grade, one in zip(order, found, strict=True)
    ]
