"""Layout of a kind of fact: which field lies at which place of the two arrays. Places are only ever added.

Numbers, flags and dates share the array of integers (scaled, 0/1, days since 1970-01-01), options and texts
the array of words, so that a bulk read moves plain columns and no row is decoded one by one.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from jiceng.facts.schemas import WORDS, Column, Layout
from jiceng.kernel.errors import Conflict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jiceng.facts.schemas import FieldKind

SCALE = 6
"""Decimals kept for a number, unless its fact declares more when it is first registered."""
KIND_WORDS: dict[FieldKind, str] = {
    "number": "数",
    "flag": "是否",
    "date": "日期",
    "choice": "选项",
    "text": "文字",
}
VALUE = "value"
"""Name of the only field of a single-valued fact."""


class Field(msgspec.Struct, frozen=True):
    """A field that a fact of the rulebook declares; `places` are the decimals accepted of a number."""

    name: str
    kind: FieldKind
    places: int = 0


def largest(places: int) -> Decimal:
    """The largest whole number that is kept of a field with so many decimals: 64 bits hold it scaled."""
    return Decimal((2**63 - 1) // 10 ** max(SCALE, places))


def extended(layout: Layout, fields: Iterable[Field]) -> Layout:
    """Return the layout with a place for every field; what is registered keeps its place.

    Raises Conflict when a registered field changes its kind or needs more decimals than are kept.
    """
    known = {column.name: column for column in layout.columns}
    columns = list(layout.columns)
    for field in fields:
        if field.name in known:
            _must_fit(known[field.name], field)
            continue
        family = _family(field.kind)
        place = 1 + sum(_family(column.kind) == family for column in columns)
        scale = max(SCALE, field.places) if field.kind == "number" else 0
        columns.append(Column(field.name, field.kind, place, scale))
    return Layout(tuple(columns))


def packed(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return `rows` with its fields turned into the columns n1 …, w1 …; a field not given is null."""
    return rows.select(
        pl.all().exclude([column.name for column in layout.columns]),
        *(_stored(rows, column).alias(column.key) for column in layout.columns),
    )


def unpacked(rows: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Return `rows` with n1 …, w1 … turned back into fields: Decimal, Boolean, Date, String."""
    keys = [column.key for column in layout.columns]
    return rows.select(
        pl.all().exclude(keys),
        *(_read(column).alias(column.name) for column in layout.columns),
    )


def _family(kind: FieldKind) -> str:
    return "w" if kind in WORDS else "n"


def misfit(layout: Layout, field: Field) -> Column | None:
    """The registered column of the field, when it is of a kind that cannot hold it."""
    return next((one for one in layout.columns if one.name == field.name and not _same(one, field)), None)


def _same(column: Column, field: Field) -> bool:
    return column.kind == field.kind or (column.kind in WORDS and field.kind in WORDS)


def _must_fit(column: Column, field: Field) -> None:
    if not _same(column, field):
        raise Conflict(
            f"字段的种类不能更改：已登记为{KIND_WORDS[column.kind]}，规则中写成{KIND_WORDS[field.kind]}",
            where=field.name,
            todo_zh="请给新的字段另取名称，已有的事实保持原样",
        )
    if field.kind == "number" and field.places > column.scale:
        raise Conflict(
            f"已登记保留 {column.scale} 位小数，规则要求 {field.places} 位",
            where=field.name,
            todo_zh="请给新的字段另取名称，已有的事实保持原样",
        )


def _stored(rows: pl.DataFrame, column: Column) -> pl.Expr:
    if column.name not in rows.columns:
        return pl.lit(None, dtype=pl.String if column.kind in WORDS else pl.Int64)
    value = pl.col(column.name)
    match column.kind:
        case "number":
            units = pl.lit(10**column.scale).cast(pl.Decimal(38, column.scale))
            return (value.cast(pl.Decimal(38, column.scale)) * units).cast(pl.Int64)
        case "date":
            return value.cast(pl.Date).cast(pl.Int32).cast(pl.Int64)
        case "flag":
            return value.cast(pl.Boolean).cast(pl.Int64)
    return value.cast(pl.String)


def _read(column: Column) -> pl.Expr:
    value = pl.col(column.key)
    match column.kind:
        case "number":
            wide = pl.Decimal(38, column.scale)
            return value.cast(wide) / pl.lit(10**column.scale).cast(wide)
        case "date":
            return value.cast(pl.Int32).cast(pl.Date)
        case "flag":
            return value.cast(pl.Boolean)
    return value.cast(pl.String)
