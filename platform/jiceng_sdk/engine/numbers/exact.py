"""Exact numbers on columns: one decimal type, the snap of quotients, roundings that name their mode.

Every number is Decimal(38, 24): 14 digits before the point, sums and products of a rulebook exact. A
quotient is rounded to 12 places before anything is decided by it. Overflow raises in Polars, division
by zero has no answer.
"""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache

import polars as pl

from jiceng_sdk.rulebook.parts import Rounding

PLACES = 24
SNAP = 12
EXACT = pl.Decimal(38, PLACES)
LEVEL = pl.Int16
ROW = pl.UInt32

_UNIT = Decimal(1).scaleb(-SNAP)


@lru_cache(maxsize=4096)
def lit(value: Decimal | int) -> pl.Expr:
    """A constant of the exact type."""
    return pl.lit(Decimal(value), dtype=EXACT)


UNKNOWN = pl.lit(None, dtype=EXACT)
"""A number without an answer."""


def finite(places: int | None) -> bool:
    """Whether values with so many places are exact in the column (None = a quotient)."""
    return places is not None and places <= PLACES


def snap(expr: pl.Expr, places: int | None) -> pl.Expr:
    """The value decisions read: itself, or for a quotient its 12 places, half away from zero."""
    return expr if finite(places) else expr.round(SNAP, mode="half_away_from_zero")


def divide(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """A quotient; no answer where the divisor is zero (Polars would end the whole query)."""
    return above / pl.when(below == lit(0)).then(UNKNOWN).otherwise(below)


def divide_floor(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """How many whole `below` fit into `above`, towards minus infinity."""
    return above // pl.when(below == lit(0)).then(UNKNOWN).otherwise(below)


def rounded(expr: pl.Expr, places: int | None, rule: Rounding) -> pl.Expr:
    """The value rounded as the rulebook says; a quotient is snapped first."""
    expr = snap(expr, places)
    match rule.mode:
        case "half_up":
            return expr.round(rule.places, mode="half_away_from_zero")
        case "half_even":
            return expr.round(rule.places, mode="half_to_even")
        case "down" | "up":
            return _directed(expr, rule)


def _directed(expr: pl.Expr, rule: Rounding) -> pl.Expr:
    """Towards zero (`down`) or away from zero (`up`), as invoices do it."""
    nearest = expr.round(rule.places, mode="half_away_from_zero")
    step = lit(Decimal(1).scaleb(-rule.places))
    away = nearest.abs() > expr.abs()
    toward = nearest.abs() < expr.abs()
    sign = pl.when(expr < lit(0)).then(lit(-1)).otherwise(lit(1))
    if rule.mode == "down":
        return pl.when(away).then(nearest - sign * step).otherwise(nearest)
    return pl.when(toward).then(nearest + sign * step).otherwise(nearest)


def whole(expr: pl.Expr) -> pl.Expr:
    """An integer column as exact numbers."""
    return expr.cast(EXACT)


@lru_cache(maxsize=4096)
def decimals(value: Decimal) -> int:
    """Places after the point of a constant, trailing zeros not counted."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def stored(value: Decimal) -> Decimal:
    """One value to the 12 places that are stored and shown."""
    with localcontext() as context:
        context.prec = 60
        return value.quantize(_UNIT, rounding=ROUND_HALF_UP)


def rounded_off(expr: pl.Expr, places: int | None) -> pl.Expr:
    """A value as it is stored: what has more than 12 places is rounded to them, half away from zero."""
    if places is not None and places <= SNAP:
        return expr
    return expr.round(SNAP, mode="half_away_from_zero")
