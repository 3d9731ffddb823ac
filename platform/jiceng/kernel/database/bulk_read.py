"""The one bulk reader: whole columns out of PostgreSQL, as the current tenant, in a thread."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import polars as pl
import pyarrow as pa

from jiceng.kernel.database.columnar import ColumnarConnections
from jiceng.kernel.database.context import current_tenant, open_transaction
from jiceng.kernel.database.driver import Value
from jiceng.kernel.database.engine import engine
from jiceng.kernel.errors import NoTenant


async def bulk_read(sql: str, args: Sequence[Value] = ()) -> pl.DataFrame:
    """Return the rows of one SELECT ($1, $2 … parameters) as columns; what has been committed is seen.

    Exact numbers arrive as integers: select a scaled bigint, for NUMERIC comes as an opaque string.
    uuid columns become text.

    Raises:
        NoTenant: outside every tenant. RuntimeError: inside a transaction, whose changes it could not see.
        TypeError: a column is NUMERIC or of another type that has no columnar form.
    """
    tenant = current_tenant()
    if open_transaction.get() is not None:
        raise RuntimeError("bulk_read uses a connection of its own: read before or after the transaction")
    return await asyncio.to_thread(_read, engine.pools.columnar, tenant, sql, tuple(args))


def _read(source: ColumnarConnections, tenant: int, sql: str, args: tuple[Value, ...]) -> pl.DataFrame:
    connection = source.begin(tenant)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, [str(arg) if isinstance(arg, UUID) else arg for arg in args] or None)
            table = cursor.fetch_arrow_table()
            cursor.execute("select current_setting('app.tenant_id', true)")
            found = cursor.fetchone()
    except BaseException:
        connection.close()
        raise
    source.give_back(connection)
    if found != (str(tenant),):
        raise NoTenant(f"the bulk read ran without its tenant ({tenant}): its rows cannot be trusted")
    return _framed(table)


def _framed(table: pa.Table) -> pl.DataFrame:
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
