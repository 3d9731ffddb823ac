"""Area values in the order written; later ones may read earlier ones of the same cohorts or of the
whole area.
"""

import polars as pl
from msgspec import structs

from jiceng_sdk.engine.area.members import contributions
from jiceng_sdk.engine.area.ranges import Span, condition, number
from jiceng_sdk.engine.area.worlds import SETTLED, STATUS, Worlds
from jiceng_sdk.engine.columns import Data
from jiceng_sdk.engine.decide.state import INCOMPLETE, WAITING, State
from jiceng_sdk.engine.exact import EXACT, SNAP
from jiceng_sdk.expressions.functions import AGGREGATES
from jiceng_sdk.expressions.tree import Among, Arithmetic, Call, Compare, Logic, Name, Text, Tree, Unary, walk
from jiceng_sdk.rulebook import Area

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
    worlds = Worlds(state, end)
    for name, area in state.board.book.area.items():
        worlds.values = {}
        for other, known in found.items():
            worlds.beside(other, area.by, known)
        found[name] = _one(worlds, name, area, found)
    return pl.concat(list(found.values())) if found else pl.DataFrame(schema=SCHEMA)


def _one(worlds: Worlds, name: str, area: Area, known: dict[str, pl.DataFrame]) -> pl.DataFrame:
    tree = foreseen(area.value.tree)
    calls = [part for part in walk(tree) if isinstance(part, Call) and part.function in AGGREGATES]
    calls = [call for call in dict.fromkeys(calls) if _outermost(call, tree)]
    frame, found = contributions(worlds, area, calls)
    names: dict[str, Span] = {}
    for earlier, other in known.items():
        beside, names[earlier] = _joined(frame["group"], earlier, other)
        frame = frame.hstack(beside)
    span = number(tree, names, dict(zip(calls, found, strict=True)))
    low, high = (side.round(SNAP, mode="half_away_from_zero").cast(EXACT) for side in (span.low, span.high))
    if not (low.meta.root_names() or high.meta.root_names()):
        frame = frame.with_columns(low.alias("low"), high.alias("high"))
        low, high = pl.col("low"), pl.col("high")
    met = pl.lit(None, dtype=pl.Boolean)
    if area.aim is not None:
        met = condition(area.aim.tree, {**names, "value": Span(low, high)}, {})
    value = pl.when(low == high).then(low).otherwise(None)
    return frame.select(
        pl.lit(name).alias("name"),
        "group",
        value.alias("value"),
        low.alias("low"),
        high.alias("high"),
        "open",
        met.alias("met"),
    )


def _outermost(call: Call, tree: Tree) -> bool:
    """Not inside another aggregation, where `count` is the function of conditions."""
    return not any(
        call is not other and any(part is call for part in walk(other))
        for other in walk(tree)
        if isinstance(other, Call) and other.function in AGGREGATES
    )


def _joined(groups: pl.Series, name: str, other: pl.DataFrame) -> tuple[list[pl.Series], Span]:
    """An earlier area value beside the rows of this one: of the same cohort, or the one of the whole area."""
    words = other["group"].to_list()
    known = {word: n for n, word in enumerate(words)}
    at = [0 if words == [""] else known.get(word) for word in groups.to_list()]
    rows = pl.Series(at, dtype=pl.UInt32)
    ends = {end: f"{name}:{end}" for end in ("low", "high")}
    columns = [other[end].gather(rows).alias(column) for end, column in ends.items()]
    return columns, Span(pl.col(ends["low"]), pl.col(ends["high"]))


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
