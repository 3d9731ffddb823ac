"""Functions that look at the other subjects of a cohort: cohort_max, cohort_min, cohort_mean,
cohort_median, cohort_sum, cohort_count, cohort_rank. What has no answer is left out.
"""

from collections.abc import Mapping

import polars as pl

from jiceng_sdk.engine.compile import compiled
from jiceng_sdk.engine.exact import divide, whole
from jiceng_sdk.engine.scope import Maker, Scope
from jiceng_sdk.engine.table import KEY, as_column
from jiceng_sdk.engine.value import Value
from jiceng_sdk.expressions.tree import Call


def calls(cohort: tuple[str, ...], once: pl.Expr | None = None) -> Mapping[str, Maker]:
    """The functions over subjects with the same values in the columns of `cohort` (none: over all).

    `once`: the rows that stand for a subject when it has several; the others get its rank.
    """

    def over(expr: pl.Expr) -> pl.Expr:
        return expr.over(list(cohort)) if cohort else expr

    def counted(expr: pl.Expr) -> pl.Expr:
        return as_column(expr) if once is None else pl.when(once).then(expr).otherwise(None)

    def most(call: Call, scope: Scope) -> Value:
        value = compiled(call.args[0], scope)
        return Value(over(counted(value.expr).max()), "number", value.places)

    def mean(call: Call, scope: Scope) -> Value:
        value = compiled(call.args[0], scope)
        here = counted(value.expr)
        return Value(over(divide(here.sum(), whole(here.count()))), "number", None)

    def least(call: Call, scope: Scope) -> Value:
        value = compiled(call.args[0], scope)
        return Value(over(counted(value.expr).min()), "number", value.places)

    def total(call: Call, scope: Scope) -> Value:
        value = compiled(call.args[0], scope)
        return Value(over(counted(value.expr).sum()), "number", value.places)

    def many(call: Call, scope: Scope) -> Value:
        hits = counted(compiled(call.args[0], scope).expr)
        return Value(whole(over(hits.cast(pl.Int64).sum())), "number", 0)

    def median(call: Call, scope: Scope) -> Value:
        """The middle one; of an even number the mean of the two in the middle."""
        value = compiled(call.args[0], scope)
        here = counted(value.expr)
        line, last = here.sort(nulls_last=True), here.count().cast(pl.Int64) - 1
        below, above = line.get(last // 2), line.get((last + 1) // 2)
        return Value(over(divide(below + above, whole(pl.lit(2)))), "number", None)

    def rank(call: Call, scope: Scope) -> Value:
        value = compiled(call.args[0], scope)
        place = over(counted(value.snapped()).rank("min", descending=True))
        return Value(whole(place if once is None else place.max().over(KEY)), "number", 0)

    return {
        "cohort_max": most,
        "cohort_min": least,
        "cohort_mean": mean,
        "cohort_median": median,
        "cohort_sum": total,
        "cohort_count": many,
        "cohort_rank": rank,
    }
