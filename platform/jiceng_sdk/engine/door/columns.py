"""One column at the door: type, options, bounds and places are checked, never clipped; then typed
for the engine.
"""

import polars as pl

from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.shape import KIND_WORDS, Shape
from jiceng_sdk.engine.numbers.exact import EXACT


def read(
    column: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame, *, narrow: bool = False
) -> pl.Series:
    """The column as the engine keeps it. Faults go to `blame`; a refused column comes back empty.

    `narrow`: numbers keep their own scale, as integers or decimals (many rows; each is made exact where it
    is read).
    """
    dtype = column.dtype
    if not shape.accepts(dtype):
        word = KIND_WORDS[shape.kind]
        blame.whole(
            shape.path,
            f"“{shape.title}”应为{word}，收到的列是 {dtype}；请按模板填写（小数不得用浮点数）",
            f"needs {shape.kind}, the column is {dtype}",
        )
        return _empty(column, shape)
    if shape.kind == "number":
        return _number(column, shape, subjects, blame, narrow=narrow)
    if shape.options and not isinstance(dtype, pl.Null):
        return options(column, column.cast(shape.dtype, strict=False), shape, subjects, blame)
    return column if isinstance(dtype, type(shape.dtype)) else column.cast(shape.dtype)


def _empty(column: pl.Series, shape: Shape) -> pl.Series:
    return pl.Series(column.name, [None] * len(column), dtype=shape.dtype)


def options(
    column: pl.Series, typed: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame
) -> pl.Series:
    """Words as options; `typed` has null for those that are none, each of which is a fault."""
    if typed.null_count() > column.null_count():
        bad = typed.is_null() & column.is_not_null()
        known = "、".join(shape.options[:12])
        blame.rows(
            shape.path,
            subjects.filter(bad),
            column.filter(bad),
            f"不是“{shape.title}”的选项，可选：{known}",
            f"is no option, known: {', '.join(shape.options[:12])}",
        )
    return typed


def _number(column: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame, *, narrow: bool) -> pl.Series:
    dtype, low = column.dtype, column.min()
    if isinstance(dtype, pl.Null) or low is None:
        return _empty(column, shape)
    scale = dtype.scale if isinstance(dtype, pl.Decimal) else 0
    fine = _bounds(column, low, shape, subjects, blame)
    fine = (scale <= shape.places or _places(column, shape, subjects, blame)) and fine
    if not fine:
        return _empty(column, shape)
    if not narrow:
        return column.cast(EXACT)
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.Decimal(38, min(scale, shape.places)))
    return column if isinstance(dtype, pl.Int64) else column.cast(pl.Int64)


def _bounds(column: pl.Series, low: object, shape: Shape, subjects: pl.Series, blame: Blame) -> bool:
    """Whether all numbers lie within the bounds. `low`: the least of them."""
    if low >= shape.low and column.max() <= shape.high:  # type: ignore[operator] # a number column
        return True
    wide = column.cast(pl.Decimal(38, max(2, getattr(column.dtype, "scale", 0))))
    for bad, zh, en in (
        (wide < shape.low, f"小于“{shape.title}”的下限 {shape.low}", f"is below the minimum {shape.low}"),
        (wide > shape.high, f"大于“{shape.title}”的上限 {shape.high}", f"is above the maximum {shape.high}"),
    ):
        blame.rows(shape.path, subjects.filter(bad), column.filter(bad), zh, en)
    return False


def _places(column: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame) -> bool:
    """Whether those with too many places have nothing there but zeros."""
    bad = column != column.round(shape.places, mode="half_away_from_zero")
    if not bad.any():
        return True
    zh = f"的小数超过“{shape.title}”允许的 {shape.places} 位"
    blame.rows(
        shape.path, subjects.filter(bad), column.filter(bad), zh, f"has more than {shape.places} places"
    )
    return False
