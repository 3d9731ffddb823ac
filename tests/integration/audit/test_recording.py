"""An entry commits with its act or neither does; the database refuses to change one, whoever asks."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from jiceng.kernel import database as db
from jiceng.kernel.audit import Actor, Event, acting, entries, head, purge, record, record_now, verify_chain
from jiceng.kernel.audit.chain import Entry, Head
from jiceng.kernel.clock import showing
from jiceng.kernel.database.driver import Connection
from jiceng.kernel.errors import Conflict, Refusal
from jiceng.kernel.ids import new_id
from jiceng.kernel.settings import Settings

MEMBER = UUID(int=42)
PLUGIN = (
    "insert into tenant_plugin (tenant_id, id, name, enabled, changed_at) values ($1, $2, $3, true, now())"
)


async def told() -> list[Entry]:
    return [entry async for block in entries() for entry in block]


async def act(*, fails: bool = False) -> None:
    async with db.transaction():
        await db.execute(PLUGIN, db.current_tenant(), new_id(), "points")
        record(Event.PLUGIN_SWITCHED, ("plugin", "points"), on=True)
        if fails:
            raise ZeroDivisionError


async def undone() -> None:
    async with db.savepoint():
        record(Event.ROSTER_IMPORTED, rows=2)
        raise ZeroDivisionError


async def swallowing() -> None:
    async with db.transaction():
        record(Event.RUN_OPENED)
        with pytest.raises(asyncpg.PostgresError):
            await db.execute("select 1 / 0")


@pytest.mark.usefixtures("database")
async def test_an_entry_says_who_when_where_what_and_is_chained() -> None:
    moment, person, request = datetime(2026, 11, 22, 1, 2, 3, 4, tzinfo=UTC), new_id(), new_id()
    with db.tenant_scope(1), showing(moment):
        with acting(Actor("web", person, "10.0.0.8", request)):
            await act()
            await record_now(Event.PERMISSION_REFUSED, success=False, route="/t/{tenant:str}/accounts")
        first, second = await told()
        assert (first.seq, first.at, first.door, first.person) == (1, moment, "web", person)
        assert (first.address, first.request) == ("10.0.0.8", request)
        assert (first.event, first.object_kind, first.object_id) == ("plugin_switched", "plugin", "points")
        assert (first.success, first.details) == (True, '{"on":true}')
        assert (second.seq, second.success) == (2, False)
        assert second.details == '{"route":"/t/{tenant:str}/accounts"}'
        end = await head()
        assert end == Head(tenant=1, seq=2, hash=second.hash)
        assert await verify_chain([end]) == (end, [])


@pytest.mark.usefixtures("database")
async def test_an_act_undone_leaves_no_entry_and_a_savepoint_takes_its_own_along() -> None:
    with db.tenant_scope(1):
        with pytest.raises(ZeroDivisionError):
            await act(fails=True)
        assert await told() == []
        async with db.transaction():
            record(Event.ROSTER_IMPORTED, rows=1)
            with pytest.raises(ZeroDivisionError):
                await undone()
            record(Event.ROSTER_IMPORTED, rows=3)
        assert [entry.details for entry in await told()] == ['{"rows":1}', '{"rows":3}']


async def test_an_act_whose_entry_cannot_be_written_does_not_happen(
    database: Settings, superuser: Connection
) -> None:
    del database
    await superuser.execute("revoke insert on audit_entry from jiceng_app")
    try:
        with db.tenant_scope(1):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await act()
            assert await db.fetch_value("select count(*) from tenant_plugin where tenant_id = $1", 1) == 0
            idle, size = db.engine.pools.idle("app")
            assert idle == size
    finally:
        await superuser.execute("grant insert on audit_entry to jiceng_app")


@pytest.mark.usefixtures("database")
async def test_outside_a_transaction_or_a_tenant_nothing_can_be_recorded() -> None:
    with db.tenant_scope(1), pytest.raises(RuntimeError, match="open transaction"):
        record(Event.RUN_OPENED)
    async with db.operator_transaction():
        with pytest.raises(RuntimeError, match="tenant"):
            record(Event.RUN_OPENED)
    with pytest.raises(db.NoTenant):
        await record_now(Event.RUN_OPENED)


@pytest.mark.usefixtures("database")
async def test_a_swallowed_failure_is_still_told_as_not_saved() -> None:
    with db.tenant_scope(1):
        with pytest.raises(Conflict, match="没有保存"):
            await swallowing()
        assert await told() == []


@pytest.mark.usefixtures("database")
async def test_two_tenants_have_chains_of_their_own() -> None:
    for tenant in (1, 2, 1):
        with db.tenant_scope(tenant):
            await record_now(Event.RUN_OPENED)
    with db.tenant_scope(2):
        assert [entry.seq for entry in await told()] == [1]
        assert (await verify_chain())[1] == []


@pytest.mark.usefixtures("database")
async def test_many_at_once_make_one_chain_without_gap_or_fork() -> None:
    with db.tenant_scope(1):
        await asyncio.gather(*(asyncio.create_task(record_now(Event.RUN_OPENED)) for _ in range(200)))
        end, found = await verify_chain()
    assert (end.seq, found) == (200, [])


@pytest.mark.parametrize("role", ["jiceng_app", "jiceng_backfill", "jiceng_owner", "postgres"])
@pytest.mark.parametrize(
    "statement",
    [
        "update audit_entry set success = false",
        "delete from audit_entry",
        "truncate audit_entry",
        "delete from audit_head",
        "truncate audit_head",
        "update audit_head set seq = 0",
        "update audit_head set purged_seq = 9",
    ],
)
async def test_nobody_changes_empties_or_shortens_the_log(
    statement: str, role: str, database: Settings, superuser: Connection
) -> None:
    del database
    with db.tenant_scope(1):
        await record_now(Event.RUN_OPENED)
    await superuser.execute("set app.tenant_id = '1'")
    await superuser.execute(f"set role {role}")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await superuser.execute(statement)
    finally:
        await superuser.execute("reset role; reset app.tenant_id")


async def test_changed_rows_are_found_where_they_are(database: Settings, superuser: Connection) -> None:
    del database
    with db.tenant_scope(1):
        for _ in range(6):
            await record_now(Event.MEMBER_READ, ("member", MEMBER))
        before = await head()
        async with superuser.transaction():
            await superuser.execute("set local session_replication_role = replica")
            await superuser.execute("update audit_entry set object_id = '' where tenant_id = 1 and seq = 3")
            await superuser.execute("delete from audit_entry where tenant_id = 1 and seq = 5")
        assert [(each.seq, each.rule) for each in (await verify_chain())[1]] == [
            (3, "changed"),
            (6, "missing"),
        ]
        async with superuser.transaction():
            await superuser.execute("set local session_replication_role = replica")
            await superuser.execute("delete from audit_entry where tenant_id = 1 and seq >= 3")
            await superuser.execute(
                "update audit_head h set seq = 2, hash = e.hash from audit_entry e"
                " where e.tenant_id = 1 and e.seq = 2 and h.tenant_id = 1"
            )
        assert (await verify_chain())[1] == []
        assert [each.rule for each in (await verify_chain([before]))[1]] == ["head"]


@pytest.mark.usefixtures("database")
async def test_a_purge_deletes_what_expired_is_told_and_leaves_a_chain_that_verifies() -> None:
    with db.tenant_scope(1):
        with showing(datetime(2020, 1, 1, tzinfo=UTC)):
            for _ in range(3):
                await record_now(Event.RUN_OPENED)
            early = await head()
        await record_now(Event.RUN_OPENED)
        assert await purge(36) == 3
        assert await purge(36) == 0
        left = await told()
        assert [(entry.seq, entry.event) for entry in left] == [(4, "run_opened"), (5, "audit_purged")]
        end, found = await verify_chain([early])
        assert found == []
        assert (end.purged_seq, end.purged_hash) == (3, early.hash)


@pytest.mark.usefixtures("database")
async def test_a_purge_leaves_the_log_of_every_other_tenant() -> None:
    for tenant in (1, 2):
        with db.tenant_scope(tenant), showing(datetime(2020, 1, 1, tzinfo=UTC)):
            await record_now(Event.RUN_OPENED)
    with db.tenant_scope(1):
        assert await purge(36) == 1
    with db.tenant_scope(2):
        assert [entry.event for entry in await told()] == ["run_opened"]


@pytest.mark.usefixtures("database")
async def test_nothing_younger_than_six_months_can_be_purged() -> None:
    with db.tenant_scope(1):
        await record_now(Event.RUN_OPENED)
        with pytest.raises(Refusal, match="至少保存 6 个月"):
            await purge(5)
        with showing(datetime(2040, 1, 1, tzinfo=UTC)), pytest.raises(asyncpg.InsufficientPrivilegeError):
            await purge(6)  # a clock that is wrong does not help: the database has its own
        async with db.transaction():
            await db.execute("update audit_head set purged_seq = 1 where tenant_id = 1")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with db.savepoint():
                    await db.fetch_value("select audit_purge(1)")
        assert len(await told()) == 1
