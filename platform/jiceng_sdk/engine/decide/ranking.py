"""What a quota ranks by and whom: the frame its arithmetic works on, one row per world."""

import polars as pl

from jiceng_sdk.engine.compile import compiled, condition
from jiceng_sdk.engine.decide.places import Places, readings
from jiceng_sdk.engine.decide.state import FINAL, GRADE, INCOMPLETE, OUT, RATED, STATUS, WAITING, WORLD, State
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.rulebook import Quota

COHORT, WITHIN, LIVE, RANKED, MINE = "~c", "~within", "~live", "~r", "~mine"


def ranked(state: State, rule: Quota, path: str) -> pl.DataFrame:
    """`@`, world, grade, final, cohort, whether the row competes, its dense rank (higher is
    better), base counts.
    """
    scope = state.scope()
    mine = condition(rule.for_, scope).expr.fill_null(value=True)
    base = mine & pl.col(STATUS).is_in([RATED, WAITING, INCOMPLETE])
    if rule.base is not None:
        base = condition(rule.base, scope).expr
    keys = _keys(state, rule, path)
    lost = pl.any_horizontal([key.is_null() for key in keys])
    competes = mine & state.live()
    state.board.issues.add(state.frame, competes & lost, path, "unknown", "排名依据没有答案，无法排名")
    within = [pl.col(name).cast(pl.String) for name in rule.within]
    alone = ~state.undecided()
    frame = state.frame.select(
        KEY,
        WORLD,
        GRADE,
        FINAL,
        (pl.concat_str(within, separator="/", ignore_nulls=False) if within else pl.lit(""))
        .fill_null("—")
        .alias(WITHIN),
        (competes & alone & ~lost).alias(LIVE),
        (mine & pl.col(OUT).is_null() & ~pl.col(FINAL)).alias(MINE),
        base.fill_null(value=False).alias("~sure"),
        base.fill_null(value=True).alias("~maybe"),
        (pl.col(STATUS).is_in([WAITING, INCOMPLETE]) | ~alone | (competes & lost)).alias("~waits"),
        lost.alias("~unranked"),
        *(key.alias(f"~key{n}") for n, key in enumerate(keys)),
    )
    frame = _ordered(frame, [f"~key{n}" for n in range(len(keys))])
    cohorts = pl.Enum(frame[WITHIN].unique(maintain_order=True))
    return _based(frame.with_columns(pl.col(WITHIN).cast(cohorts).to_physical().cast(pl.Int64).alias(COHORT)))


def _ordered(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """The dense rank by the keys in their order; who lacks a key has none."""
    live = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("~row"), "~unranked", *keys)
    live = live.filter(~pl.col("~unranked"))
    several = pl.struct(keys) if len(keys) > 1 else pl.col(keys[0])
    place = live.select(several.rank("dense").cast(pl.Int64)).to_series()
    found = pl.repeat(None, frame.height, dtype=pl.Int64, eager=True).scatter(live["~row"], place)
    return frame.drop(keys).with_columns(found.alias(RANKED))


def _keys(state: State, rule: Quota, path: str) -> list[pl.Expr]:
    """Larger is better; a ruled order decides among those still tied."""
    scope = state.scope()
    keys = [compiled(formula, scope).snapped() for formula in rule.rank]
    if not keys:
        keys = [state.table.values[state.board.book.score].snapped()]
    ruled = state.board.rulings.order(path)
    if ruled.height:
        name = state.table.fresh()
        state.table.join(ruled.rename({"order": name}))
        keys.append((-pl.col(name)).fill_null(-(2**40)))
    return keys


def _based(frame: pl.DataFrame) -> pl.DataFrame:
    """How many subjects of the cohort certainly and possibly count for the base."""
    each = frame.group_by(KEY).agg(
        pl.col(COHORT).first(), pl.col("~sure").all().alias("sure"), pl.col("~maybe").any().alias("maybe")
    )
    counts = each.group_by(COHORT).agg(
        pl.col("sure").sum().cast(pl.Int64).alias("~n1"), pl.col("maybe").sum().cast(pl.Int64).alias("~n2")
    )
    return frame.join(counts, on=COHORT, how="left", maintain_order="left")


def placed(state: State, rule: Quota, path: str, frame: pl.DataFrame, order: list[str]) -> list[pl.DataFrame]:
    """The frame with `~low{i}` and `~high{i}` for every grade of `order`; once for every joint reading."""
    ruled = state.board.rulings.places(path)
    bases = frame.select(WITHIN, "~n1", "~n2").unique()
    ways = {
        within: [_overruled(way, order, within, ruled) for way in readings(rule, order, low, high)]
        for within, low, high in bases.iter_rows()
    }
    many = max((len(some) for some in ways.values()), default=1)
    return [
        _beside(frame, {within: some[min(n, len(some) - 1)] for within, some in ways.items()}, len(order))
        for n in range(many)
    ]


def _beside(frame: pl.DataFrame, ways: dict[str, list[Places]], many: int) -> pl.DataFrame:
    """One reading's places beside the rows of their cohort."""
    found = [
        {WITHIN: within}
        | {f"~low{n}": one.low for n, one in enumerate(way)}
        | {f"~high{n}": one.high for n, one in enumerate(way)}
        for within, way in ways.items()
    ]
    schema = {WITHIN: pl.String()} | {f"~{w}{n}": pl.Int64() for n in range(many) for w in ("low", "high")}
    return frame.join(pl.DataFrame(found, schema=schema), on=WITHIN, how="left", maintain_order="left")


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
