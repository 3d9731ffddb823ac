"""The one bulk writer: columns into a tenant's table by INSERT … SELECT FROM unnest.

PostgreSQL refuses COPY into a table with row security.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from piccolo.columns import JSON, JSONB, Array, Column, Numeric, Text, Varchar

from jiceng.kernel.database.access import execute
from jiceng.kernel.database.context import current_tenant
from jiceng.kernel.database.tables import RowId, told_moments
from jiceng.kernel.database.transaction import in_transaction
from jiceng.kernel.ids import new_id

if TYPE_CHECKING:
    import polars as pl

    from jiceng.kernel.database.driver import Value
    from jiceng.kernel.database.tables import TenantTable

CHUNK = 20_000
"""Rows per statement: bounds what is held in memory twice."""
MANY = 500
"""From so many rows on, checks that scan them cost more than planning the session's statements anew."""


async def bulk_insert(table: type[TenantTable], frame: pl.DataFrame) -> int:
    """Insert `frame`'s rows into `table` for the current tenant and return how many.

    `id` and moments of now are made when absent; other columns left out get NULL or their default in the
    database; list columns go into array columns, text into JSONB as it is. Everything or nothing: needs an
    open transaction.

    Raises:
        RuntimeError: outside a transaction. ValueError: a column the table does not have, or tenant_id.
    """
    in_transaction()
    columns = {column._meta.db_column_name: column for column in table._meta.columns}
    unknown = [name for name in frame.columns if name not in columns or name == "tenant_id"]
    if unknown:
        raise ValueError(f"{table._meta.tablename} takes no {', '.join(unknown)}")
    made = [name for name in ("id", *told_moments(table)) if name not in frame.columns]
    names = [*made, *frame.columns]
    sql = _statement(table._meta.tablename, [columns[name] for name in names])
    written = 0
    for part in frame.iter_slices(CHUNK):
        values = [
            *(_made(columns[name], part.height) for name in made),
            *(_values(part[name], columns[name]) for name in part.columns),
        ]
        written += await execute(sql, current_tenant(), *values)
    if written >= MANY:
        await forget_plans()
    return written


async def forget_plans() -> None:
    """Let this session plan anew: its plan of a foreign key check, made while the target was empty, scans it.

    Costs the session every plan it has, so only after many rows.
    """
    await execute("discard plans")


def _statement(tablename: str, columns: list[Column]) -> str:
    names = [column._meta.db_column_name for column in columns]
    listed = ", ".join(f'"{name}"' for name in names)
    arrays = ", ".join(f"${at}::{_sent_as(column)}[]" for at, column in enumerate(columns, start=2))
    # Arrays travel as text, one literal per row: unnest would flatten an array of arrays.
    read = ", ".join(
        f'x."{name}"::{column.column_type}' if isinstance(column, Array | JSON | JSONB) else f'x."{name}"'
        for name, column in zip(names, columns, strict=True)
    )
    head = f'insert into "{tablename}" (tenant_id, {listed})'
    # Every name comes from a table's declaration, every value travels as a parameter.
    return f"{head} select $1, {read} from unnest({arrays}) as x({listed})"  # noqa: S608 - see above


def _sent_as(column: Column) -> str:
    # A cast to varchar(n) would cut what is too long instead of refusing it.
    if isinstance(column, Array | JSON | JSONB | Varchar | Text):
        return "text"
    return "numeric" if isinstance(column, Numeric) else column.column_type


def _made(column: Column, count: int) -> list[Value]:
    if isinstance(column, RowId):
        return [new_id() for _ in range(count)]
    return [column._meta.params["default"]()] * count


def _values(series: pl.Series, column: Column) -> list[Value]:
    if not isinstance(column, Array):
        return series.to_list()
    from jiceng.kernel.database.frames import array_literals  # noqa: PLC0415 - Polars comes with the first frame

    return array_literals(series).to_list()
