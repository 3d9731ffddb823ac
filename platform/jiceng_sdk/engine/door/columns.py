"""One column at the door: type, options, bounds and places are checked, never clipped; then typed
for the engine.
"""

import polars as pl

from jiceng_sdk.engine.door.blame import Blame
from jiceng_sdk.engine.door.shape import KIND_WORDS, Shape
from jiceng_sdk.engine.exact import EXACT


def read(
    column: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame, *, narrow: bool = False
) -> pl.Series:
    """The column as the engine keeps it. Faults go to `blame`; a refused column comes back empty.

    `narrow`: numbers keep their own scale, as integers or decimals (many rows; each is made exact where it
    is read).
    """
    if not shape.accepts(column.dtype):
        word = KIND_WORDS[shape.kind]
        blame.whole(
            shape.path,
            f"“{shape.title}”应为{word}，收到的列是 {column.dtype}；请按模板填写（小数不得用浮点数）",
            f"needs {shape.kind}, the column is {column.dtype}",
        )
        return _empty(column, shape)
    if shape.kind == "number":
        return _number(column, shape, subjects, blame, narrow=narrow)
    if shape.options and column.dtype != pl.Null:
        return options(column, column.cast(shape.dtype, strict=False), shape, subjects, blame)
    return column.cast(shape.dtype)


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
    if column.dtype == pl.Null or column.null_count() == len(column):
        return _empty(column, shape)
    fine = _bounds(column, shape, subjects, blame)
    fine = _places(column, shape, subjects, blame) and fine
    if not fine:
        return _empty(column, shape)
    return column.cast(_narrow(column, shape) if narrow else EXACT)


def _narrow(column: pl.Series, shape: Shape) -> pl.DataType:
    scale = getattr(column.dtype, "scale", None)
    return pl.Int64() if scale is None else pl.Decimal(38, min(scale, shape.places))


def _bounds(column: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame) -> bool:
    low, high = column.min(), column.max()
    if low is not None and high is not None and low >= shape.low and high <= shape.high:  # type: ignore[operator] # a number column
        return True
    wide = column.cast(pl.Decimal(38, max(2, getattr(column.dtype, "scale", 0))))
    for bad, zh, en in (
        (wide < shape.low, f"小于“{shape.title}”的下限 {shape.low}", f"is below the minimum {shape.low}"),
        (wide > shape.high, f"大于“{shape.title}”的上限 {shape.high}", f"is above the maximum {shape.high}"),
    ):
        blame.rows(shape.path, subjects.filter(bad), column.filter(bad), zh, en)
    return False


def _places(column: pl.Series, shape: Shape, subjects: pl.Series, blame: Blame) -> bool:
    if getattr(column.dtype, "scale", 0) <= shape.places:
        return True
    bad = column != column.round(shape.places, mode="half_away_from_zero")
    if not bad.any():
        return True
    zh = f"的小数超过“{shape.title}”允许的 {shape.places} 位"
    blame.rows(
        shape.path, subjects.filter(bad), column.filter(bad), zh, f"has more than {shape.places} places"
    )
    return False
