"""A group's members to one number: weighted sum, weighted mean over those that apply, largest, smallest."""

from dataclasses import replace
from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.formulas import value as v
from jiceng_sdk.engine.formulas.table import Table, applies
from jiceng_sdk.engine.formulas.value import Value
from jiceng_sdk.engine.numbers import integers
from jiceng_sdk.engine.numbers.exact import EXACT, divide, lit, whole
from jiceng_sdk.rulebook.parts import Group

ONE = Decimal(1)


def together(group: Group, table: Table) -> Value:
    """The combined members, before start, cap, floor, round and gate. One open member that applies
    leaves it open.
    """
    terms = [_member(table, name, weight) for name, weight in group.of.items()]
    if group.keep:
        return _highest(group, table, terms)
    if group.combine == "sum":
        return _sum(terms)
    if group.combine == "mean":
        return _mean(group, table, terms)
    return _picked(group, table, terms)


def _member(table: Table, name: str, weight: Decimal) -> Value:
    """A member's weighted value, 0 where it does not apply."""
    value = table.values[name]
    value = value if weight == ONE else v.times(value, weight)
    if name not in table.limited:
        return value
    here = pl.col(applies(name))
    small = value.scaled and (pl.when(here).then(value.scaled[0]).otherwise(integers.ZERO), value.scaled[1])
    return replace(value, expr=pl.when(here).then(value.expr).otherwise(lit(0)), scaled=small)


def _sum(terms: list[Value]) -> Value:
    small = integers.aligned(*terms)
    total = integers.summed(small) if small else None
    lacking = any(term.nullable for term in terms)
    return Value(_exactly(terms), "number", v.widest(*terms), nullable=lacking, scaled=total)


def _exactly(terms: list[Value]) -> pl.Expr:
    """The sum as an exact decimal: integers among the terms are added before the others."""
    some = [term for term in terms if term.scaled is not None and term.places is not None]
    small = integers.aligned(*some)
    whole = integers.summed(small) if small else None
    if whole is None:
        return pl.sum_horizontal([term.expr for term in terms], ignore_nulls=False)
    total = integers.exact(whole, v.widest(*some) or 0)
    for term in terms:
        if not any(term is one for one in some):
            total = total + term.expr
    return total


def _mean(group: Group, table: Table, terms: list[Value]) -> Value:
    """Weighted; the weights of those that do not apply are left out."""
    total = _sum(terms)
    above = total.expr if total.scaled is None else integers.exact(total.scaled, total.places or 0)
    if not table.limited.intersection(group.of):
        whole = sum(group.of.values(), Decimal(0))
        return Value(above if whole == ONE else divide(above, lit(whole)), "number", None)
    weights = [
        pl.when(pl.col(applies(name)) if name in table.limited else True).then(lit(w)).otherwise(lit(0))
        for name, w in group.of.items()
    ]
    return Value(divide(above, pl.sum_horizontal(weights)), "number", None)


def _highest(group: Group, table: Table, terms: list[Value]) -> Value:
    """The sum or mean of those that give most, of the members that apply; open when one of these is."""
    chosen = [
        pl.when(pl.col(applies(name))).then(term.expr).otherwise(None) if name in table.limited else term.expr
        for name, term in zip(group.of, terms, strict=True)
    ]
    best = pl.element().sort(descending=True, nulls_last=True).head(group.keep)
    total = pl.concat_list([expr.cast(EXACT) for expr in chosen]).list.eval(best.sum()).list.first()
    holes = [term.expr.is_null() for term in terms if term.nullable]
    out, places = total, v.widest(*terms)
    if group.combine == "mean":
        there = pl.sum_horizontal([expr.is_not_null().cast(pl.Int64) for expr in chosen])
        weight = next(iter(group.of.values()))
        below = whole(pl.min_horizontal(there, pl.lit(group.keep, dtype=pl.Int64)))
        out, places = divide(total, below * lit(weight)), None
    return Value(
        pl.when(pl.any_horizontal(holes)).then(None).otherwise(out) if holes else out, "number", places
    )


def _picked(group: Group, table: Table, terms: list[Value]) -> Value:
    """The largest or smallest of those that apply; open when one of them is, or none applies."""
    present = {name: pl.col(applies(name)) for name in group.of if name in table.limited}
    holes = [term.expr.is_null() for term in terms if term.nullable]

    def pick(exprs: list[pl.Expr]) -> pl.Expr:
        chosen = [
            pl.when(present[name]).then(expr).otherwise(None) if name in present else expr
            for name, expr in zip(group.of, exprs, strict=True)
        ]
        out = pl.max_horizontal(chosen) if group.combine == "max" else pl.min_horizontal(chosen)
        return pl.when(pl.any_horizontal(holes)).then(None).otherwise(out) if holes else out

    small = integers.aligned(*terms)
    least = (pick([expr for expr, _ in small]), max(most for _, most in small)) if small else None
    lacking = bool(holes or present)
    expr = pick([term.expr for term in terms])
    return Value(expr, "number", v.widest(*terms), nullable=lacking, scaled=least)
