"""The same numbers as 64-bit integers at their own scale, kept beside decimals where they certainly fit.

Adding, comparing and grouping integers is several times cheaper than decimals; Polars' integers wrap
silently, so every integer carries the largest magnitude it can have; none is used that could leave 64 bits.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import polars as pl

from jiceng_sdk.engine.numbers.exact import EXACT, PLACES, decimals

if TYPE_CHECKING:
    from decimal import Decimal

    from jiceng_sdk.expressions.symbols import Range
    from jiceng_sdk.rulebook.parts import Rounding

LARGEST = 2**62
ZERO = pl.lit(0, dtype=pl.Int64)
DIGITS = 10**38
"""Exact decimals are smaller."""

Scaled = tuple[pl.Expr, int]
"""An Int64 expression × 10^−places, and the largest magnitude it can have."""


@lru_cache(maxsize=4096)
def small(value: int) -> pl.Expr:
    """A whole number written out."""
    return pl.lit(value, dtype=pl.Int64)


@lru_cache(maxsize=64)
def _power(by: int) -> pl.Expr:
    return pl.lit(10**by, dtype=pl.Int128)


class Part(Protocol):
    """What is known of a number: `scaled` is its integer, if it has one, at its `places`."""

    @property
    def expr(self) -> pl.Expr:
        """The exact number."""

    @property
    def places(self) -> int | None:
        """None: a quotient."""

    @property
    def scaled(self) -> Scaled | None:
        """None: it has no integer."""


def written(value: Decimal) -> Scaled | None:
    """A constant at its own places."""
    whole = int(value.scaleb(decimals(value)))
    return (small(whole), abs(whole)) if abs(whole) < LARGEST else None


def widened(part: Part, places: int) -> Scaled | None:
    """A value at more places; None when it has no integer or would not fit."""
    if part.scaled is None or part.places is None or part.places > places:
        return None
    expr, largest = part.scaled
    by = 10 ** (places - part.places)
    if largest * by >= LARGEST or by >= LARGEST:
        return None
    return (expr if by == 1 else expr * small(by)), largest * by


def aligned(*parts: Part) -> list[Scaled] | None:
    """Several values at the places of the widest; None when one of them has no integer there."""
    places = [part.places for part in parts]
    if None in places or any(part.scaled is None for part in parts):
        return None
    widest = max((p for p in places if p is not None), default=0)
    found = [widened(part, widest) for part in parts]
    return None if None in found else [one for one in found if one is not None]


def fitting(expr: pl.Expr, largest: int) -> Scaled | None:
    """The pair, when it fits."""
    return (expr, largest) if largest < LARGEST else None


def summed(parts: list[Scaled]) -> Scaled | None:
    """The sum of integers of the same places; unknown when one of them is."""
    if not parts:
        return None
    total = parts[0][0]
    for expr, _ in parts[1:]:
        total = total + expr
    return fitting(total, sum(most for _, most in parts))


def rounded(part: Part, rule: Rounding) -> Scaled | None:
    """A value rounded to fewer places as the rule says; None where it has no integer."""
    if part.scaled is None or part.places is None or rule.mode == "half_even":
        return None
    if part.places <= rule.places:
        return widened(part, rule.places)
    expr, most = part.scaled
    by = 10 ** (part.places - rule.places)
    if most + by >= LARGEST:
        return None
    more = {"half_up": by // 2, "down": 0, "up": by - 1}[rule.mode]
    size = (expr.abs() + small(more)) // small(by)
    return pl.when(expr < ZERO).then(-size).otherwise(size), most // by + 1


def bounded(part: Part, within: Range | None) -> Scaled | None:
    """The integer of an exact number that lies within proved bounds; None where they do not fit."""
    if within is None or within.assumed or part.places is None or part.places > PLACES:
        return None
    most = int(max(abs(within.low), abs(within.high)).scaleb(part.places)) + 1
    if most >= LARGEST:
        return None
    narrow = part.expr.cast(pl.Decimal(38, part.places))
    return narrow.to_physical().cast(pl.Int64), most


def decimal(scaled: Scaled, places: int) -> bool:
    """Whether the integer certainly is an exact decimal too."""
    return places <= PLACES and scaled[1] * 10 ** (PLACES - places) < DIGITS


@lru_cache(maxsize=8192)
def exact_column(name: str, places: int, *, fits: bool) -> pl.Expr:
    """A column of integers as exact decimals. `fits`: they are decimals certainly."""
    return exact((pl.col(name), 0 if fits else DIGITS), places)


def exact(scaled: Scaled, places: int) -> pl.Expr:
    """The integer as an exact decimal: multiplied in 128 bits where that cannot leave the type."""
    expr, by = scaled[0], PLACES - places
    if decimal(scaled, places):
        wide = expr.cast(pl.Int128) * _power(by)
        return wide.reinterpret(dtype=EXACT)
    return expr.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places)).cast(EXACT)
