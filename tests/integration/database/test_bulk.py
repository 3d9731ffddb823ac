"""Columns in and out under row security: the same rows, the same refusals as for single statements."""

from datetime import UTC, date, datetime

import adbc_driver_postgresql.dbapi
import asyncpg
import polars as pl
import pytest

from jiceng.kernel import clock
from jiceng.kernel import database as db
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.frames import array_literals
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings
from jiceng.tenancy.tables import TenantPlugin, TenantSetting, TenantSummary

WHEN = datetime(2026, 3, 1, 8, tzinfo=UTC)


async def _write(count: int) -> int:
    frame = pl.DataFrame({"topic": [f"t{n}" for n in range(count)], "amount": range(count)})
    async with db.transaction():
        return await db.bulk_insert(TenantSummary, frame.with_columns(counted_at=pl.lit(WHEN)))


@pytest.mark.usefixtures("database")
async def test_what_is_written_in_bulk_is_read_in_bulk_by_its_tenant_only() -> None:
    with db.tenant_scope(1):
        assert await _write(45_000) == 45_000
        read = await db.bulk_read(
            "select topic, amount, counted_at from tenant_summary where tenant_id = $1", (1,)
        )
        assert read.height == 45_000
        assert read["amount"].sum() == 45_000 * 44_999 // 2
        assert read["counted_at"][0] == WHEN
    with db.tenant_scope(2):
        assert (await db.bulk_read("select topic from tenant_summary")).height == 0


@pytest.mark.usefixtures("database")
async def test_a_moment_left_out_is_that_of_the_insert_not_of_the_migration() -> None:
    frame = pl.DataFrame({"topic": ["t"], "amount": [1]})
    with db.tenant_scope(1), clock.showing(WHEN):
        async with db.transaction():
            await db.bulk_insert(TenantSummary, frame)
        assert await db.fetch_value("select counted_at from tenant_summary where tenant_id = 1") == WHEN
        with pytest.raises(asyncpg.NotNullViolationError, match="counted_at"):
            await db.execute(
                "insert into tenant_summary (tenant_id, id, topic, amount) values (1, $1, 'u', 1)", new_id()
            )


async def test_reading_with_autocommit_would_lose_the_tenant_in_silence(database: Settings) -> None:
    with db.tenant_scope(1):
        await _write(3)
        assert (await db.bulk_read("select topic from tenant_summary")).height == 3
    connect = adbc_driver_postgresql.dbapi.connect
    with connect(database.database_url, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL app.tenant_id = '1'")
        cursor.execute("select topic from tenant_summary")
        assert cursor.fetch_arrow_table().num_rows == 0, "the trap this reader exists for"


async def test_a_reader_survives_that_the_server_closed_its_idle_connection(
    database: Settings, superuser: Connection
) -> None:
    del database
    with db.tenant_scope(1):
        pid = (await db.bulk_read("select pg_backend_pid() as pid"))["pid"][0]
        assert (await db.bulk_read("select pg_backend_pid() as pid"))["pid"][0] == pid, "it is used again"
        await superuser.execute("select pg_terminate_backend($1, 5000)", pid)
        assert (await db.bulk_read("select pg_backend_pid() as pid"))["pid"][0] != pid


@pytest.mark.usefixtures("database")
async def test_a_failed_read_leaves_nothing_to_the_next() -> None:
    with db.tenant_scope(1):
        with pytest.raises(adbc_driver_postgresql.dbapi.ProgrammingError, match="no_such_table"):
            await db.bulk_read("select * from no_such_table")
        assert (await db.bulk_read("select 1 as x"))["x"].to_list() == [1]


@pytest.mark.usefixtures("database")
async def test_one_connection_serves_tenants_one_after_the_other() -> None:
    for tenant in (1, 2):
        with db.tenant_scope(tenant):
            await _write(tenant)
    for tenant in (1, 2, 1):
        with db.tenant_scope(tenant):
            read = await db.bulk_read("select tenant_id from tenant_summary")
            assert read["tenant_id"].to_list() == [tenant] * tenant


@pytest.mark.usefixtures("database")
async def test_ids_arrive_as_text_dates_as_dates_and_lists_as_lists() -> None:
    key = new_id()
    with db.tenant_scope(1):
        frame = await db.bulk_read(
            "select $1::uuid as id, $2::date as day, array[1, 2]::bigint[] as n, null::bigint as nothing",
            (key, date(2026, 3, 1)),
        )
        assert frame.to_dicts() == [{"id": str(key), "day": date(2026, 3, 1), "n": [1, 2], "nothing": None}]
        empty = await db.bulk_read("select id from tenant_summary")
        assert empty.schema == {"id": pl.String}


@pytest.mark.usefixtures("database")
async def test_numeric_columns_are_refused_because_they_arrive_as_opaque_text() -> None:
    with db.tenant_scope(1), pytest.raises(TypeError, match="scaled bigint"):
        await db.bulk_read("select 1.5::numeric as score")


async def _read_inside() -> None:
    async with db.transaction():
        await db.bulk_read("select 1 as x")


async def _insert(frame: pl.DataFrame, table: type[TenantSummary] = TenantSummary) -> None:
    async with db.transaction():
        await db.bulk_insert(table, frame)


@pytest.mark.usefixtures("database")
async def test_a_bulk_read_inside_a_transaction_is_refused() -> None:
    with db.tenant_scope(1), pytest.raises(RuntimeError, match="connection of its own"):
        await _read_inside()


@pytest.mark.usefixtures("database")
async def test_a_bulk_insert_needs_a_transaction_known_columns_and_no_tenant_id() -> None:
    with db.tenant_scope(1):
        with pytest.raises(RuntimeError, match="open transaction"):
            await db.bulk_insert(TenantSummary, pl.DataFrame({"topic": ["a"]}))
        with pytest.raises(ValueError, match="takes no colour"):
            await _insert(pl.DataFrame({"colour": ["red"]}))
        with pytest.raises(ValueError, match="takes no tenant_id"):
            await _insert(pl.DataFrame({"tenant_id": [2]}))


@pytest.mark.usefixtures("database")
async def test_one_bad_row_among_many_chunks_leaves_nothing_behind() -> None:
    topics = [f"t{n}" for n in range(25_000)]
    topics[24_000] = "t3"
    frame = pl.DataFrame({"topic": topics, "amount": 1, "counted_at": [WHEN] * 25_000})
    with db.tenant_scope(1):
        with pytest.raises(asyncpg.UniqueViolationError):
            await _insert(frame)
        assert await db.fetch_value("select count(*) from tenant_summary") == 0


@pytest.mark.usefixtures("database")
async def test_text_too_long_for_its_column_is_refused_not_cut() -> None:
    frame = pl.DataFrame({"name": ["x" * 101], "enabled": [True], "changed_at": [WHEN]})
    with db.tenant_scope(1), pytest.raises(asyncpg.StringDataRightTruncationError):
        await _insert(frame, TenantPlugin)  # type: ignore[arg-type]


@pytest.mark.usefixtures("database")
async def test_json_travels_as_text() -> None:
    frame = pl.DataFrame(
        {"name": ["zone"], "valid_from": [date(2026, 1, 1)], "value": ['{"名": ["甲", 1.50]}']}
    )
    with db.tenant_scope(1):
        await _insert(frame, TenantSetting)  # type: ignore[arg-type]
        assert await db.fetch_value("select value ->> '名' from tenant_setting") == '["甲", 1.50]'


async def test_array_literals_survive_every_character_postgresql_knows(database: Settings) -> None:
    rows = [["a,b", '引"号', "back\\slash", "{}", "NULL", ""], [None, "x"], []]
    literals = array_literals(pl.Series("v", rows)).to_list()
    connection = await asyncpg.connect(database.database_url)
    assert [await connection.fetchval("select $1::text::text[]", each) for each in literals] == rows
    numbers = array_literals(pl.Series("v", [[1, None, -3], []], dtype=pl.List(pl.Int64))).to_list()
    assert [await connection.fetchval("select $1::text::bigint[]", each) for each in numbers] == [
        [1, None, -3],
        [],
    ]
    await connection.close()
