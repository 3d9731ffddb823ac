"""How one item over rows is computed: its compiled parts, and what it leaves behind per subject."""

from dataclasses import dataclass

import polars as pl

from jiceng_sdk.engine.formulas.compile import condition
from jiceng_sdk.engine.formulas.scope import VALUE, Scope
from jiceng_sdk.engine.formulas.table import KEY
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.items.scales import worth
from jiceng_sdk.expressions.tree import Tree
from jiceng_sdk.rulebook.parts import Item

NTH = "nth"
POINTS = "points"
"""Column of a row's points while it goes through the stages."""


def total(name: str) -> str:
    """Column of the combined value, before start, cap, floor, round."""
    return f"{name}:total"


def open_(name: str) -> str:
    """Column that is true where a row left the item open."""
    return f"{name}:open"


def rows(name: str) -> str:
    """Column with the number of rows (ballots) that counted."""
    return f"{name}:n"


def back(name: str) -> str:
    """Column with the points given back by `restored`."""
    return f"{name}:back"


@dataclass(frozen=True, slots=True)
class Plan:
    """An item with its rows. `reads`: the tree `choice`/`line` looks at; `names`: what its formulas read."""

    name: str
    item: Item
    reads: Tree | None
    names: frozenset[str]

    @property
    def staged(self) -> bool:
        """Whether rows must be looked at together before they are added up."""
        item = self.item
        together = item.merge or item.keep or item.limit or item.drop or item.combine == "median"
        return bool(together or NTH in self.names)

    @property
    def counted(self) -> bool:
        """Whether the number of rows decides something."""
        return self.item.quorum is not None or self.item.averages


def windows_of(item: Item) -> tuple[str, ...]:
    """Everything the item's rows are grouped by."""
    return (*([item.merge] if item.merge else []), *item.keep, *(limit.per for limit in item.limit))


def when(plan: Plan, scope: Scope) -> Value:
    """Which rows count."""
    return condition(plan.item.when, scope)


def points(plan: Plan, scope: Scope) -> Value:
    """What a row is worth, before `restored`."""
    item = plan.item
    if item.value is not None and not item.merge:
        scope = scope.over({VALUE: condition(item.value, scope)})
    return worth(item, scope, plan.reads)


def restored(plan: Plan, scope: Scope) -> Value | None:
    """Whether a row's points are given back."""
    item = plan.item
    if item.restored is None:
        return None
    if item.value is not None and not item.merge:
        scope = scope.over({VALUE: condition(item.value, scope)})
    return condition(item.restored, scope)


def given_back(points: Value, mended: Value | None) -> pl.Expr:
    """Points after `restored`: nothing where it holds, unknown where it or what is given back is unknown."""
    if mended is None:
        return points.expr
    out = pl.when(mended.expr).then(pl.lit(0).cast(pl.Decimal(38, 24))).otherwise(points.expr)
    holes = [part.expr.is_null() for part in (points, mended) if part.nullable]
    return pl.when(pl.any_horizontal(holes)).then(None).otherwise(out) if holes else out


def whole_subject(plan: Plan, frame: pl.LazyFrame) -> pl.LazyFrame:
    """One row without points leaves its subject open before `keep` or `drop` could leave it out."""
    if not (plan.item.keep or plan.item.drop or plan.item.combine == "median") or not (
        plan.item.merge or NTH in plan.names
    ):
        return frame
    hole = pl.col(POINTS).is_null().any().over(KEY)
    return frame.with_columns(pl.when(hole).then(None).otherwise(pl.col(POINTS)).alias(POINTS))
