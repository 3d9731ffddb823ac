"""Integers at their places as exact decimals: products of 128 bits, made word by word where they will stay.

Polars would need a query for them, or its own arithmetic of decimals, which takes five times as long.
"""

from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from jiceng_sdk.engine.numbers.exact import EXACT, PLACES
from jiceng_sdk.engine.numbers.integers import DIGITS

Data = NDArray[Any]
Gone = NDArray[np.bool_] | None
_TYPE = pa.decimal128(38, PLACES)
_MEMORY = pa.system_memory_pool()
"""What is freed stays with the process up to a limit (`heap`)."""
_HALF, _WORD = 2**31, 2**32 - 1


def decimals(name: str, data: Data, null: Gone, places: int, most: int) -> pl.Series:
    """Integers of at most `most` at their places. Raises InvalidOperationError for what does not fit."""
    by = 10 ** (PLACES - places)
    if data.dtype == object or most * by >= DIGITS:
        return _one_by_one(name, data, null, places)
    buffer = pa.allocate_buffer(16 * len(data), memory_pool=_MEMORY)
    words = np.frombuffer(buffer, np.int64).reshape(-1, 2)
    (_multiplied if most <= _HALF else _widely)(data, by, words)
    there = None if null is None else pa.py_buffer(np.packbits(~null, bitorder="little").tobytes())
    return pl.Series(name, pa.Array.from_buffers(_TYPE, len(data), [there, buffer]))


def _multiplied(data: Data, by: int, words: Data) -> None:
    """The low and the high word of every product. `data`: at most 2^31; `by`: less than 2^80."""
    first = data * np.int64(by & _WORD)
    second = data * np.int64(by >> 32 & _WORD)
    second += first >> 32
    first &= _WORD
    np.bitwise_or(second << 32, first, out=words[:, 0])
    second >>= 32
    np.add(data * np.int64(by >> 64), second, out=words[:, 1])


def _widely(data: Data, by: int, words: Data) -> None:
    """The same for integers of at most 2^62: the lower 31 bits and what is above them, each by itself."""
    above = np.empty_like(words)
    _multiplied(data & (_HALF - 1), by, words)
    _multiplied(data >> 31, by, above)
    low = (above[:, 0] << 31).view(np.uint64)
    high = above[:, 1] << 31 | (above[:, 0] >> 33 & (_HALF - 1))
    total = words[:, 0].copy().view(np.uint64)
    total += low
    words[:, 1] += high + (total < low)
    words[:, 0] = total.view(np.int64)


def _one_by_one(name: str, data: Data, null: Gone, places: int) -> pl.Series:
    """What may be too large: Polars looks at each."""
    whole = pl.Series(name, data.tolist(), dtype=pl.Int128) if data.dtype == object else pl.Series(name, data)
    if null is not None:
        whole = whole.zip_with(pl.Series(~null), pl.Series([None], dtype=whole.dtype))
    return whole.cast(pl.Int128).reinterpret(dtype=pl.Decimal(38, places)).cast(EXACT)
