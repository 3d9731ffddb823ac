"""Area values in the order written; later ones may read earlier ones of the same cohorts or of the
whole area.
"""

import numpy as np
import polars as pl
from msgspec import structs

from jiceng_sdk.engine import columns, quotients
from jiceng_sdk.engine.area import ranges, spans
from jiceng_sdk.engine.area.members import contributions
from jiceng_sdk.engine.area.spans import Span
from jiceng_sdk.engine.area.worlds import SETTLED, STATUS, Worlds
from jiceng_sdk.engine.columns import Column, Data, Unfit, measured, several_exact
from jiceng_sdk.engine.decide.state import INCOMPLETE, WAITING, State
from jiceng_sdk.engine.exact import EXACT, SNAP
from jiceng_sdk.engine.table import KEY, as_column
from jiceng_sdk.expressions.functions import AGGREGATES
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Logic,
    Name,
    Text,
    Tree,
    Unary,
    walk,
)
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


def areas(state: State, end: Data) -> pl.DataFrame:
    """name, group (cohort words joined by "/"), value (null while open), low, high, open, met
    (null = undecided). `end`: the number of every subject's status.
    """
    found: dict[str, pl.DataFrame] = {}
    worlds, named = Worlds(state, end), state.board.analysis.named
    for name, area in state.board.book.area.items():
        read = frozenset[str]().union(
            *(named.get(f"area.{name}.{key}", ()) for key in ("of", "value", "aim"))
        )
        known = {other: found[other] for other in found if other in read}
        worlds.values = {}
        for other, frame in known.items():
            worlds.beside(other, area.by, frame)
        found[name] = _one(worlds, name, area, known)
    return pl.concat(list(found.values())) if found else pl.DataFrame(schema=SCHEMA)


def _one(worlds: Worlds, name: str, area: Area, known: dict[str, pl.DataFrame]) -> pl.DataFrame:
    tree = foreseen(area.value.tree)
    calls = [part for part in walk(tree) if isinstance(part, Call) and part.function in AGGREGATES]
    calls = [call for call in dict.fromkeys(calls) if _outermost(call, tree)]
    found = contributions(worlds, area, calls)
    size = len(found.group)
    earlier = {other: _joined(found.group, frame) for other, frame in known.items()}
    inner: dict[Tree, Span] = dict(zip(calls, found.spans, strict=True))
    try:
        ends, met = _swift(tree, area, earlier, inner, size)
    except Unfit:
        ends, met = _general(tree, area, earlier, inner, size)
    named = pl.Series("name", [name], dtype=pl.String).new_from_index(0, size)
    group = pl.Series("group", found.group, dtype=pl.String)
    return pl.DataFrame([named, group, *ends, pl.Series("open", found.open), met.alias("met")])


Found = tuple[list[pl.Series], pl.Series]
"""The value while nothing is open, the lowest and the highest it may be; and whether the aim is met."""


def _swift(tree: Tree, area: Area, earlier: dict[str, Span], calls: dict[Tree, Span], size: int) -> Found:
    """On arrays. Raises Unfit."""
    span = spans.number(tree, earlier, calls)
    rounded = [columns.rounded(side, Rounding(places=SNAP)) for side in (span.low, span.high)]
    low, high = (structs.replace(side, data=side.spread(size)) for side in rounded)
    met = pl.Series([None], dtype=pl.Boolean).new_from_index(0, size)
    if area.aim is not None:
        met = spans.condition(area.aim.tree, {**earlier, "value": Span(low, high)}, {}).worded("", size)
    value = low.without((low.data != high.data) | high.holes(size))
    return several_exact({"value": value, "low": low, "high": high}, size), met


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
    alone = pl.when(pl.col("low") == pl.col("high")).then(pl.col("low")).otherwise(None)
    made = frame.select(alone.alias("value"), "low", "high", as_column(met).alias("met"))
    return made.get_columns()[:3], made["met"]


def _outermost(call: Call, tree: Tree) -> bool:
    """Not inside another aggregation, where `count` is the function of conditions."""
    return not any(
        call is not other and any(part is call for part in walk(other))
        for other in walk(tree)
        if isinstance(other, Call) and other.function in AGGREGATES
    )


def _joined(groups: list[str], other: pl.DataFrame) -> Span:
    """An earlier area value for the cohorts of this one: of the same cohort, or the one of the whole area."""
    words = other["group"].to_list()
    known = {word: n for n, word in enumerate(words)}
    at = [0 if words == [""] else known.get(word, -1) for word in groups]
    rows, lost = np.maximum(at, 0), np.less(at, 0)
    low, high = (measured(other[end], SNAP).taken(rows).without(lost) for end in ("low", "high"))
    return Span(low, high)


def foreseen(tree: Tree) -> Tree:
    """The same tree, where a comparison of `status` with anything but "waiting" reads the status
    in the end.
    """
    match tree:
        case Compare():
            args = tuple(foreseen(arg) for arg in tree.args)
            words = [arg.value for arg in args if isinstance(arg, Text)]
            return structs.replace(tree, args=tuple(_ending(arg, words) for arg in args))
        case Among():
            words = [option.value for option in tree.options if isinstance(option, Text)]
            return structs.replace(tree, item=_ending(tree.item, words))
        case Logic() | Call():
            return structs.replace(tree, args=tuple(foreseen(arg) for arg in tree.args))
        case Unary():
            return structs.replace(tree, arg=foreseen(tree.arg))
        case Arithmetic():
            return structs.replace(tree, left=foreseen(tree.left), right=foreseen(tree.right))
    return tree


def _ending(side: Tree, words: list[str]) -> Tree:
    waiting = any(word in (WAITING, INCOMPLETE) for word in words)
    if isinstance(side, Name) and side.name == STATUS and not waiting:
        return structs.replace(side, name=SETTLED)
    return side
