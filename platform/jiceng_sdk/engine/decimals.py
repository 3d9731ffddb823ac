"""Integers at their places as exact decimals, several columns together."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

import polars as pl

from jiceng_sdk.engine.columns import LARGE, Column, nullable
from jiceng_sdk.engine.exact import EXACT, PLACES
from jiceng_sdk.engine.framing import framed
from jiceng_sdk.engine.integers import DIGITS

FEW, SEVERAL = 16_000, 100_000
"""Rows below which to wake another core for a query takes longer than to multiply decimals; and from which on
all cores together are quicker than one.
"""
WHOLE = pl.Decimal(38, 0)


def several_exact(parts: Mapping[str, Column], size: int) -> list[pl.Series]:
    """Numbers as exact decimals, made together. Raises InvalidOperationError for what does not fit."""
    made, found = [], {}
    for name, part in parts.items():
        by = 10 ** (PLACES - part.places)
        if part.data.dtype is LARGE or part.most * by >= DIGITS:
            found[name] = part.exact(name, size)
            continue
        column = nullable(name, part.spread(size), part.null)
        if size < FEW:
            found[name] = column.cast(WHOLE) * _unit(part.places)
        else:
            made.append((column, _exactly(name, by)))
    if made:
        frame, exprs = framed([column for column, _ in made]), [one for _, one in made]
        frame = frame.select(exprs) if size >= SEVERAL else frame.select_seq(exprs)
        found.update(frame.to_dict())
    return [found[name] for name in parts]


@lru_cache(maxsize=64)
def _unit(places: int) -> pl.Series:
    """What one of an integer at these places is worth."""
    return pl.Series([Decimal(1).scaleb(-places)], dtype=EXACT)


@lru_cache(maxsize=4096)
def _exactly(name: str, by: int) -> pl.Expr:
    """A column of integers as exact decimals."""
    return (pl.col(name).cast(pl.Int128) * pl.lit(by, dtype=pl.Int128)).reinterpret(dtype=EXACT)
