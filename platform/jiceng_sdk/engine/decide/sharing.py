"""How many places every cohort has at every grade, in each joint reading of the rule."""

import polars as pl

from jiceng_sdk.engine.decide.places import Places, readings
from jiceng_sdk.engine.decide.ranking import COHORT, WITHIN
from jiceng_sdk.engine.decide.state import State
from jiceng_sdk.rulebook import Quota


def shared(
    state: State, rule: Quota, path: str, cohorts: pl.DataFrame, order: list[str]
) -> list[pl.DataFrame]:
    """The cohorts with `~low{i}` and `~high{i}` for every grade of `order`; once for every joint reading."""
    ruled = state.board.rulings.places(path)
    known: dict[tuple[int, int], list[list[Places]]] = {}
    ways: list[list[list[Places]]] = []
    for within, low, high in cohorts.select(WITHIN, "~n1", "~n2").iter_rows():
        if (low, high) not in known:
            known[low, high] = readings(rule, order, low, high)
        ways.append([_overruled(way, order, within, ruled) for way in known[low, high]])
    many = max((len(some) for some in ways), default=1)
    return [_beside(cohorts, [some[min(n, len(some) - 1)] for some in ways], len(order)) for n in range(many)]


def _beside(cohorts: pl.DataFrame, ways: list[list[Places]], many: int) -> pl.DataFrame:
    """One reading's places beside the cohorts."""
    columns = []
    for n in range(many):
        columns.append(pl.Series(f"~low{n}", [way[n].low for way in ways], dtype=pl.Int64))
        columns.append(pl.Series(f"~high{n}", [way[n].high for way in ways], dtype=pl.Int64))
    return cohorts.with_columns(columns)


def beside(frame: pl.DataFrame, cohorts: pl.DataFrame) -> pl.DataFrame:
    """What is known of its cohort beside every row."""
    known = cohorts.drop(COHORT, WITHIN)
    return frame.with_columns(known.select(pl.all().gather(frame[COHORT])).get_columns())


def _overruled(found: list[Places], order: list[str], within: str, ruled: pl.DataFrame) -> list[Places]:
    """Numbers of places that a ruling has fixed."""
    if not ruled.height:
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
