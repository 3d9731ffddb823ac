"""Quota: grades are filled best first. Who is in under every reading stays, who is out under every
one falls, the rest is asked.

Readings differ by ties and by an unstated rounding. For each grade a subject has a best and a
worst possible place, given how
many of those still open come down from above: a number, not a set, so nobody is asked whom it cannot touch.
"""

import numpy as np

from jiceng_sdk.engine.decide import bottom
from jiceng_sdk.engine.decide.filling import NOBODY, Filling, after, filled, started
from jiceng_sdk.engine.decide.hints import asked
from jiceng_sdk.engine.decide.lineup import Lineup, lineup
from jiceng_sdk.engine.decide.places import limited
from jiceng_sdk.engine.decide.ranking import Contest, contest
from jiceng_sdk.engine.decide.sharing import Shares, shared, widest
from jiceng_sdk.engine.decide.state import FINAL, GRADE, State
from jiceng_sdk.engine.decide.tables import Places, counted, joined, table
from jiceng_sdk.engine.formulas.computing import met
from jiceng_sdk.engine.numbers.columns import At, Data, Flags, Numbers
from jiceng_sdk.rulebook import Quota


def quota(state: State, rule: Quota, path: str) -> list[Places]:
    """Apply a quota; returns its table per cohort and grade."""
    order = limited(rule, state.board.book.grades)
    field = contest(state, rule, path)
    ways = shared(state, rule, path, field, order)
    line = lineup(field)
    if rule.bottom:
        left = _unused(state, rule, field, widest(ways), order)
        return bottom.bottom(state, rule, path, field, line, left, order)
    found = [_way(state, rule, path, field, line, way, order) for way in ways]
    if rule.hard:
        now = found[0][0] if len(found) == 1 else _joint(state, path, [ends for ends, _ in found])
        _decide(state, path, field, now, order)
    return [joined(list(same)) for same in zip(*(tables for _, tables in found), strict=True)]


def _way(
    state: State, rule: Quota, path: str, field: Contest, line: Lineup, ways: Shares, order: list[str]
) -> tuple[Filling, list[Places]]:
    """One reading of the places, grade by grade: how it ended, and its tables."""
    claims, spare = field.claims(), (np.zeros(field.cohorts, np.int64),) * 2
    now = started(rule, line, state.grade, max((state.level(grade) for grade in rule.ratio or ()), default=0))
    tables = []
    for n, grade in enumerate(order):
        level = state.level(grade)
        taken, ends = _used(state, rule, field, level), ways[n]
        found = filled(now, rule, level, *_seats(now, ends, taken))
        asked(state, rule, path, field, line, found, claims, grade)
        idle = tuple(np.maximum(end + left - taken, 0) for end, left in zip(ends, spare, strict=True))
        tables.append(table(field, line, found, path, grade, (idle[0], idle[1])))
        if rule.hard:
            spare = (idle[0], idle[1]) if rule.carry_down else spare
            follows = n + 1 < len(order) and state.level(order[n + 1]) == level - 1
            after(now, found, rule, carried=follows)
    return now, tables


def _seats(now: Filling, ends: tuple[Numbers, Numbers], taken: Numbers) -> tuple[Numbers, Numbers]:
    """The places at least and at most in the cohort of every row, with those left over from above."""
    low, high = (end - taken for end in ends)
    if now.spare1.ndim:
        of = now.line.cohort
        return np.maximum(low[of] + now.spare1, 0), np.maximum(high[of] + now.spare2, 0)
    least = np.maximum(low, 0).take(now.line.cohort)
    return least, least if (low == high).all() else np.maximum(high, 0).take(now.line.cohort)


def _used(state: State, rule: Quota, field: Contest, level: int) -> Numbers:
    """Per cohort, places that final grades have taken already (0 where they do not count); who is not meant
    by the quota takes none.
    """
    if not rule.final_uses_places:
        return np.zeros(field.cohorts, np.int64)
    meant = met(rule.for_, state.reading()).data
    return counted(field.cohort[state.at[FINAL] & (state.grade == level) & meant], field)


def _unused(state: State, rule: Quota, field: Contest, ways: Shares, order: list[str]) -> Shares:
    """The places that final grades have left."""
    if not rule.final_uses_places:
        return ways
    taken = [_used(state, rule, field, state.level(grade)) for grade in order]
    return [
        (np.maximum(low - used, 0), np.maximum(high - used, 0))
        for (low, high), used in zip(ways, taken, strict=True)
    ]


def _joint(state: State, path: str, ways: list[Filling]) -> Filling:
    """Whoever ends differently in two readings is asked."""
    first = ways[0]
    top = np.max([np.where(way.top > 0, way.top, way.grade) for way in ways], axis=0)
    low = np.min([np.where(way.lowest > 0, way.lowest, way.grade) for way in ways], axis=0)
    new: Flags = top != low
    told = state.key[first.line.rows[new & ~first.open]]
    state.board.issues.tell(told, path, "rounding", "名额余数相同，先后没有规定，影响是否入围")
    first.open = first.open | new
    first.top, first.lowest = np.where(first.open, top, first.top), np.where(first.open, low, first.lowest)
    return first


def _decide(state: State, path: str, field: Contest, now: Filling, order: list[str]) -> None:
    """Bring grades back; who is open gets a world for every grade it may end in; those waiting may
    fall too.
    """
    rows = now.line.rows
    grade = state.grade.copy()
    grade[rows] = now.grade
    state.at[GRADE] = grade
    for word, places in (("place", now.place), ("places", now.places)):
        column = np.full(state.many_subjects, NOBODY)
        column[rows] = places
        state.left[f"{path}:{word}"] = column
    fallen, lower = _waiting(state, field.claims(), order)
    open_ = now.open.nonzero()[0]
    open_ = open_[np.argsort(rows[open_])]
    many = now.top[open_] - now.lowest[open_] + 1
    steps = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
    levels = np.repeat(now.top[open_], many) - steps
    added = np.concatenate([np.repeat(rows[open_], many), fallen])
    state.grows(added, {GRADE: np.concatenate([levels, lower])}, without=rows[open_])


def _waiting(state: State, claims: At, order: list[str]) -> tuple[At, Data]:
    """Worlds of undecided subjects in a limited grade, one grade lower: they may not get the place."""
    rows = claims[state.grade[claims] > 0]
    grades = state.grade[rows].astype(np.int64)
    first = len(rows)
    for grade in order:
        fall = (grades == state.level(grade)).nonzero()[0]
        lower = np.maximum(grades[fall] - 1, 1)
        rows, grades = np.concatenate([rows, rows[fall]]), np.concatenate([grades, lower])
    return rows[first:], grades[first:]
