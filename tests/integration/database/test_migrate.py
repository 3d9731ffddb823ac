"""`jiceng migrate`: repeatable, twice at once, all or nothing; the database is what the code declares."""

import asyncio
import os
import re

import asyncpg
import msgspec
import pytest
from piccolo.apps.migrations.auto.diffable_table import DiffableTable
from piccolo.apps.migrations.auto.schema_differ import SchemaDiffer
from piccolo.apps.migrations.auto.schema_snapshot import SchemaSnapshot
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.conf.apps import AppConfig, Finder
from tests.support.database import as_superuser, pointed_at

from jiceng.kernel.database.catalog import read_tables
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.lint import check_database
from jiceng.kernel.database.migrate import migrate, registered_tables
from jiceng.kernel.database.roles import database_of, with_database
from jiceng.kernel.errors import Refusal, Unavailable
from jiceng.kernel.settings import Settings

APPS = {config.app_name: config for config in Finder().get_app_configs()}


async def test_a_second_run_changes_nothing(settings: Settings) -> None:
    report = await migrate(settings)
    assert not report.changed
    assert set(report.ran) == set(APPS)


async def test_two_at_once_on_an_empty_database_end_well(server: Settings) -> None:
    name = f"jc_{os.getpid()}_twice"
    empty = pointed_at(server, name)
    try:
        first, second = await asyncio.gather(migrate(empty), migrate(empty))
        assert sorted([first.changed, second.changed]) == [False, True]
        assert await check_database(empty, registered_tables()) == []
    finally:
        await as_superuser(server, f"drop database if exists {name} with (force)")


async def test_nothing_is_kept_when_a_table_would_stay_unprotected(
    server: Settings, own_settings: Settings
) -> None:
    database = database_of(own_settings.database_url)
    await as_superuser(server, "create table stray (tenant_id integer not null)", database=database)
    await as_superuser(server, "alter table counter no force row level security", database=database)
    with pytest.raises(Refusal, match="stray") as refused:
        await migrate(own_settings)
    assert "没有受到保护" in str(refused.value)
    assert "把那个插件装回来" in str(refused.value)
    forced = await as_superuser(
        server, "select relforcerowsecurity from pg_class where relname = 'counter'", database=database
    )
    assert forced[0][0] is False, "the repair of another table was rolled back with it"


async def test_a_failing_migration_names_its_app_and_changes_nothing(
    own_settings: Settings, server: Settings
) -> None:
    database = database_of(own_settings.database_url)
    await as_superuser(
        server, "delete from migration where app_name in ('kernel', 'tenancy')", database=database
    )
    with pytest.raises(Refusal, match=r"没有做任何改动.*already exists.*migrations/kernel"):
        await migrate(own_settings)
    assert (
        await as_superuser(server, "select 1 from migration where app_name = 'kernel'", database=database)
        == []
    )


async def test_protection_taken_away_comes_back(server: Settings, own_settings: Settings) -> None:
    for damage in (
        "alter table counter disable row level security",
        "drop policy tenant_rows on tenant_setting",
        "create policy wide on tenant_plugin using (true)",
        "grant truncate on tenant_plugin to jiceng_app",
        "revoke select on tenant from jiceng_app",
        "alter table tenant_summary drop constraint tenant_summary_pkey, add primary key (id)",
        "alter table job alter due_at set default '2026-01-01 00:00+00'",
    ):
        await as_superuser(server, damage, database=database_of(own_settings.database_url))
    assert len(await check_database(own_settings, registered_tables())) >= 7
    report = await migrate(own_settings)
    assert len(report.protected) == 7
    assert await check_database(own_settings, registered_tables()) == []


@pytest.mark.parametrize("app", APPS.values(), ids=APPS.keys())
async def test_the_migrations_of_an_app_make_exactly_its_declared_tables(app: AppConfig) -> None:
    managers = await BaseMigrationManager().get_migration_managers(app_config=app)
    declared = [
        DiffableTable(
            class_name=table.__name__,
            tablename=table._meta.tablename,
            columns=table._meta.non_default_columns,
            constraints=table._meta.constraints,
            schema=table._meta.schema,
        )
        for table in app.table_classes
    ]
    differ = SchemaDiffer(
        schema=declared, schema_snapshot=SchemaSnapshot(managers).get_snapshot(), auto_input="n"
    )
    differences = [line for part in differ.get_alter_statements() for line in part.statements]
    assert differences == [], "make a fresh migration of this app"


SQL_TYPES = {
    "VARCHAR": "character varying",
    "TIMESTAMPTZ": "timestamp with time zone",
    "BIGINT": "bigint",
    "DECIMAL": "numeric",
    "SMALLINT": "smallint",
    "INT": "integer",
    "TIME": "time without time zone",
    "TIMESTAMP": "timestamp without time zone",
}


async def test_every_column_in_the_database_has_its_declared_type(settings: Settings) -> None:
    connection = await asyncpg.connect(settings.migrate_url)
    states = await read_tables(connection)
    await connection.close()
    for table in registered_tables():
        state = states[table._meta.tablename]
        found = {
            name: (re.sub(r"\(.*\)", "", column.sql_type), column.not_null)
            for name, column in state.columns.items()
        }
        declared = {}
        for column in table._meta.columns:
            base = column.column_type.upper().split("(")[0]
            many = "[]" if column.column_type.endswith("[]") else ""
            base = base.removesuffix("[]")
            declared[column._meta.db_column_name] = (
                SQL_TYPES.get(base, base.lower()) + many,
                column._meta.primary_key or not column._meta.null,
            )
        assert found == declared, state.name


def _wrong(settings: Settings, url: str) -> Settings:
    return msgspec.structs.replace(settings, migrate_url=url, superuser_url="")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda _: "", "没有为数据库角色 migrate 设置连接地址"),
        (lambda url: url.replace("jiceng_migrate:", "jiceng_migrate:wrong"), "用户名或密码不正确"),
        (lambda url: with_database(url, "nowhere"), "数据库不存在"),
        (lambda _: "postgresql://u:secret-word@127.0.0.1:9/jiceng", "连接被拒绝"),
        (lambda _: "postgresql://u:secret-word@/jiceng?host=/nonexistent&port=5432", "连接被拒绝"),
        (lambda _: "postgresql://u:secret-word@no-such-host.invalid/jiceng", "找不到数据库主机"),
    ],
    ids=["absent", "password", "database", "port", "socket", "host"],
)
async def test_a_wrong_url_is_explained_without_its_password(
    change: object, words: str, settings: Settings
) -> None:
    url = change(settings.migrate_url)  # type: ignore[operator]
    with pytest.raises(Unavailable) as refused:
        await migrate(_wrong(settings, url))
    assert words in str(refused.value)
    assert "JICENG_MIGRATE_URL" in str(refused.value)
    assert "secret-word" not in str(refused.value)
    assert refused.value.todo_zh


async def test_links_are_composite_and_indexed_with_the_tenant_in_front(superuser: Connection) -> None:
    states = await read_tables(superuser)
    links = [key for state in states.values() for key in state.keys if key.kind == "f"]
    assert links
    assert {key.columns[0] for key in links} == {"tenant_id"}
    assert {key.target_columns for key in links} == {("tenant_id", "id")}
