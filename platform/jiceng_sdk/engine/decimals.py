"""Integers at their places as exact decimals: small ones are looked up, larger ones multiplied."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jiceng_sdk.engine.exact import EXACT, PLACES
from jiceng_sdk.engine.integers import DIGITS

Data = NDArray[Any]
Gone = NDArray[np.bool_] | None
WHOLE, FEW = pl.Decimal(38, 0), 16_000
"""Rows below which to wake another core for a query takes longer than to multiply decimals."""
_BITS = 17
"""Of what is looked up: in larger tables, which the caches do not hold, it takes as long as to multiply."""


def decimals(name: str, data: Data, null: Gone, places: int, most: int) -> pl.Series:
    """Integers of at most `most` at their places. Raises InvalidOperationError for what does not fit."""
    if data.dtype != object:
        low, high = int(data.min(initial=0)), int(data.max(initial=0))
        bits = max(high, -low).bit_length()
        if bits <= _BITS:
            numbers = (data + (1 << bits) if low < 0 else data).astype(np.uint32)
            table = _table(bits, places, signed=low < 0)
            if null is not None:
                np.putmask(numbers, null, len(table) - 1)
            return table[pl.Series(numbers)].alias(name)
    return _multiplied(name, data, null, places, most)


@lru_cache(maxsize=16)
def _table(bits: int, places: int, *, signed: bool) -> pl.Series:
    """What every integer of so many bits is worth, and last of all one that is not there."""
    end = 1 << bits
    whole = np.arange(-end if signed else 0, end)
    return _multiplied("", whole, None, places, end).append(pl.Series([None], dtype=EXACT)).rechunk()


def _multiplied(name: str, data: Data, null: Gone, places: int, most: int) -> pl.Series:
    whole = pl.Series(name, data.tolist(), dtype=pl.Int128) if data.dtype == object else pl.Series(name, data)
    if null is not None:
        whole = whole.zip_with(pl.Series(~null), pl.Series([None], dtype=whole.dtype))
    by = 10 ** (PLACES - places)
    if most * by >= DIGITS:
        return whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places)).cast(EXACT)
    if len(data) < FEW:
        return whole.cast(WHOLE) * _unit(places)
    return (whole.cast(pl.Int128) * pl.Series([by], dtype=pl.Int128)).reinterpret(dtype=EXACT)


@lru_cache(maxsize=64)
def _unit(places: int) -> pl.Series:
    """What one of an integer at these places is worth."""
    return pl.Series([Decimal(1).scaleb(-places)], dtype=EXACT)
