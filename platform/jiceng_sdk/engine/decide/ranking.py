"""What a quota ranks by and whom: the frame its arithmetic works on, one row per world, and its cohorts."""

from math import prod

import polars as pl

from jiceng_sdk.engine import integers
from jiceng_sdk.engine.compile import compiled, condition
from jiceng_sdk.engine.decide.state import (
    FINAL,
    GRADE,
    INCOMPLETE,
    MANY,
    OUT,
    RATED,
    STATUS,
    WAITING,
    State,
)
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.engine.value import Value
from jiceng_sdk.rulebook import Quota

COHORT, WITHIN, LIVE, RANKED, MINE, ROW = "~c", "~within", "~live", "~r", "~mine", "~row"


def ranked(state: State, rule: Quota, path: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every world: `@`, its row, grade, final, cohort, whether it competes, its rank (higher is better).

    And the cohorts, one row each in the order of their number: words, certain and possible base.
    """
    scope = state.scope()
    mine = condition(rule.for_, scope).expr.fill_null(value=True)
    base = mine & pl.col(STATUS).is_in([RATED, WAITING, INCOMPLETE])
    if rule.base is not None:
        base = condition(rule.base, scope).expr
    keys = _keys(state, rule, path)
    lost = pl.any_horizontal([pl.lit(value=False), *(key.expr.is_null() for key in keys if key.nullable)])
    competes = mine & state.live()
    alone = ~state.undecided()
    frame = state.frame.select(
        KEY,
        GRADE,
        FINAL,
        MANY,
        pl.int_range(pl.len(), dtype=pl.UInt32).alias(ROW),
        _within(rule).alias(WITHIN),
        (competes & alone & ~lost).alias(LIVE),
        (mine & pl.col(OUT).is_null() & ~pl.col(FINAL)).alias(MINE),
        base.fill_null(value=False).alias("~sure"),
        base.fill_null(value=True).alias("~maybe"),
        (pl.col(STATUS).is_in([WAITING, INCOMPLETE]) | ~alone | (competes & lost)).alias("~waits"),
        lost.alias("~unranked"),
        (competes & lost).alias("~blank"),
        *((key.scaled[0] if key.scaled else key.snapped()).alias(f"~key{n}") for n, key in enumerate(keys)),
    )
    state.board.issues.add(frame, pl.col("~blank"), path, "unknown", "排名依据没有答案，无法排名")
    frame = _ordered(frame, [f"~key{n}" for n in range(len(keys))])
    words = frame[WITHIN].unique(maintain_order=True)
    frame = frame.with_columns(
        pl.col(WITHIN).cast(pl.Enum(words)).to_physical().cast(pl.UInt32).alias(COHORT)
    )
    return frame, _based(frame, words)


def _within(rule: Quota) -> pl.Expr:
    if not rule.within:
        return pl.lit("")
    words = [pl.col(name).cast(pl.String) for name in rule.within]
    whole = words[0] if len(words) == 1 else pl.concat_str(words, separator="/", ignore_nulls=False)
    return whole.fill_null("—")


def _ordered(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The rank by the keys in their order; who lacks a key has none.

    Keys become integers and then one number; only where that does not fit they are ranked together.
    """
    live = pl.col("~unranked").not_()
    codes = [frame.select(_code(frame.schema[key], key, live).alias(key)).to_series() for key in keys]
    ends = [(_whole(code.min()), _whole(code.max())) for code in codes]
    spans = [high - low + 1 for low, high in ends]
    if prod(spans) < integers.LARGEST:
        place = pl.lit(0, dtype=pl.Int64)
        for code, (low, _), span in zip(codes, ends, spans, strict=True):
            place = place * span + (pl.lit(code) - low)
        return frame.drop(keys).with_columns(pl.when(live).then(place).otherwise(None).alias(RANKED))
    some = frame.filter(live).select(ROW, pl.struct(keys).rank("dense").cast(pl.Int64).alias(RANKED))
    found = pl.repeat(None, frame.height, dtype=pl.Int64, eager=True).scatter(some[ROW], some[RANKED])
    return frame.drop(keys).with_columns(found.alias(RANKED))


def _whole(end: object) -> int:
    return end if isinstance(end, int) else 0


def _code(dtype: pl.DataType, key: str, live: pl.Expr) -> pl.Expr:
    """A key as an integer in the same order."""
    if dtype == pl.Int64:
        return pl.when(live).then(pl.col(key)).otherwise(None)
    return pl.when(live).then(pl.col(key)).otherwise(None).rank("dense").cast(pl.Int64)


def _keys(state: State, rule: Quota, path: str) -> list[Value]:
    """Larger is better; a ruled order decides among those still tied."""
    scope = state.scope()
    keys = [compiled(formula, scope) for formula in rule.rank]
    if not keys:
        keys = [state.table.values[state.board.book.score]]
    ruled = state.board.rulings.order(path)
    if ruled.height:
        name = state.table.fresh()
        state.table.join(ruled.rename({"order": name}))
        order = (-pl.col(name)).fill_null(-(2**40))
        keys.append(Value(order, "flag", nullable=False))
    return keys


def _based(frame: pl.DataFrame, words: pl.Series) -> pl.DataFrame:
    """How many subjects of every cohort certainly and possibly count for the base."""
    sure, maybe = pl.col("~sure"), pl.col("~maybe")
    alone = frame.select(COHORT, "~sure", "~maybe")
    if frame[MANY].any():
        several = frame.filter(MANY).group_by(KEY).agg(pl.col(COHORT).first(), sure.all(), maybe.any())
        alone = pl.concat([frame.filter(~pl.col(MANY)).select(alone.columns), several.drop(KEY)])
    counts = alone.group_by(COHORT).agg(
        sure.sum().cast(pl.Int64).alias("~n1"), maybe.sum().cast(pl.Int64).alias("~n2")
    )
    return counts.sort(COHORT).with_columns(words.alias(WITHIN))
