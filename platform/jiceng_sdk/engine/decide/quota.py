"""Quota: grades are filled best first. Who is in under every reading stays, who is out under every
one falls, the rest is asked.

Readings differ by ties and by an unstated rounding. For each grade a subject has a best and a
worst possible place, given how
many of those still open come down from above: a number, not a set, so nobody is asked whom it cannot touch.
"""

import polars as pl

from jiceng_sdk.engine.decide import bottom
from jiceng_sdk.engine.decide.filling import LOWEST, OPEN, after, filled, lower, started
from jiceng_sdk.engine.decide.places import limited
from jiceng_sdk.engine.decide.ranking import LIVE, MINE, placed, ranked
from jiceng_sdk.engine.decide.state import GRADE, State
from jiceng_sdk.engine.decide.tables import joined, table
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook import Quota


def quota(state: State, rule: Quota, path: str) -> list[pl.DataFrame]:
    """Apply a quota; returns its table per cohort and grade."""
    order = limited(rule, state.board.book.grades)
    ways = placed(state, rule, path, ranked(state, rule, path), order)
    if rule.bottom:
        return bottom.bottom(state, rule, path, _widest(ways, order), order)
    found = [_way(state, rule, path, frame, order) for frame in ways]
    frames, tables = [frame for frame, _ in found], [some for _, some in found]
    if rule.hard:
        frame = frames[0] if len(frames) == 1 else _joint(state, path, frames)
        _decide(state, path, frame, order)
    return [joined(list(same)) for same in zip(*tables, strict=True)]


def _way(
    state: State, rule: Quota, path: str, frame: pl.DataFrame, order: list[str]
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """One reading of the places, grade by grade, and its tables."""
    frame = started(state, rule, frame)
    tables = []
    for n, grade in enumerate(order):
        frame = filled(state, rule, path, frame, grade, n)
        tables.append(table(frame, path, grade))
        if rule.hard:
            follows = n + 1 < len(order) and _level(state, order[n + 1]) == _level(state, grade) - 1
            frame = after(frame, rule, carried=follows)
    return frame, tables


def _widest(ways: list[pl.DataFrame], order: list[str]) -> pl.DataFrame:
    """All readings as one range per grade."""
    ends = [f"~{word}{n}" for n in range(len(order)) for word in ("low", "high")]
    columns = []
    for end in ends:
        pick = pl.min_horizontal if end.startswith("~low") else pl.max_horizontal
        found = [way[end].alias(str(n)) for n, way in enumerate(ways)]
        columns.append(pl.select(pick(found).alias(end)).to_series())
    return ways[0].with_columns(columns)


def _joint(state: State, path: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Whoever ends differently in two readings is asked."""
    first = frames[0]
    tops = [
        pl.Series(f"{n}", frame.select(pl.coalesce("~top", GRADE)).to_series())
        for n, frame in enumerate(frames)
    ]
    ends = [
        pl.Series(f"{n}", frame.select(pl.coalesce(LOWEST, GRADE)).to_series())
        for n, frame in enumerate(frames)
    ]
    top, low = pl.select(pl.max_horizontal(tops)).to_series(), pl.select(pl.min_horizontal(ends)).to_series()
    frame = first.with_columns(
        ((pl.Series(top != low).fill_null(value=False)) & first[LIVE]).alias("~new"),
        top.alias("~t"),
        low.alias("~l"),
    )
    words = "名额余数相同，先后没有规定，影响是否入围"
    state.board.issues.add(frame, pl.col("~new") & ~pl.col(OPEN), path, "rounding", words)
    open_ = pl.col("~new") | pl.col(OPEN)
    return frame.with_columns(
        open_.alias(OPEN),
        pl.when(open_).then("~t").otherwise("~top").alias("~top"),
        pl.when(open_).then("~l").otherwise(LOWEST).alias(LOWEST),
    )


def _level(state: State, grade: str) -> int:
    return state.board.book.level(grade)


def _decide(state: State, path: str, frame: pl.DataFrame, order: list[str]) -> None:
    """Bring grades back; who is open gets a world for every grade it may end in; those waiting may
    fall too.
    """
    state.table.keep(
        [
            frame[GRADE],
            frame["~place"].alias(f"{path}:place"),
            frame["~places"].alias(f"{path}:places"),
        ]
    )
    open_ = frame.filter(OPEN).select(KEY, "~top", LOWEST)
    fallen = _waiting(state, frame, order)
    if open_.height:
        levels = pl.int_ranges(pl.col(LOWEST), pl.col("~top") + 1, dtype=LEVEL).list.reverse()
        worlds = open_.with_columns(levels.alias("~to")).explode("~to", empty_as_null=True).select(KEY, "~to")
        rows = (
            state.frame.join(worlds, on=KEY, how="inner").with_columns(pl.col("~to").alias(GRADE)).drop("~to")
        )
        state.table.frame = state.frame.join(open_, on=KEY, how="anti", maintain_order="left")
        state.grows(rows)
    state.grows(fallen)


def _waiting(state: State, frame: pl.DataFrame, order: list[str]) -> pl.DataFrame:
    """Worlds of undecided subjects in a limited grade, one grade lower: they may not get the place."""
    rows = state.frame.filter(frame["~waits"] & frame[MINE] & state.frame[GRADE].is_not_null())
    added = []
    for grade in order:
        level = _level(state, grade)
        fallen = rows.filter(pl.col(GRADE) == level).with_columns(lower().alias(GRADE))
        rows = pl.concat([rows, fallen])
        added.append(fallen)
    return pl.concat(added) if added else rows.clear()
