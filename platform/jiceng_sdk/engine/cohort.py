"""Functions that look at the other subjects: cohort_max, cohort_mean, cohort_rank. What has no
answer is left out.
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

    def rank(call: Call, scope: Scope) -> Value:
        value = compiled(call.args[0], scope)
        place = over(counted(value.snapped()).rank("min", descending=True))
        return Value(whole(place if once is None else place.max().over(KEY)), "number", 0)

    return {"cohort_max": most, "cohort_mean": mean, "cohort_rank": rank}
