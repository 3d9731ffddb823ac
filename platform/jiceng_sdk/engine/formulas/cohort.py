"""Functions that look at the other subjects of a cohort: cohort_max, cohort_min, cohort_mean,
cohort_median, cohort_sum, cohort_count, cohort_rank, cohort_dense, cohort_deviation. What has no answer
is left out.
"""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import polars as pl

from jiceng_sdk.engine.formulas.compared import Noted
from jiceng_sdk.engine.formulas.compile import compiled
from jiceng_sdk.engine.formulas.scope import Maker, Scope
from jiceng_sdk.engine.formulas.table import KEY, Table, as_column
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers.deviation import deviations, places_of
from jiceng_sdk.engine.numbers.exact import EXACT, divide, whole
from jiceng_sdk.expressions.tree import Call

NOBODY: Mapping[Call, Noted] = {}


def calls(
    cohort: tuple[str, ...],
    table: Table,
    *,
    once: pl.Expr | None = None,
    within: tuple[str, ...] = (),
    told: Mapping[Call, Noted] = NOBODY,
) -> Mapping[str, Maker]:
    """The functions over subjects with the same values in the columns of `cohort` (none: over all); a call
    may name others. Each result is a column of `table`: inside another window it would be made of a part.

    `once`: the rows that stand for a subject when it has several; the others get its rank. What is not the
    same in all of them has no answer yet.
    `within`: columns that split every cohort further. `told`: calls whose value is kept for explanations.
    """

    def split(call: Call) -> list[str]:
        return [*(cohort if call.over is None else [word.value for word in call.over]), *within]

    def over(call: Call, expr: pl.Expr) -> pl.Expr:
        columns = split(call)
        return expr.over(columns) if columns else expr

    def kept(expr: pl.Expr, places: int | None) -> Value:
        return table.mark(table.fresh(), Value(expr, "number", places))

    def counted(expr: pl.Expr) -> pl.Expr:
        if once is None:
            return as_column(expr)
        agree = as_column(expr).n_unique().over(KEY) == 1
        return pl.when(once & agree).then(expr).otherwise(None)

    def one(call: Call, scope: Scope) -> Value:
        value, how = compiled(call.args[0], scope), _HOW[call.function]
        places = value.places if how.places == "same" else how.places
        return kept(over(call, how.of(counted(value.expr))), places)

    def rank(call: Call, scope: Scope) -> Value:
        here = counted(compiled(call.args[0], scope).snapped())
        ranked = here.rank("dense" if call.function == "cohort_dense" else "min", descending=True)
        place = kept(whole(over(call, ranked)), 0)
        return place if once is None else kept(place.expr.max().over(KEY), 0)

    def spread(call: Call, scope: Scope) -> Value:
        places = places_of(call)
        here = counted(compiled(call.args[0], scope).snapped()).cast(EXACT)
        columns = [pl.col(name) for name in split(call)]
        out = pl.map_batches(
            [here, *columns], lambda parts: deviations(parts[0], parts[1:], places), return_dtype=EXACT
        )
        return kept(out, places)

    places = dict.fromkeys(("cohort_rank", "cohort_dense"), rank)
    makers = {**dict.fromkeys(_HOW, one), **places, "cohort_deviation": spread}
    return {name: _noted(make, table, told) for name, make in makers.items()} if told else makers


def _noted(make: Maker, table: Table, told: Mapping[Call, Noted]) -> Maker:
    """The same, with what it came to kept beside the nodes."""

    def making(call: Call, scope: Scope) -> Value:
        value, kept = make(call, scope), told.get(call)
        if kept is not None:
            table.mark(kept.among, value)
            if kept.own:
                table.mark(kept.own, compiled(call.args[0], scope))
        return value

    return making


class _How(NamedTuple):
    """What becomes of a cohort's numbers (or conditions), and its decimals."""

    of: Callable[[pl.Expr], pl.Expr]
    places: int | Literal["same"] | None


def _median(here: pl.Expr) -> pl.Expr:
    """The middle one; of an even number the mean of the two in the middle."""
    line, last = here.sort(nulls_last=True), here.count().cast(pl.Int64) - 1
    return divide(line.get(last // 2) + line.get((last + 1) // 2), whole(pl.lit(2)))


_HOW: Mapping[str, _How] = {
    "cohort_max": _How(lambda here: here.max(), "same"),
    "cohort_min": _How(lambda here: here.min(), "same"),
    "cohort_mean": _How(lambda here: divide(here.sum(), whole(here.count())), None),
    "cohort_median": _How(_median, None),
    "cohort_sum": _How(lambda here: here.sum(), "same"),
    "cohort_count": _How(lambda here: whole(here.cast(pl.Int64).sum()), 0),
}
