"""What every node goes through: start, cap, floor, round, in this order; a gate last; then to whom
it applies.
"""

from dataclasses import replace

import polars as pl

from jiceng_sdk.engine import value as v
from jiceng_sdk.engine.compile import added, compiled, condition
from jiceng_sdk.engine.exact import lit, rounded
from jiceng_sdk.engine.functions import picked
from jiceng_sdk.engine.scope import Scope
from jiceng_sdk.engine.table import Table
from jiceng_sdk.engine.value import Value
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.tree import Number
from jiceng_sdk.rulebook.parts import Group, Node

BOUNDS = ("start", "cap", "floor")


def part(name: str, word: str) -> str:
    """Column of a step of a node that explanation needs: `raw`, `start`, `cap`, `floor`, `gate`."""
    return f"{name}:{word}"


def finished(table: Table, name: str, node: Node, value: Value, scope: Scope) -> Value:
    """The node's column in the table, with the columns that explain its adjustments."""
    if _adjusted(node):
        value = _kept(table, part(name, "raw"), value)
    for word in BOUNDS:
        bound = getattr(node, word)
        if bound is not None:
            value = _bounded(value, word, _bound(table, name, word, bound, scope))
    if node.round is not None:
        to = node.round.places
        value = replace(value, expr=rounded(value.expr, value.places, node.round), places=to, scaled=None)
    if isinstance(node, Group) and node.gate is not None:
        value = _gated(table, name, node.gate, value, scope)
    return _applied(table, name, node, value, scope)


def _adjusted(node: Node) -> bool:
    return node.round is not None or any(getattr(node, word) is not None for word in BOUNDS)


def _kept(table: Table, column: str, value: Value) -> Value:
    table.keep([value.cheapest().alias(column)])
    return replace(value.column(column), scaled=value.scaled)


def _bound(table: Table, name: str, word: str, formula: Formula, scope: Scope) -> Value:
    bound = compiled(formula, scope)
    return bound if bound.constant is not None else _kept(table, part(name, word), bound)


def _bounded(value: Value, word: str, bound: Value) -> Value:
    if word == "start":
        small = added(value, bound, "+")
        return v.number(value.expr + bound.expr, v.widest(value, bound), value, bound, scaled=small)
    return picked(pl.min_horizontal if word == "cap" else pl.max_horizontal, value, bound)


def _gated(table: Table, name: str, gate: Formula, value: Value, scope: Scope) -> Value:
    """Not met: exactly 0, even when members are open. Unknown: open."""
    met = _kept(table, part(name, "gate"), condition(gate, scope))
    out = pl.when(met.expr).then(value.expr).otherwise(lit(0))
    if met.nullable:
        out = pl.when(met.expr.is_null()).then(None).otherwise(out)
    return Value(out, "number", value.places, absent=value.absent, nullable=value.nullable or met.nullable)


def _applied(table: Table, name: str, node: Node, value: Value, scope: Scope) -> Value:
    if node.for_ is None:
        return table.put(name, value)
    asked = condition(node.for_, scope)
    value = Value(pl.when(asked.expr).then(value.expr).otherwise(None), "number", value.places, nullable=True)
    kept = table.put(name, value)
    table.limit(name, asked.expr)
    return replace(kept, absent=table.values[name].absent)


def written(formula: Formula | None) -> bool:
    """Whether a bound is a number written out, which explanation reads from the rulebook."""
    return formula is not None and isinstance(formula.tree, Number)
