"""Two tenants in every table: nothing of the other is seen, changed, linked to or found out; proven by SQL.

Each probe is run a second time by a role with BYPASSRLS and must then report the leak: a probe that cannot
fail proves nothing.
"""
# ruff: noqa: S608 - the statements are put together from declared table and column names

import asyncio
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
import pytest_asyncio
from tests.support.database import copied
from tests.support.filling import fill, insertion, row_id, values
from tests.support.probing import FOREIGN, OWN, TABLES, attempt, leaks

from jiceng.kernel.database.catalog import TableState, read_tables
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.database.tables import TenantTable
from jiceng.kernel.settings import Settings

pytestmark = pytest.mark.asyncio(loop_scope="module")  # each probe is rolled back: they share connections
EVERYTHING = {"read", "read by id", "change", "delete", "write", "move"}
_ONLY_ADDED_TO = {"change", "delete", "move"}
KEPT_BY_TRIGGERS = {
    "audit_entry": {"change", "move"},
    "audit_head": {"delete", "move"},
    "points_account": _ONLY_ADDED_TO | {"write"},
    "points_book": {"delete", "move"},
    "points_entry": _ONLY_ADDED_TO,
    "points_gift": {"write"},
    "points_stock_move": _ONLY_ADDED_TO,
    "points_transfer": _ONLY_ADDED_TO,
}
"""What not even a role past row security may do (the audit entry filled in here is an expired one)."""


@pytest.fixture(scope="module")
def filled(server: Settings, template: str) -> Iterator[Settings]:
    with copied(server, template, "isolation") as copy:
        asyncio.run(_fill(copy))
        yield copy


async def _fill(settings: Settings) -> None:
    connection = await asyncpg.connect(_superuser(settings))
    await fill(connection, (OWN, FOREIGN))
    await connection.close()


def _superuser(settings: Settings) -> str:
    return with_database(settings.superuser_url, database_of(settings.database_url))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def app(filled: Settings) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(filled.database_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bypassing(filled: Settings) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(filled.backfill_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def above(filled: Settings) -> AsyncIterator[Connection]:
    """The superuser's."""
    connection = await asyncpg.connect(_superuser(filled))
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def states(app: Connection) -> dict[str, TableState]:
    """What the catalog says of each table, read once: no probe changes it."""
    return await read_tables(app)


async def test_the_probes_cover_every_table_with_a_tenant_id(states: dict[str, TableState]) -> None:
    assert sorted(name for name, state in states.items() if "tenant_id" in state.columns) == TABLES


@pytest.mark.parametrize("table", TABLES)
async def test_a_tenant_reaches_no_row_of_another(
    table: str, app: Connection, bypassing: Connection, states: dict[str, TableState]
) -> None:
    state = states[table]
    own = await app.fetchval(f'select count(*) from "{table}"')
    assert own == 0, "without a tenant there is nothing to see"
    assert await attempt(app, f'select 1 from "{table}" where tenant_id = {OWN}') == "leak", (
        "its own row is there"
    )
    assert await leaks(app, state) == set()
    assert await leaks(bypassing, state) == EVERYTHING - KEPT_BY_TRIGGERS.get(table, set())


LINKS = [
    (table._meta.tablename, column._meta.db_column_name)
    for table in registered_tables()
    if issubclass(table, TenantTable)
    for column in table._meta.foreign_key_columns
]


@pytest.mark.parametrize(("table", "column"), LINKS)
async def test_no_row_can_point_at_another_tenants_row(
    table: str, column: str, above: Connection, states: dict[str, TableState]
) -> None:
    state = states[table]
    target = next(key.target for key in state.keys if key.kind == "f" and key.columns[-1] == column)
    transaction = above.transaction()
    await transaction.start()
    try:
        await above.execute(f'alter table "{table}" disable trigger user')  # else some refuse any change
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await above.execute(
                f'update "{table}" set "{column}" = $1 where tenant_id = $2', row_id(target, FOREIGN), OWN
            )
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("table", TABLES)
async def test_no_unique_key_tells_that_another_tenant_has_the_value(
    table: str, above: Connection, states: dict[str, TableState]
) -> None:
    state = states[table]
    transaction = above.transaction()
    await transaction.start()
    try:
        await above.execute("set local session_replication_role = replica")
        await above.execute(f'delete from "{table}" where tenant_id = {OWN}')
        twin = values(state, FOREIGN, tenant_id=str(OWN))
        assert await above.execute(insertion(state, twin)) == "INSERT 0 1"
    finally:
        await transaction.rollback()


async def test_the_app_role_can_neither_truncate_nor_create_nor_read_sequences(app: Connection) -> None:
    for sql in (
        "truncate counter",
        "create table mine (x int)",
        "create function f() returns int language sql as 'select 1'",
        "create operator public.<<< (leftarg = int, rightarg = int, function = int4lt)",
        "create view mine as select * from job",
        "create rule mine as on select to job do instead nothing",
        "alter function int4lt(int, int) leakproof",
        "select nextval('migration_id_seq')",
        "copy counter from stdin",
        "alter table counter disable row level security",
        "set role jiceng_owner",
        "create temp table t (x int)",
    ):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await app.execute(sql)
        assert refused.value.sqlstate in {"42501", "0A000"}, sql


@pytest.mark.parametrize(
    ("url", "visible"),
    [("relay_url", {"job", "tick", "tenant"}), ("operator_url", {"tenant", "tenant_summary"})],
)
async def test_roles_across_tenants_see_their_few_tables_only(
    url: str, visible: set[str], filled: Settings
) -> None:
    connection = await asyncpg.connect(getattr(filled, url))
    found = set()
    try:
        for table in [*TABLES, "tenant"]:
            try:
                seen = await connection.fetch(f'select * from "{table}" limit 1')
            except asyncpg.InsufficientPrivilegeError:
                continue
            found |= {table} if seen or table == "tenant" else set()
        assert found == visible
        for table in found - {"tenant"}:
            assert await connection.fetchval(f'select count(distinct tenant_id) from "{table}"') == 2
    finally:
        await connection.close()
