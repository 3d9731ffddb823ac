"""`jiceng check` finds every defect that is seeded, and none in a fresh database."""

import msgspec
import pytest

from jiceng.kernel.database.driver import Connection
from jiceng.kernel.database.findings import RULES
from jiceng.kernel.database.lint import check_database, find_defects, judge_surroundings
from jiceng.kernel.database.migrate import registered_tables
from jiceng.kernel.database.surroundings import read_surroundings
from jiceng.kernel.errors import Unavailable
from jiceng.kernel.settings import Settings

STRAY = "create table stray (id int primary key); alter table stray owner to jiceng_owner"
DEFECTS = [
    ("row-security-off", "counter", "alter table counter disable row level security"),
    ("row-security-not-forced", "counter", "alter table counter no force row level security"),
    ("policy-missing", "counter tenant_rows", "drop policy tenant_rows on counter"),
    ("policy-true", "counter wide", "create policy wide on counter using (true) with check (true)"),
    ("policy-true", "counter half", "create policy half on counter using (tenant_id = 1) with check (true)"),
    (
        "policy-without-check",
        "counter tenant_rows",
        (
            "drop policy tenant_rows on counter; create policy tenant_rows on counter"
            " using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::int)"
        ),
    ),
    (
        "policy-foreign",
        "counter more",
        "create policy more on counter using (value = 1) with check (value = 1)",
    ),
    ("policy-missing", "tenant_summary operator_rows", "drop policy operator_rows on tenant_summary"),
    ("moment-fixed", "job due_at", "alter table job alter due_at set default '2026-01-01 00:00+00'"),
    ("tenant-id-missing", "stray", STRAY),
    ("tenant-id-missing", "counter", "alter table counter drop column tenant_id cascade"),
    (
        "tenant-id-nullable",
        "tenant_plugin",
        (
            "alter table tenant_plugin drop constraint tenant_plugin_pkey;"
            "alter table tenant_plugin alter tenant_id drop not null"
        ),
    ),
    ("table-undeclared", "stray", f"{STRAY}; alter table stray add tenant_id int not null default 1"),
    ("table-absent", "counter", "drop table counter"),
    (
        "primary-key",
        "counter counter_pkey",
        "alter table counter drop constraint counter_pkey, add primary key (id)",
    ),
    ("primary-key", "counter", "alter table counter drop constraint counter_pkey"),
    ("index-without-tenant", "counter by_name", "create index by_name on counter (name)"),
    ("index-without-tenant", "counter by_lower", "create index by_lower on counter (lower(name), tenant_id)"),
    ("unique-without-tenant", "counter by_name", "create unique index by_name on counter (name)"),
    (
        "foreign-key-without-tenant",
        "tenant_plugin plain",
        (
            "create unique index u on counter (id); alter table tenant_plugin add other uuid;"
            "alter table tenant_plugin add constraint plain foreign key (other) references counter (id)"
        ),
    ),
    ("view-of-owner", "peek", "create view peek as select * from counter"),
    ("materialised-view", "kept", "create materialized view kept as select 1 as x"),
    (
        "foreign-table",
        "remote",
        (
            "create foreign data wrapper w; create server s foreign data wrapper w;"
            "create foreign table remote (x int) server s"
        ),
    ),
    (
        "definer-function",
        "strong",
        "create function strong() returns int language sql security definer as 'select 1'",
    ),
    (
        "definer-search-path",
        "strong",
        "create function strong() returns int language sql security definer as 'select 1'",
    ),
    (
        "granted-to-public",
        "strong()",
        "create function strong() returns int language sql security definer as 'select 1'",
    ),
    ("granted-to-public", "counter SELECT", "grant select on counter to public"),
    ("granted-to-public", "schema/database CREATE", "grant create on schema public to public"),
    ("right-beyond-plan", "counter jiceng_app TRUNCATE", "grant truncate on counter to jiceng_app"),
    ("right-beyond-plan", "tenant jiceng_app INSERT", "grant insert on tenant to jiceng_app"),
    ("right-missing", "tenant jiceng_app SELECT", "revoke select on tenant from jiceng_app"),
    (
        "granted-by-default",
        "SELECT to public",
        "alter default privileges in schema public grant select on tables to public",
    ),
    (
        "column-granted",
        "counter.value SELECT to jiceng_relay",
        "grant select (value) on counter to jiceng_relay",
    ),
    ("outside-public", "hidden.counter", "create schema hidden; create table hidden.counter (tenant_id int)"),
    (
        "sequence-usable",
        "migration_id_seq jiceng_app",
        "grant usage on sequence migration_id_seq to jiceng_app",
    ),
    ("schema-create", "jiceng_app", "grant create on schema public to jiceng_app"),
    (
        "owner-wrong",
        "counter (jiceng_backfill)",
        "grant create on schema public to jiceng_backfill;alter table counter owner to jiceng_backfill",
    ),
    (
        "trigger-missing",
        "audit_entry audit_entry_kept",
        "drop trigger audit_entry_kept on audit_entry",
    ),
    (
        "trigger-missing",
        "audit_entry audit_entry_kept",
        "alter table audit_entry disable trigger audit_entry_kept",
    ),
    (
        "trigger-missing",
        "audit_entry audit_entry_kept",
        (
            "create or replace trigger audit_entry_kept before delete on audit_entry for each row"
            " execute function audit_entry_kept()"
        ),
    ),
    (
        "routine-changed",
        "audit_entry audit_entry_kept()",
        (
            "create or replace function audit_entry_kept() returns trigger language plpgsql as"
            " 'begin return old; end'"
        ),
    ),
    ("routine-changed", "audit_entry audit_purge()", "drop function audit_purge(bigint)"),
    (
        "routine-changed",
        "audit_entry audit_purge()",
        "revoke execute on function audit_purge(bigint) from jiceng_app",
    ),
    ("granted-to-public", "audit_purge()", "grant execute on function audit_purge(bigint) to public"),
    ("role-too-strong", "jiceng_app", "alter role jiceng_app bypassrls"),
    ("role-too-strong", "jiceng_relay", "alter role jiceng_relay superuser"),
    ("role-too-strong", "jiceng_operator", "alter role jiceng_operator createrole"),
    ("role-member", "jiceng_app ← jiceng_owner", "grant jiceng_owner to jiceng_app"),
]


@pytest.mark.parametrize(
    ("rule", "where", "sql"), DEFECTS, ids=[f"{rule}-{at}" for at, (rule, _, _) in enumerate(DEFECTS)]
)
async def test_a_seeded_defect_is_found(rule: str, where: str, sql: str, superuser: Connection) -> None:
    transaction = superuser.transaction()
    await transaction.start()
    try:
        await superuser.execute(sql)
        found = await find_defects(superuser, registered_tables())
    finally:
        await transaction.rollback()
    assert (rule, where) in [(each.rule, each.where) for each in found]


async def test_a_fresh_database_has_no_defect(settings: Settings) -> None:
    assert await check_database(settings, registered_tables()) == []


async def test_a_server_without_its_security_release_is_found(superuser: Connection) -> None:
    around = await read_surroundings(superuser)
    old = msgspec.structs.replace(around, server_version=170004)
    assert [each.where for each in judge_surroundings(old, production=True)] == ["PostgreSQL 170004"]
    assert list(judge_surroundings(old)) == [], (
        "the embedded server of development is pinned by the lock file"
    )
    new = msgspec.structs.replace(around, server_version=170012)
    assert list(judge_surroundings(new, production=True)) == []


OF_URLS = {"pooler-undeclared", "pooler-not-allowed", "pooler-splits-transactions", "login-changed"}
"""Seeded with real poolers in test_poolers_are_told.py."""


def test_every_rule_of_the_lint_has_a_seeded_defect() -> None:
    assert {rule for rule, _, _ in DEFECTS} | {"server-too-old"} | OF_URLS == set(RULES)


def test_every_rule_says_what_is_wrong_and_what_to_do_in_words() -> None:
    for rule in RULES.values():
        assert rule.zh
        assert rule.en
        assert rule.todo_zh


async def test_an_unreachable_database_is_explained(settings: Settings) -> None:
    wrong = msgspec.structs.replace(settings, migrate_url="postgresql://u:p@127.0.0.1:9/jiceng")
    with pytest.raises(Unavailable, match="JICENG_MIGRATE_URL"):
        await check_database(wrong, registered_tables())
