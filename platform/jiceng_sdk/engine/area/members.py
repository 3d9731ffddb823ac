"""What each subject can contribute to an area value, in all its worlds: lowest, highest, in or out."""

import polars as pl

from jiceng_sdk.engine.compile import compiled, condition
from jiceng_sdk.engine.decide.state import MANY
from jiceng_sdk.engine.exact import EXACT, divide, lit, whole
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import KEY
from jiceng_sdk.expressions.tree import Call
from jiceng_sdk.rulebook import Area

GROUP = "group"
PENDING = "~pending"


def contributions(frame: pl.DataFrame, area: Area, calls: list[Call], scope: Scope) -> pl.DataFrame:
    """One row per cohort: `low{i}`, `high{i}` for each aggregation, `open` = undecided subjects
    that may count.
    """
    member = condition(area.of, scope).expr
    by = [pl.col(name).cast(pl.String) for name in area.by]
    group = pl.concat_str(by, separator="/", ignore_nulls=False).fill_null("—") if by else pl.lit("")
    arguments = [_argument(call, scope).alias(f"x{n}") for n, call in enumerate(calls)]
    worlds = frame.select(KEY, PENDING, MANY, group.alias(GROUP), member.alias("m"), *arguments)
    each = _each_subject(worlds, calls)
    pending = (pl.col(PENDING) & pl.col("in")).sum().cast(pl.Int64).alias("open")
    totals = [expr for n, call in enumerate(calls) for expr in _total(call, n)]
    if not area.by and not each.height:
        return each.select(pl.lit("").alias(GROUP), pending, *totals)
    return each.group_by(GROUP).agg(pending, *totals).sort(GROUP)


def _each_subject(worlds: pl.DataFrame, calls: list[Call]) -> pl.DataFrame:
    """One row per subject; whoever has a single world is read off, the others are put together."""
    marks = [
        pl.col("m").fill_null(value=True).alias("in"),
        pl.col("m").fill_null(value=False).not_().alias("out"),
    ]
    found = [expr for n, call in enumerate(calls) for expr in _each(call, n)]
    rows = worlds.select(KEY, MANY, GROUP, PENDING, *marks, *(expr for expr, _ in found))
    alone, several = rows.filter(~pl.col(MANY)), rows.filter(MANY)
    several = several.group_by(KEY).agg(
        pl.col(MANY, GROUP, PENDING).first(), pl.col("in", "out").any(), *(ends for _, ends in found)
    )
    return pl.concat([alone, several])


def _argument(call: Call, scope: Scope) -> pl.Expr:
    if not call.args:
        return pl.lit(value=True)
    return compiled(call.args[0], scope).expr


def _each(call: Call, n: int) -> list[tuple[pl.Expr, pl.Expr]]:
    """Per world, and over the worlds of a subject: can it be a hit, can it be a miss; or its smallest and
    largest number.
    """
    x, here = pl.col(f"x{n}"), pl.col("m").fill_null(value=True)
    if call.function in ("share", "count"):
        return [
            ((here & x.fill_null(value=True)).alias(f"hit{n}"), pl.col(f"hit{n}").any()),
            ((here & x.fill_null(value=False).not_()).alias(f"miss{n}"), pl.col(f"miss{n}").any()),
        ]
    return [
        (pl.when(here).then(x).alias(f"min{n}"), pl.col(f"min{n}").min()),
        (pl.when(here).then(x).alias(f"max{n}"), pl.col(f"max{n}").max()),
        ((x.is_null() & here).alias(f"lost{n}"), pl.col(f"lost{n}").any()),
    ]


def _total(call: Call, n: int) -> list[pl.Expr]:
    if call.function == "count":
        hit, miss = pl.col(f"hit{n}"), pl.col(f"miss{n}")
        return _ends(n, _many(hit & ~miss & ~pl.col("out")), _many(hit))
    if call.function == "share":
        return _share(n)
    return _sum(n) if call.function == "sum" else _mean(n)


def _many(who: pl.Expr) -> pl.Expr:
    return whole(who.sum())


def _ends(n: int, low: pl.Expr, high: pl.Expr) -> list[pl.Expr]:
    return [low.cast(EXACT).alias(f"low{n}"), high.cast(EXACT).alias(f"high{n}")]


def _share(n: int) -> list[pl.Expr]:
    """Lowest: misses where possible, else out; highest: hits where possible, else out."""
    hit, miss, out = pl.col(f"hit{n}"), pl.col(f"miss{n}"), pl.col("out")
    only_hit, only_miss = hit & ~miss & ~out, miss & ~hit & ~out
    low = _over(_many(only_hit), _many(miss | only_hit))
    high = _over(_many(hit), _many(hit | only_miss))
    return _ends(n, low, high)


def _over(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    return divide(above, below)


def _unknown(n: int) -> pl.Expr:
    """Somebody's number is not known while a question is open; what is settled without one is left out."""
    return (pl.col(f"lost{n}") & pl.col(PENDING)).any()


def _least(n: int, word: str) -> pl.Expr:
    """A subject's contribution when it may also be out: 0 is possible."""
    value, zero = pl.col(f"{word}{n}"), lit(0)
    pick = pl.min_horizontal(value, zero) if word == "min" else pl.max_horizontal(value, zero)
    return pl.when(pl.col("out")).then(pick).otherwise(value)


def _sum(n: int) -> list[pl.Expr]:
    low, high = (pl.when(_unknown(n)).then(None).otherwise(_least(n, word).sum()) for word in ("min", "max"))
    return _ends(n, low, high)


def _mean(n: int) -> list[pl.Expr]:
    """Over those that count and have a number; doubtful members are tried in and out."""
    found = []
    for word, pick in (("min", pl.min_horizontal), ("max", pl.max_horizontal)):
        value = pl.col(f"{word}{n}")
        certain = value.filter(~pl.col("out"))
        both = [divide(some.sum(), whole(some.count())) for some in (value, certain)]
        found.append(pl.when(_unknown(n)).then(None).otherwise(pick(both)))
    return _ends(n, *found)
