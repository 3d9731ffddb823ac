"""Standard deviations without a float: the root of a whole number, rounded half up by comparing squares."""

from collections.abc import Iterable, Sequence
from math import isqrt

import polars as pl

from jiceng_sdk.engine.numbers.exact import EXACT, PLACES
from jiceng_sdk.expressions.tree import Call, Number


def places_of(call: Call) -> int:
    """The decimals a call of `cohort_deviation` asks for."""
    wanted = call.args[1]
    assert isinstance(wanted, Number)  # noqa: S101 - typed as a literal
    return int(wanted.value)


def deviation(many: int, total: int, squares: int, scale: int, places: int) -> int:
    """The deviation of `many` integers × 10^−scale from their sum and the sum of their squares, as an integer
    × 10^−places, half up.
    """
    unit: int = many * 10**scale
    return (isqrt(4 * (many * squares - total * total) * 100**places) + unit) // (2 * unit)


def deviations(values: pl.Series, columns: Sequence[pl.Series], places: int) -> pl.Series:
    """For every exact number the deviation in its cohort (alike in `columns`); none where nobody has one."""
    words: Iterable[object] = zip(*columns, strict=True) if columns else [()] * len(values)
    keys, numbers = list(words), values.to_physical().to_list()
    sums: dict[object, tuple[int, int, int]] = {}
    for key, x in zip(keys, numbers, strict=True):
        if x is not None:
            many, total, squares = sums.get(key, (0, 0, 0))
            sums[key] = many + 1, total + x, squares + x * x
    found = {key: deviation(*one, PLACES, places) * 10 ** (PLACES - places) for key, one in sums.items()}
    whole = pl.Series(values.name, [found.get(key) for key in keys], dtype=pl.Int128)
    return whole.reinterpret(dtype=EXACT)
