"""A group's members to one number: weighted sum, weighted mean over those that apply, largest, smallest."""

from decimal import Decimal

import polars as pl

from jiceng_sdk.engine.exact import decimals, divide, lit
from jiceng_sdk.engine.table import Table, applies
from jiceng_sdk.engine.value import Value
from jiceng_sdk.rulebook.parts import Group

ONE = Decimal(1)


def together(group: Group, table: Table) -> Value:
    """The combined members, before start, cap, floor, round and gate. One open member that applies
    leaves it open.
    """
    terms, present = [], []
    for name, weight in group.of.items():
        term, here = _member(table, name, weight)
        terms.append(term)
        present.append(here)
    lacking = any(table.values[name].nullable for name in group.of)
    places = _places(group, table)
    if group.combine == "sum":
        return Value(pl.sum_horizontal(terms, ignore_nulls=False), "number", places, nullable=lacking)
    if group.combine == "mean":
        weights = [
            pl.when(here).then(lit(w)).otherwise(lit(0))
            for here, w in zip(present, group.of.values(), strict=True)
        ]
        total = pl.sum_horizontal(terms, ignore_nulls=False)
        return Value(divide(total, pl.sum_horizontal(weights)), "number", None)
    return _picked(group, table, terms, present, places)


def _member(table: Table, name: str, weight: Decimal) -> tuple[pl.Expr, pl.Expr]:
    """A member's weighted value, 0 where it does not apply; and whether it applies."""
    value = table.values[name].expr
    term = value if weight == ONE else value * lit(weight)
    if name not in table.limited:
        return term, pl.lit(value=True)
    here = pl.col(applies(name))
    return pl.when(here).then(term).otherwise(lit(0)), here


def _places(group: Group, table: Table) -> int | None:
    """Decimals of a sum of weighted members."""
    found = []
    for name, weight in group.of.items():
        places = table.values[name].places
        if places is None:
            return None
        found.append(places + decimals(weight))
    return max(found, default=0)


def _picked(
    group: Group, table: Table, terms: list[pl.Expr], present: list[pl.Expr], places: int | None
) -> Value:
    """The largest or smallest of those that apply; open when one of them is, or none applies."""
    chosen = [pl.when(here).then(term).otherwise(None) for term, here in zip(terms, present, strict=True)]
    pick = pl.max_horizontal(chosen) if group.combine == "max" else pl.min_horizontal(chosen)
    holes = pl.any_horizontal([term.is_null() for term in terms])
    lacking = any(table.values[name].nullable or name in table.limited for name in group.of)
    return Value(pl.when(holes).then(None).otherwise(pick), "number", places, nullable=lacking)
