"""Area values in the order written; later ones may read earlier ones of the same cohorts or of the
whole area.
"""

import polars as pl
from msgspec import structs

from jiceng_sdk.engine.area.members import GROUP, PENDING, contributions
from jiceng_sdk.engine.area.ranges import Span, condition, number
from jiceng_sdk.engine.decide.state import INCOMPLETE, STATUS, WAITING, State
from jiceng_sdk.engine.exact import EXACT, SNAP
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.engine.value import Value
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
SETTLED = "status*"
"""The status a subject will have in the end: unknown while it waits."""


def areas(state: State, results: pl.DataFrame) -> pl.DataFrame:
    """name, group (cohort words joined by "/"), value (null while open), low, high, open, met
    (null = undecided).
    """
    waits = pl.col(STATUS).is_in([WAITING, INCOMPLETE]).alias(PENDING)
    pending = results.select(pl.col(STATUS).alias("~end"), waits)
    worlds = state.frame.with_columns(column.gather(state.frame[KEY]) for column in pending.get_columns())
    worlds = worlds.with_columns(
        pl.when(PENDING).then(pl.col("~end")).otherwise(STATUS).alias(STATUS),
        pl.when(PENDING).then(None).otherwise(STATUS).alias(SETTLED),
    )
    found: dict[str, pl.DataFrame] = {}
    for name, area in state.board.book.area.items():
        found[name] = _one(state, worlds, area, found)
    rows = [
        frame.select(pl.lit(name).alias("name"), *(c for c in SCHEMA if c != "name"))
        for name, frame in found.items()
    ]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *rows])


def _one(state: State, worlds: pl.DataFrame, area: Area, known: dict[str, pl.DataFrame]) -> pl.DataFrame:
    tree = foreseen(area.value.tree)
    calls = [part for part in walk(tree) if isinstance(part, Call) and part.function in AGGREGATES]
    calls = [call for call in dict.fromkeys(calls) if _outermost(call, tree)]
    scope = state.scope()
    status = Value(pl.col(SETTLED), "text", 0, scope.values[STATUS].options, enum=True)
    scope = scope.over({SETTLED: status, **_readable(state, known)})
    worlds = _beside(worlds, state, area, known)
    wanted = structs.replace(area, of=None) if area.of is None else area
    frame = contributions(worlds, wanted, calls, scope)
    names: dict[str, Span] = {}
    for name, other in known.items():
        frame, names[name] = _joined(frame, name, other)
    spans: dict[Tree, Span] = {
        call: Span(pl.col(f"low{n}"), pl.col(f"high{n}")) for n, call in enumerate(calls)
    }
    span = number(tree, names, spans)
    low, high = (side.round(SNAP, mode="half_away_from_zero") for side in (span.low, span.high))
    frame = frame.with_columns(low.alias("low"), high.alias("high"))
    met = pl.lit(None, dtype=pl.Boolean)
    if area.aim is not None:
        met = condition(area.aim.tree, {**names, "value": Span(pl.col("low"), pl.col("high"))}, {})
    value = pl.when(pl.col("low") == pl.col("high")).then(pl.col("low")).otherwise(None)
    return frame.with_columns(value.alias("value"), met.alias("met"), pl.col(GROUP).alias("group")).cast(
        {"open": pl.Int64}
    )


def _outermost(call: Call, tree: Tree) -> bool:
    """Not inside another aggregation, where `count` is the function of conditions."""
    return not any(
        call is not other and any(part is call for part in walk(other))
        for other in walk(tree)
        if isinstance(other, Call) and other.function in AGGREGATES
    )


def _joined(frame: pl.DataFrame, name: str, other: pl.DataFrame) -> tuple[pl.DataFrame, Span]:
    """An earlier area value beside the rows of this one: of the same cohort, or the one of the whole area."""
    low, high = f"{name}:low", f"{name}:high"
    columns = other.select("group", pl.col("low").alias(low), pl.col("high").alias(high))
    if columns["group"].to_list() == [""]:
        return frame.join(columns.drop("group"), how="cross"), Span(pl.col(low), pl.col(high))
    return frame.join(columns, left_on=GROUP, right_on="group", how="left"), Span(pl.col(low), pl.col(high))


def _readable(state: State, known: dict[str, pl.DataFrame]) -> dict[str, Value]:
    """Earlier area values inside share, mean, sum, count: unknown while they are open."""
    del state
    return {name: Value(pl.col(f"{name}:value"), "number", None) for name in known}


def _beside(worlds: pl.DataFrame, state: State, area: Area, known: dict[str, pl.DataFrame]) -> pl.DataFrame:
    del state
    by = [pl.col(name).cast(pl.String) for name in area.by]
    group = pl.concat_str(by, separator="/", ignore_nulls=False).fill_null("—") if by else pl.lit("")
    for name, other in known.items():
        columns = other.select("group", pl.col("value").alias(f"{name}:value"))
        if columns["group"].to_list() == [""]:
            whole = columns.to_series(1)
            worlds = worlds.with_columns(pl.lit(whole.item(), dtype=whole.dtype).alias(whole.name))
        else:
            worlds = (
                worlds.with_columns(group.alias("group"))
                .join(columns, on="group", how="left", maintain_order="left")
                .drop("group")
            )
    return worlds


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
