"""What every node goes through: start, cap, floor, round, in this order; a gate last; then to whom
it applies.
"""

from dataclasses import replace

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.compile import added, compiled, condition
from jiceng_sdk.engine.formulas.functions import picked
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.table import Table
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import lit, rounded
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.symbols import Range
from jiceng_sdk.rulebook.parts import Group, Node

BOUNDS = ("start", "cap", "floor")


def part(name: str, word: str) -> str:
    """Column of a step of a node that explanation needs: `raw`, `start`, `cap`, `floor`, `gate`."""
    return f"{name}:{word}"


def finished(
    table: Table, name: str, node: Node, value: Value, scope: Scope, within: Range | None = None
) -> Value:
    """The node's column in the table, with the columns that explain its adjustments. `within`: its bounds."""
    if adjusted(node):
        value = table.mark(part(name, "raw"), value)
    for word in BOUNDS:
        bound = getattr(node, word)
        if bound is not None:
            value = _bounded(value, word, _bound(table, name, word, bound, scope))
    if node.round is not None:
        to = node.round.places
        small = integers.rounded(value, node.round)
        value = replace(value, expr=rounded(value.expr, value.places, node.round), places=to, scaled=small)
    if value.scaled is None:
        value = replace(value, scaled=integers.bounded(value, within))
    if isinstance(node, Group) and node.gate is not None:
        value = _gated(table, name, node.gate, value, scope)
    return _applied(table, name, node, value, scope)


def adjusted(node: Node) -> bool:
    """Whether what a node comes to is not its raw value."""
    return node.round is not None or any(getattr(node, word) is not None for word in BOUNDS)


def _bound(table: Table, name: str, word: str, formula: Formula, scope: Scope) -> Value:
    bound = compiled(formula, scope)
    return bound if bound.constant is not None else table.mark(part(name, word), bound)


def _bounded(value: Value, word: str, bound: Value) -> Value:
    if word == "start":
        small = added(value, bound, "+")
        return v.number(value.expr + bound.expr, v.widest(value, bound), value, bound, scaled=small)
    return picked(pl.min_horizontal if word == "cap" else pl.max_horizontal, value, bound)


def _gated(table: Table, name: str, gate: Formula, value: Value, scope: Scope) -> Value:
    """Not met: exactly 0, even when members are open. Unknown: open."""
    met = table.mark(part(name, "gate"), condition(gate, scope))

    def shut(expr: pl.Expr, nothing: pl.Expr) -> pl.Expr:
        out = pl.when(met.expr).then(expr).otherwise(nothing)
        return pl.when(met.expr.is_null()).then(None).otherwise(out) if met.nullable else out

    small = value.scaled and (shut(value.scaled[0], integers.ZERO), value.scaled[1])
    lacking = value.nullable or met.nullable
    expr = shut(value.expr, lit(0))
    return Value(expr, "number", value.places, absent=value.absent, nullable=lacking, scaled=small)


def _applied(table: Table, name: str, node: Node, value: Value, scope: Scope) -> Value:
    if node.for_ is None:
        return table.put(name, value)
    asked = condition(node.for_, scope)
    expr = pl.when(asked.expr).then(value.expr).otherwise(None)
    small = value.scaled and (pl.when(asked.expr).then(value.scaled[0]).otherwise(None), value.scaled[1])
    kept = table.put(name, Value(expr, "number", value.places, nullable=True, scaled=small))
    table.limit(name, asked.expr)
    return replace(kept, absent=table.values[name].absent)
