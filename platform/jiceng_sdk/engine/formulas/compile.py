"""Expression tree → Polars expression. Three-valued: what reads an unknown value is unknown, never
a quiet no.

The tree has been typed by `rulebook.analysis`; kinds that do not fit here are a programming error (KeyError,
ValueError), never a silent result.
"""

from dataclasses import replace
from datetime import date

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.functions import FUNCTIONS
from jiceng_sdk.engine.formulas.scope import Scope
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import PLACES, divide
from jiceng_sdk.engine.numbers.integers import Scaled
from jiceng_sdk.expressions.formula import Formula
from jiceng_sdk.expressions.tree import (
    Among,
    Arithmetic,
    Call,
    Compare,
    Flag,
    Logic,
    Name,
    Number,
    Text,
    Tree,
    Unary,
)

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""A comparison read from the right."""


def compiled(formula: Formula | Tree, scope: Scope) -> Value:
    """The value of a formula in a scope. Raises KeyError for a name or function the scope lacks."""
    tree = formula.tree if isinstance(formula, Formula) else formula
    value = _compiled(tree, scope)
    if isinstance(tree, Number | Text | Flag | Name) or value.constant is not None:
        return value
    return value if value.expr.meta.root_names() else _folded(value)


def _folded(value: Value) -> Value:
    """What reads nothing of a row, as one literal.

    Polars 2.1 loses the number of rows where such an expression meets a column that is alike in all rows.
    """
    small = value.scaled and (_literal(value.scaled[0]), value.scaled[1])
    return replace(value, expr=_literal(value.expr), scaled=small)


def _literal(expr: pl.Expr) -> pl.Expr:
    found = pl.select(expr).to_series()
    return pl.lit(found.item(), dtype=found.dtype)


def _compiled(tree: Tree, scope: Scope) -> Value:  # noqa: C901, PLR0911 - one case per kind of part
    match tree:
        case Number():
            return v.constant(tree.value)
        case Text():
            return Value(pl.lit(tree.value), "text", options=(tree.value,), nullable=False)
        case Flag():
            return Value(pl.lit(tree.value), "flag", nullable=False)
        case Name():
            return scope.values[tree.name]
        case Unary():
            return _unary(tree, scope)
        case Arithmetic():
            return _arithmetic(tree, scope)
        case Logic():
            return _logic(tree, scope)
        case Compare():
            return _chain(tree, scope)
        case Among():
            return _among(tree, scope)
        case Call():
            return _call(tree, scope)


def condition(formula: Formula | Tree | None, scope: Scope) -> Value:
    """A flag; without a formula always true."""
    return v.TRUE if formula is None else compiled(formula, scope)


def _unary(tree: Unary, scope: Scope) -> Value:
    part = compiled(tree.arg, scope)
    if tree.op == "not":
        return v.flag(~part.expr, part)
    if part.constant is not None:
        return v.constant(-part.constant)
    small = None if part.scaled is None else (-part.scaled[0], part.scaled[1])
    return v.number(-part.expr, part.places, part, scaled=small)


def _arithmetic(tree: Arithmetic, scope: Scope) -> Value:
    left, right = compiled(tree.left, scope), compiled(tree.right, scope)
    match tree.op:
        case "+":
            small = added(left, right, tree.op)
            return v.number(left.expr + right.expr, v.widest(left, right), left, right, scaled=small)
        case "-":
            small = added(left, right, tree.op)
            return v.number(left.expr - right.expr, v.widest(left, right), left, right, scaled=small)
        case "*":
            places = None if left.places is None or right.places is None else left.places + right.places
            return v.number(left.expr * right.expr, places, left, right, scaled=_times(left, right))
        case "/":
            sure = right.constant is not None and right.constant != 0 and not left.nullable
            return v.number(divide(left.expr, right.expr), None, left, right, nullable=not sure)


def added(left: Value, right: Value, op: str) -> Scaled | None:
    """The sum or difference in integers, where both have one and it fits."""
    small = integers.aligned(left, right)
    if small is None:
        return None
    (one, most), (two, more) = small
    return integers.fitting(one + two if op == "+" else one - two, most + more)


def _times(left: Value, right: Value) -> Scaled | None:
    if left.scaled is None or right.scaled is None or (left.places or 0) + (right.places or 0) > PLACES:
        return None
    return integers.fitting(left.scaled[0] * right.scaled[0], left.scaled[1] * right.scaled[1])


def _logic(tree: Logic, scope: Scope) -> Value:
    parts = [compiled(arg, scope) for arg in tree.args]
    exprs = [part.expr for part in parts]
    return v.flag(pl.all_horizontal(exprs) if tree.op == "and" else pl.any_horizontal(exprs), *parts)


def _chain(tree: Compare, scope: Scope) -> Value:
    parts = [compiled(arg, scope) for arg in tree.args]
    links = [compared(op, parts[n], parts[n + 1], scope) for n, op in enumerate(tree.ops)]
    if len(links) == 1:
        return links[0]
    return v.flag(pl.all_horizontal([link.expr for link in links]), *links)


def _among(tree: Among, scope: Scope) -> Value:
    item = compiled(tree.item, scope)
    links = [compared("==", item, compiled(option, scope), scope) for option in tree.options]
    if len(links) == 1:
        return links[0]
    return v.flag(pl.any_horizontal([link.expr for link in links]), *links)


def _call(tree: Call, scope: Scope) -> Value:
    if tree.function in scope.calls:
        return scope.calls[tree.function](tree, scope)
    return FUNCTIONS[tree.function](*(compiled(arg, scope) for arg in tree.args))


def compared(op: str, left: Value, right: Value, scope: Scope) -> Value:
    """One comparison. Unknown when a side is unknown; no when a side is known not to exist."""
    left, right = _alike(left, right, scope), _alike(right, left, scope)
    small = integers.aligned(left, right) if left.kind == right.kind == "number" else None
    one, two = (small[0][0], small[1][0]) if small else (left.snapped(), right.snapped())
    if (
        not one.meta.root_names()
    ):  # Polars 2.1 loses rows when a literal stands before a column of equal values
        op, one, two = TURNED[op], two, one
    match op:
        case "<":
            found = one < two
        case "<=":
            found = one <= two
        case ">":
            found = one > two
        case ">=":
            found = one >= two
        case "==":
            found = one == two
        case _:
            found = one != two
    absent = v.any_absent(left, right)
    if absent is not None:
        found = pl.when(absent).then(pl.lit(value=False)).otherwise(found)
    return v.flag(found, left, right)


def _alike(this: Value, other: Value, scope: Scope) -> Value:
    """A quoted word beside a grade is that grade, beside a date that day; two Enum columns compare
    as words.
    """
    if this.kind == "text" and other.kind == "grade":
        return v.grade(scope.level(this.options[0]))
    if this.kind == "text" and other.kind == "date":
        return Value(pl.lit(date.fromisoformat(this.options[0])), "date", nullable=False)
    if this.enum and other.kind == "text" and len(other.options) != 1:
        return Value(this.expr.cast(pl.String), "text", 0, this.options, this.absent, this.nullable)
    return this
