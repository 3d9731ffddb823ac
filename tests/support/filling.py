"""One row per tenant in every tenant table, whatever its columns: what isolation is probed with."""
# ruff: noqa: S608 - the statements are put together from declared table and column names

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from jiceng.kernel.database.catalog import TableState, read_tables
from jiceng.kernel.database.driver import Connection

_VALUES = {
    "text": "'x'",
    "character varying": "'x'",
    "integer": "1",
    "bigint": "1",
    "smallint": "1",
    "boolean": "true",
    "date": "'2026-03-01'",
    "timestamp with time zone": "'2026-03-01T08:00Z'",
    "jsonb": "'{}'",
    "json": "'{}'",
    "numeric": "1",
    "bytea": "'\\x00'",
    "uuid": "'00000000-0000-7000-8000-000000000001'",
    "interval": "'1 day'",
    "double precision": "1",
    "real": "1",
    "time without time zone": "'08:00'",
    "timestamp without time zone": "'2026-03-01T08:00'",
}


def row_id(table: str, tenant: int) -> UUID:
    """Return the id of the one row of `tenant` in `table`."""
    return uuid5(NAMESPACE_URL, f"{table}/{tenant}")


def values(state: TableState, tenant: int, **changes: str) -> dict[str, str]:
    """Return SQL literals for every column of a row of `tenant`; links point at the tenant's own rows."""
    links = {key.columns[-1]: key.target for key in state.keys if key.kind == "f"}
    row: dict[str, str] = {}
    for column in state.columns.values():
        kind = column.sql_type.split("(")[0]
        if column.name in links:
            row[column.name] = f"'{row_id(links[column.name], tenant)}'"
        else:
            row[column.name] = "'{}'" if column.sql_type.endswith("[]") else _VALUES[kind]
    return row | {"tenant_id": str(tenant), "id": f"'{row_id(state.name, tenant)}'"} | changes


def insertion(state: TableState, row: dict[str, str]) -> str:
    """Return the INSERT of one row."""
    names = ", ".join(f'"{name}"' for name in row)
    return f'insert into "{state.name}" ({names}) values ({", ".join(row.values())})'


async def fill(connection: Connection, tenants: tuple[int, ...]) -> dict[str, TableState]:
    """As superuser put one row per tenant into every tenant table; CHECKs are dropped, this is a copy."""
    states = {
        name: state for name, state in (await read_tables(connection)).items() if "tenant_id" in state.columns
    }
    checks: list[Any] = await connection.fetch(
        "select conrelid::regclass::text as of, conname from pg_constraint"
        " where contype = 'c' and connamespace = 'public'::regnamespace"
    )
    for check in checks:
        await connection.execute(f'alter table {check["of"]} drop constraint "{check["conname"]}"')
    async with connection.transaction():
        await connection.execute("set local session_replication_role = replica")
        for tenant in tenants:
            for state in states.values():
                await connection.execute(insertion(state, values(state, tenant)))
    return states
