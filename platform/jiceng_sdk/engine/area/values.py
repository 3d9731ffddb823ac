"""Area values in the order written; later ones may read earlier ones of the same cohorts or of the
whole area.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from msgspec import structs

from jiceng_sdk.engine.area import ranges, spans
from jiceng_sdk.engine.area.members import contributions
from jiceng_sdk.engine.area.plan import Plan, plans
from jiceng_sdk.engine.area.spans import Span
from jiceng_sdk.engine.area.worlds import Worlds
from jiceng_sdk.engine.decide.state import State
from jiceng_sdk.engine.formulas.table import KEY, as_column
from jiceng_sdk.engine.numbers import columns, quotients
from jiceng_sdk.engine.numbers.columns import Column, Data, Numbers, Unfit, arrays, masked
from jiceng_sdk.engine.numbers.exact import EXACT, SNAP
from jiceng_sdk.engine.numbers.framing import cut, framed
from jiceng_sdk.engine.numbers.given import measured
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook import Area, Rounding

SCHEMA = {
    "name": pl.String(),
    "group": pl.String(),
    "value": EXACT,
    "low": EXACT,
    "high": EXACT,
    "open": pl.Int64(),
    "met": pl.Boolean(),
}


UNDECIDED = columns.flag(np.False_, np.True_)  # type: ignore[arg-type] # one for all


@dataclass(frozen=True, slots=True)
class _Told:
    """An area value: one row per cohort. `value` while nothing is open, the lowest and the highest it may be,
    at 12 places; how many are open; whether the aim is met.
    """

    group: list[str]
    value: Column
    low: Column
    high: Column
    open: Numbers
    met: Column


def areas(state: State, end: Data) -> pl.DataFrame:
    """name, group (cohort words joined by "/"), value (null while open), low, high, open, met
    (null = undecided). `end`: the number of every subject's status.
    """
    found: dict[str, _Told] = {}
    worlds = Worlds(state, end)
    for plan in plans(state.board.analysis):
        name, area = plan.name, plan.area
        known = {other: found[other] for other in found if other in plan.read}
        worlds.values = {}
        for other, told in known.items():
            worlds.beside(other, area.by, told.group, told.value)
        found[name] = _one(worlds, plan, known)
    return _frame(found) if found else pl.DataFrame(schema=SCHEMA)


def _frame(found: dict[str, _Told]) -> pl.DataFrame:
    """All of them, one below the other."""
    every = list(found.values())
    size = sum(len(told.group) for told in every)
    ends = _together([*(told.low for told in every), *(told.high for told in every)])
    low, high = cut(ends.exact("", 2 * size), ("low", "high"))
    unsure = _together([told.value for told in every]).null
    words = [name for name, told in found.items() for _ in told.group]
    words += [word for told in every for word in told.group]
    met = _together([told.met for told in every])
    return framed(
        [
            *cut(pl.Series(words, dtype=pl.String), ("name", "group")),
            masked(low.alias("value"), unsure),
            low,
            high,
            pl.Series("open", np.concatenate([told.open for told in every])),
            met.worded("met", size),
        ]
    )


def _together(parts: Sequence[Column]) -> Column:
    """Several of the same kind and places, one below the other."""
    sizes = [len(part.data) for part in parts]
    null = None
    if any(part.null is not None for part in parts):
        null = np.concatenate([part.holes(size) for part, size in zip(parts, sizes, strict=True)])
    first, most = parts[0], max(part.most for part in parts)
    return structs.replace(first, data=np.concatenate([part.data for part in parts]), null=null, most=most)


def _one(worlds: Worlds, plan: Plan, known: dict[str, _Told]) -> _Told:
    area, tree, calls = plan.area, plan.tree, plan.calls
    found = contributions(worlds, area, calls)
    size = len(found.group)
    earlier = {other: _joined(found.group, told) for other, told in known.items()}
    inner: dict[Tree, Span] = dict(zip(calls, found.spans, strict=True))
    try:
        low, high, met = _swift(tree, area, earlier, inner)
    except Unfit:
        low, high, met = _general(tree, area, earlier, inner, size)
    low, high, met = (_by_row(side, size) for side in (low, high, met))
    value = low.without((low.data != high.data) | high.holes(size))
    return _Told(found.group, value, low, high, found.open, met)


def _by_row(part: Column, size: int) -> Column:
    """One value per cohort, also of what is the same for all."""
    null = part.null if part.null is None or part.null.ndim else np.full(size, part.null)
    return structs.replace(part, data=part.spread(size), null=null)


Found = tuple[Column, Column, Column]
"""The lowest and the highest it may be, at 12 places; and whether the aim is met."""


def _swift(tree: Tree, area: Area, earlier: dict[str, Span], calls: dict[Tree, Span]) -> Found:
    """On arrays. Raises Unfit."""
    span = spans.number(tree, earlier, calls)
    low, high = (columns.rounded(side, Rounding(places=SNAP)) for side in (span.low, span.high))
    if area.aim is None:
        return low, high, UNDECIDED
    return low, high, spans.condition(area.aim.tree, {**earlier, "value": Span(low, high)}, {})


def _general(tree: Tree, area: Area, earlier: dict[str, Span], calls: dict[Tree, Span], size: int) -> Found:
    """By Polars, in decimals."""
    beside: list[pl.Series] = [pl.Series(KEY, np.arange(size))]

    def column(side: Column) -> pl.Expr:
        name = f"~{len(beside)}"
        make = side.exact(name, size) if side.below is None else quotients.exact(name, side, size)
        beside.append(make)
        return pl.col(name)

    def told(span: Span) -> ranges.Span:
        return ranges.Span(column(span.low), column(span.high))

    known = {name: told(span) for name, span in earlier.items()}
    found = ranges.number(tree, known, {call: told(span) for call, span in calls.items()})
    frame = pl.DataFrame(beside).with_columns(
        as_column(side.round(SNAP, mode="half_away_from_zero").cast(EXACT)).alias(name)
        for side, name in ((found.low, "low"), (found.high, "high"))
    )
    met = pl.lit(None, dtype=pl.Boolean)
    if area.aim is not None:
        value = ranges.Span(pl.col("low"), pl.col("high"))
        met = ranges.condition(area.aim.tree, {**known, "value": value}, {})
    answer, open_ = arrays(frame.select(as_column(met).alias("met")).to_series())
    return measured(frame["low"], SNAP), measured(frame["high"], SNAP), columns.flag(answer, open_)


def _joined(groups: list[str], other: _Told) -> Span:
    """An earlier area value for the cohorts of this one: of the same cohort, or the one of the whole area."""
    known = {word: n for n, word in enumerate(other.group)}
    at = [0 if other.group == [""] else known.get(word, -1) for word in groups]
    rows, lost = np.maximum(at, 0), np.less(at, 0)
    return Span(other.low.taken(rows).without(lost), other.high.taken(rows).without(lost))
