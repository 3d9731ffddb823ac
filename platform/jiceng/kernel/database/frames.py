"""Between frames and PostgreSQL: Arrow tables as frames, lists as array literals.

Loaded by the first bulk read or write, not by every process: Polars, Arrow and numpy are half of what
starting one costs.
"""

import polars as pl
import pyarrow as pa


def framed(table: pa.Table) -> pl.DataFrame:
    """Return the columns as a frame, ids as text. Raises TypeError for a type without a columnar form."""
    columns: dict[str, pl.Series] = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if isinstance(field.type, pa.UuidType):
            columns[field.name] = _uuid_text(pl.from_arrow(column.cast(pa.binary(16))))
        elif isinstance(field.type, pa.BaseExtensionType):
            raise TypeError(
                f"column {field.name} has no columnar form ({field.type}): select a scaled bigint"
            )
        else:
            columns[field.name] = pl.Series(field.name, pl.from_arrow(column))
    return pl.DataFrame(columns)


def _uuid_text(raw: pl.Series | pl.DataFrame) -> pl.Series:
    """Write 16 bytes as 8-4-4-4-12 hexadecimal digits."""
    digits = pl.col("u").bin.encode("hex")
    parts = [
        digits.str.slice(start, length) for start, length in ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))
    ]
    return pl.DataFrame({"u": raw}).select(pl.concat_str(parts, separator="-").alias("u")).to_series()


def array_literals(series: pl.Series) -> pl.Series:
    """Write each row's list as PostgreSQL's array literal: {1,NULL,3} or {"a","b"}."""
    element = pl.element().cast(pl.String)
    if series.dtype.is_nested() and getattr(series.dtype, "inner", None) == pl.String:
        escaped = element.str.replace_all("\\", "\\\\", literal=True).str.replace_all(
            '"', '\\"', literal=True
        )
        element = pl.concat_str(pl.lit('"'), escaped, pl.lit('"'))
    written = pl.col("v").list.eval(element.fill_null("NULL")).list.join(",")
    return (
        pl.DataFrame({"v": series})
        .select(pl.concat_str(pl.lit("{"), written, pl.lit("}")).alias("v"))
        .to_series()
    )
