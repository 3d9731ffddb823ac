"""The one bulk reader: whole columns out of PostgreSQL, as the current tenant, in a thread."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.engine import engine
from jiceng.kernel.database.transaction import open_transaction
from jiceng.kernel.errors import NoTenant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl
    import pyarrow as pa

    from jiceng.kernel.database.columnar import ColumnarConnections
    from jiceng.kernel.database.driver import Cursor, Value

T = TypeVar("T")
_PARAMETER = re.compile(r"\$(\d+)")


async def bulk_read_batches(sql: str, args: Sequence[Value], each: Callable[[pa.RecordBatch], T]) -> list[T]:
    """Return what `each` makes of every batch of rows, while further rows arrive; else as `bulk_read`.

    `each` runs in the reading thread. Parameters may be whole numbers, days and ids: they are written into
    the statement, because only a statement without parameters is streamed instead of held twice.
    """
    tenant = _readable()
    written = inlined(sql, args)
    return await asyncio.to_thread(_stream, engine.pools.columnar, tenant, written, each)


async def bulk_read(sql: str, args: Sequence[Value] = ()) -> pl.DataFrame:
    """Return the rows of one SELECT ($1, $2 … parameters) as columns; what has been committed is seen.

    Exact numbers arrive as integers: select a scaled bigint, for NUMERIC comes as an opaque string.
    uuid columns become text.

    Raises:
        NoTenant: outside every tenant. RuntimeError: inside a transaction, whose changes it could not see.
        TypeError: a column is NUMERIC or of another type that has no columnar form.
    """
    tenant = _readable()
    return await asyncio.to_thread(_read, engine.pools.columnar, tenant, sql, tuple(args))


def inlined(sql: str, args: Sequence[Value]) -> str:
    """The statement with $1, $2 … replaced by literals. Raises TypeError for anything but int, date, UUID."""
    return _PARAMETER.sub(lambda found: _literal(args[int(found[1]) - 1]), sql)


def _literal(value: Value) -> str:
    match value:
        case bool():
            pass
        case int():
            return str(value)
        case UUID() | date():
            return f"'{value}'::{'uuid' if isinstance(value, UUID) else 'date'}"
    raise TypeError(f"a {type(value).__name__} cannot be written into a streamed statement")


def _readable() -> int:
    tenant = current_tenant()
    if open_transaction.get() is not None:
        raise RuntimeError("bulk_read uses a connection of its own: read before or after the transaction")
    return tenant


def _stream(
    source: ColumnarConnections, tenant: int, sql: str, each: Callable[[pa.RecordBatch], T]
) -> list[T]:
    connection = source.begin(tenant)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            found = [each(batch) for batch in cursor.fetch_record_batch() if batch.num_rows]
            _must_still_be(tenant, cursor)
    except BaseException:
        connection.close()
        raise
    source.give_back(connection)
    return found


def _must_still_be(tenant: int, cursor: Cursor) -> None:
    cursor.execute("select current_setting('app.tenant_id', true)")
    if (found := cursor.fetchone()) != (str(tenant),):
        raise NoTenant(f"the bulk read ran without its tenant ({tenant}, not {found}): do not trust its rows")


def _read(source: ColumnarConnections, tenant: int, sql: str, args: tuple[Value, ...]) -> pl.DataFrame:
    connection = source.begin(tenant)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, [str(arg) if isinstance(arg, UUID) else arg for arg in args] or None)
            table = cursor.fetch_arrow_table()
            _must_still_be(tenant, cursor)
    except BaseException:
        connection.close()
        raise
    source.give_back(connection)
    from jiceng.kernel.database.frames import framed  # noqa: PLC0415 - Polars comes with the first reader

    return framed(table)
