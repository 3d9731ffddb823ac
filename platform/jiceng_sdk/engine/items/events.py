"""Items that read rows: totals of every fact brought into the table, and what an item makes of them."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from jiceng_sdk.engine import heap
from jiceng_sdk.engine.cores import together
from jiceng_sdk.engine.formulas.compile import condition
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items import plan as names
from jiceng_sdk.engine.items import shared, staged
from jiceng_sdk.engine.items.found import Found
from jiceng_sdk.engine.items.plan import Plan
from jiceng_sdk.engine.items.recipe import Recipe
from jiceng_sdk.engine.items.shared import Totals
from jiceng_sdk.engine.items.source import Source
from jiceng_sdk.engine.numbers.columns import Column
from jiceng_sdk.engine.numbers.exact import EXACT, divide, lit, whole
from jiceng_sdk.engine.numbers.integers import LARGEST

if TYPE_CHECKING:
    from jiceng_sdk.engine.numbers.integers import Scaled

MANY = 800_000
"""Rows from which on threads pay: where steps are short, threads mostly wait for the interpreter."""

Work = Callable[[], tuple[Recipe, Source]]
"""Looks at the rows of a fact: what is to be done with them, and they themselves."""
Done = tuple[Recipe, Totals]
"""What was to be done, and what the rows came to."""


def all_at_once(work: Sequence[Work], rows: Sequence[int]) -> list[Done]:
    """Aggregate the rows of several facts; `rows`: how many each has. Many are worked on in several threads,
    the longest first.
    """
    heap.kept()
    longest = sorted(range(len(rows)), key=lambda n: -rows[n])
    return one_by_one(work, longest) if sum(rows) < MANY else together([_piece(one) for one in work], longest)


def one_by_one(work: Sequence[Work], order: Sequence[int]) -> list[Done]:
    """The same in this order."""
    heap.kept()
    found = {n: _piece(work[n])() for n in order}
    return [found[n] for n in range(len(work))]


def gather(table: Table, unit: str | None, done: Sequence[Done]) -> list[Found]:
    """Bring the totals of several facts into the table, that of a sub-period or of subjects."""
    found: list[Found] = []
    for recipe, totals in done:
        counts = {
            names.rows(one.plan.name) for one in totals.found
        }  # kept with the outcome, as whole numbers
        for name, array in totals.arrays.items():
            if unit is None and name not in counts:
                table.hold(name, _column(array, recipe.coded.get(name)), named=False)
            else:
                table.keep([pl.Series(name, array)])
        table.coded.update(recipe.coded)
        found += totals.found
    if lazy := [frame for _, totals in done for frame in totals.lazy]:
        table.attach(*pl.collect_all(lazy, engine="streaming"))
    return found


def _column(array: shared.Total, known: Value | None) -> Column:
    """A total as the table keeps it; `known`: what it means, if it is read by itself."""
    if array.dtype == np.bool_:
        return Column("flag", array)
    if known is None or known.scaled is None:
        return Column("number", array, most=LARGEST - 1)
    return Column("number", array, None, known.places or 0, known.scaled[1])


def _piece(work: Work) -> Callable[[], tuple[Recipe, Totals]]:
    """The rows of one fact added up."""

    def totals() -> tuple[Recipe, Totals]:
        recipe, source = work()
        return recipe, shared.totals(recipe, source)

    return totals


def combined(found: Found, table: Table, scope: Scope) -> Value:
    """An item's value before start, cap, floor, round: open where a row, the quorum or a mean of
    nothing leaves it.
    """
    plan = found.plan
    raw, places = pl.col(names.total(plan.name)), found.places
    small: Scaled | None = None
    if plan.item.averages:
        of = staged.divisor(plan) if table.has(staged.divisor(plan)) else names.rows(plan.name)
        value, places = divide(found.exact(raw), whole(pl.col(of).fill_null(0))), None
    elif found.constant is not None:
        total = raw if found.dense else raw.fill_null(0)
        value, small = found.exact(total), found.integer(total)
    else:
        value = raw.cast(EXACT).fill_null(lit(0))
    holes = _holes(plan, table, scope)
    if holes:
        lost = pl.any_horizontal(holes)
        value = pl.when(lost).then(None).otherwise(value)
        small = small and (pl.when(lost).then(None).otherwise(small[0]), small[1])
    lacking = bool(holes) or plan.item.averages
    return Value(value, "number", places, nullable=lacking, scaled=small)


def _holes(plan: Plan, table: Table, scope: Scope) -> list[pl.Expr]:
    """Where the item has no answer."""
    marks = (names.open_(plan.name), staged.merged_open(plan))
    holes = [pl.col(mark).fill_null(value=False) for mark in marks if table.has(mark)]
    asked = [condition(formula, scope) for formula in plan.item.drop]
    holes += [one.expr.is_null() for one in asked if one.nullable]
    if plan.item.quorum is not None:
        cast = whole(pl.col(names.rows(plan.name)).fill_null(0))
        enough = cast >= condition(plan.item.quorum, scope).snapped()
        holes.append(enough.not_().fill_null(value=True))
    return holes
