"""Quota: grades are filled best first. Who is in under every reading stays, who is out under every
one falls, the rest is asked.

Readings differ by ties and by an unstated rounding. For each grade a subject has a best and a
worst possible place, given how
many of those still open come down from above: a number, not a set, so nobody is asked whom it cannot touch.
"""

import numpy as np
import polars as pl

from jiceng_sdk.engine.decide import bottom
from jiceng_sdk.engine.decide.filling import LOWEST, OPEN, PLACE, PLACES, TOP, after, filled, started
from jiceng_sdk.engine.decide.hints import asked
from jiceng_sdk.engine.decide.lineup import Lineup, lineup
from jiceng_sdk.engine.decide.places import limited
from jiceng_sdk.engine.decide.ranking import COHORT, MINE, ROW, ranked
from jiceng_sdk.engine.decide.sharing import beside, shared
from jiceng_sdk.engine.decide.state import FINAL, GRADE, State
from jiceng_sdk.engine.decide.tables import joined, table
from jiceng_sdk.engine.exact import LEVEL
from jiceng_sdk.rulebook import Quota


def quota(state: State, rule: Quota, path: str) -> list[pl.DataFrame]:
    """Apply a quota; returns its table per cohort and grade."""
    order = limited(rule, state.board.book.grades)
    frame, cohorts = ranked(state, rule, path)
    ways = shared(state, rule, path, cohorts, order)
    if rule.bottom:
        return bottom.bottom(state, rule, path, beside(frame, _widest(ways, order)), order)
    line = lineup(frame)
    found = [_way(state, rule, path, frame, line, way, order) for way in ways]
    frames, tables = [ends for ends, _ in found], [some for _, some in found]
    if rule.hard:
        ends = frames[0] if len(frames) == 1 else _joint(state, path, frames)
        _decide(state, path, frame, ends, order)
    return [joined(list(same)) for same in zip(*tables, strict=True)]


def _way(
    state: State,
    rule: Quota,
    path: str,
    everybody: pl.DataFrame,
    line: Lineup,
    cohorts: pl.DataFrame,
    order: list[str],
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """One reading of the places, grade by grade: how it ended, and its tables."""
    waits = everybody.filter(pl.col("~waits") & pl.col(MINE))
    used = _used(state, rule, everybody, cohorts, order)
    now = started(rule, line, max((_level(state, grade) for grade in rule.ratio or ()), default=0))
    tables, spare = [], (np.zeros(cohorts.height, np.int64), np.zeros(cohorts.height, np.int64))
    for n, grade in enumerate(order):
        level = _level(state, grade)
        taken = used[str(level)].to_numpy()
        ends = (cohorts[f"~low{n}"].to_numpy(), cohorts[f"~high{n}"].to_numpy())
        low, high = (
            np.maximum(end[line.cohort] + left - taken[line.cohort], 0)
            for end, left in zip(ends, (now.spare1, now.spare2), strict=True)
        )
        found = filled(now, rule, level, low, high)
        asked(state.board, rule, path, line, found, waits, grade)
        idle = tuple(np.maximum(end + left - taken, 0) for end, left in zip(ends, spare, strict=True))
        tables.append(table(line, found, cohorts, path, grade, (idle[0], idle[1])))
        if rule.hard:
            spare = (idle[0], idle[1]) if rule.carry_down else spare
            follows = n + 1 < len(order) and _level(state, order[n + 1]) == level - 1
            after(now, found, rule, carried=follows)
    return now.frame(), tables


def _widest(ways: list[pl.DataFrame], order: list[str]) -> pl.DataFrame:
    """All readings as one range per grade."""
    ends = [f"~{word}{n}" for n in range(len(order)) for word in ("low", "high")]
    columns = []
    for end in ends:
        pick = pl.min_horizontal if end.startswith("~low") else pl.max_horizontal
        found = [way[end].alias(str(n)) for n, way in enumerate(ways)]
        columns.append(pl.select(pick(found).alias(end)).to_series())
    return ways[0].with_columns(columns)


def _used(
    state: State, rule: Quota, everybody: pl.DataFrame, cohorts: pl.DataFrame, order: list[str]
) -> pl.DataFrame:
    """Per cohort and level, places that final grades have taken already (0 where they do not count)."""
    levels = [_level(state, grade) for grade in order]
    if not rule.final_uses_places:
        none = pl.repeat(0, cohorts.height, dtype=pl.Int64, eager=True)
        return pl.DataFrame([none.alias(str(level)) for level in levels])
    held = (pl.col(FINAL) & (pl.col(GRADE) == level).fill_null(value=False) for level in levels)
    many = [who.sum().cast(pl.Int64).alias(str(level)) for who, level in zip(held, levels, strict=True)]
    return everybody.group_by(COHORT).agg(many).sort(COHORT)


def _joint(state: State, path: str, frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Whoever ends differently in two readings is asked."""
    first = frames[0]
    tops = [
        pl.Series(f"{n}", frame.select(pl.coalesce(TOP, GRADE)).to_series()) for n, frame in enumerate(frames)
    ]
    ends = [
        pl.Series(f"{n}", frame.select(pl.coalesce(LOWEST, GRADE)).to_series())
        for n, frame in enumerate(frames)
    ]
    top, low = pl.select(pl.max_horizontal(tops)).to_series(), pl.select(pl.min_horizontal(ends)).to_series()
    frame = first.with_columns(
        pl.Series(top != low).fill_null(value=False).alias("~new"),
        top.alias("~t"),
        low.alias("~l"),
    )
    words = "名额余数相同，先后没有规定，影响是否入围"
    state.board.issues.add(frame, pl.col("~new") & ~pl.col(OPEN), path, "rounding", words)
    open_ = pl.col("~new") | pl.col(OPEN)
    return frame.with_columns(
        open_.alias(OPEN),
        pl.when(open_).then("~t").otherwise(TOP).alias(TOP),
        pl.when(open_).then("~l").otherwise(LOWEST).alias(LOWEST),
    )


def _lower() -> pl.Expr:
    """One grade down; nothing is below the lowest."""
    return pl.max_horizontal(pl.col(GRADE) - 1, pl.lit(1, dtype=LEVEL)).cast(LEVEL)


def _level(state: State, grade: str) -> int:
    return state.board.book.level(grade)


def _decide(state: State, path: str, everybody: pl.DataFrame, frame: pl.DataFrame, order: list[str]) -> None:
    """Bring grades back; who is open gets a world for every grade it may end in; those waiting may
    fall too.
    """
    none = pl.repeat(None, everybody.height, dtype=pl.Int64, eager=True)
    state.table.keep(
        [
            everybody[GRADE].scatter(frame[ROW], frame[GRADE]),
            none.clone().scatter(frame[ROW], frame[PLACE]).alias(f"{path}:place"),
            none.clone().scatter(frame[ROW], frame[PLACES]).alias(f"{path}:places"),
        ]
    )
    fallen = _waiting(state, everybody, order)
    open_ = frame.filter(OPEN).select(ROW, TOP, LOWEST).sort(ROW)
    if open_.height:
        levels = pl.int_ranges(pl.col(LOWEST), pl.col(TOP) + 1, dtype=LEVEL).list.reverse()
        worlds = open_.select(ROW, levels.alias(GRADE)).explode(GRADE, empty_as_null=True)
        rows = state.frame[worlds[ROW]].with_columns(worlds[GRADE])
        state.grows(rows, without=open_[ROW])
    state.grows(fallen)


def _waiting(state: State, frame: pl.DataFrame, order: list[str]) -> pl.DataFrame:
    """Worlds of undecided subjects in a limited grade, one grade lower: they may not get the place."""
    waits = frame.filter(pl.col("~waits") & pl.col(MINE))[ROW]
    rows = state.frame[waits].filter(pl.col(GRADE).is_not_null())
    added = []
    for grade in order:
        level = _level(state, grade)
        fallen = rows.filter(pl.col(GRADE) == level).with_columns(_lower().alias(GRADE))
        rows = pl.concat([rows, fallen])
        added.append(fallen)
    return pl.concat(added) if added else rows.clear()
