"""Tenants, their plugins and their dated settings."""

from datetime import date

import asyncpg
import pytest

from jiceng.kernel import database as db
from jiceng.kernel.audit import log
from jiceng.kernel.clock import today
from jiceng.kernel.database import tenant_scope
from jiceng.kernel.errors import Conflict, Invalid, NotFound
from jiceng.tenancy import queries, service

pytestmark = pytest.mark.usefixtures("database")


async def test_a_tenant_is_found_by_its_slug_without_any_tenant_being_set() -> None:
    province = await service.create_tenant("yunling", "云岭省", "province")
    district = await service.create_tenant("donghu", "东湖区", "district", parent="yunling")
    assert (province.id, district.id, district.parent) == (1, 2, 1)
    assert await queries.by_slug("donghu") == district
    assert await queries.by_id(2) == district
    assert await queries.by_slug("nowhere") is None
    assert [tenant.slug for tenant in await queries.all_tenants()] == ["yunling", "donghu"]


async def test_every_fault_of_a_new_tenant_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        await service.create_tenant("Dong Hu", " ", "village")
    assert len(refused.value.faults) == 3
    assert await queries.all_tenants() == []


@pytest.mark.parametrize("slug", ["", "1a", "a--b", "a-", "é", "a" * 41, "a/b", "A"])
async def test_a_slug_fits_into_an_address(slug: str) -> None:
    with pytest.raises(Invalid):
        await service.create_tenant(slug, "名", "town")


async def test_a_slug_is_taken_once_and_a_parent_must_exist() -> None:
    await service.create_tenant("donghu", "东湖区", "district")
    with pytest.raises(Conflict, match="已有同名标识"):
        await service.create_tenant("donghu", "又一个", "district")
    with pytest.raises(Invalid, match="没有上级租户“nowhere”"):
        await service.create_tenant("xishan", "西山区", "district", parent="nowhere")
    assert [tenant.id for tenant in await queries.all_tenants()] == [1]


async def test_the_registry_is_changed_by_the_operator_only() -> None:
    await service.create_tenant("donghu", "东湖区", "district")
    changed = await service.change_tenant(
        "donghu", name="东湖新区", kind="city", parent=None, state="suspended"
    )
    assert (changed.name, changed.kind, changed.active) == ("东湖新区", "city", False)
    with pytest.raises(NotFound):
        await service.change_tenant("nowhere", name="名", kind="town", parent=None)
    with pytest.raises(Invalid, match="状态只能是"):
        await service.change_tenant("donghu", name="名", kind="town", parent=None, state="gone")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await db.execute("update tenant set name = 'x'")


async def test_plugins_are_on_for_the_tenants_that_turned_them_on(two_tenants: tuple[int, int]) -> None:
    donghu, xishan = two_tenants
    with db.tenant_scope(donghu):
        await service.set_plugin("points", on=True)
        await service.set_plugin("star", on=True)
        await service.set_plugin("star", on=False)
        assert await queries.enabled_plugins() == {"points"}
    with db.tenant_scope(xishan):
        assert await queries.enabled_plugins() == frozenset()
    assert await queries.plugins_by_tenant() == {"donghu": ("points",), "xishan": ()}


async def test_a_setting_holds_from_its_day_on(two_tenants: tuple[int, int]) -> None:
    with db.tenant_scope(two_tenants[0]):
        await service.set_setting("notice_days", 5, date(2026, 1, 1))
        await service.set_setting("notice_days", {"normal": 7}, date(2026, 7, 1))
        await service.set_setting("notice_days", 3, date(2026, 1, 1))
        assert await queries.setting("notice_days", date(2025, 12, 31)) is None
        assert await queries.setting("notice_days", date(2026, 6, 30)) == 3
        assert await queries.setting("notice_days", date(2026, 7, 1)) == {"normal": 7}
    with db.tenant_scope(two_tenants[1]):
        assert await queries.setting("notice_days", date(2026, 7, 1)) is None


async def test_the_operator_sees_the_counts_of_every_tenant_and_nothing_else(
    two_tenants: tuple[int, int],
) -> None:
    for tenant, amount in zip(two_tenants, (614, 10), strict=True):
        with db.tenant_scope(tenant):
            await service.count_for_overview("organizations", amount)
            await service.count_for_overview("organizations", amount + 1)
    async with db.operator_transaction():
        rows = await db.fetch("select tenant_id, amount from tenant_summary order by tenant_id")
        assert [tuple(row) for row in rows] == [(two_tenants[0], 615), (two_tenants[1], 11)]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with db.savepoint():
                await db.fetch("select * from tenant_setting")


async def test_every_change_of_the_registry_is_in_the_tenants_own_log() -> None:
    made = await service.create_tenant("donghu", "东湖区", "district")
    for _ in range(2):  # the second changes nothing
        await service.change_tenant("donghu", name="东湖新区", kind="district", parent=None)
    with tenant_scope(made.id):
        await service.set_plugin("points", True)
        await service.set_setting("file_quota_mb", 10, today())
        rows = await db.fetch(
            "select event, details from audit_entry where tenant_id = $1 order by seq", made.id
        )
    assert [tuple(row.values()) for row in rows] == [
        ("tenant_created", "{}"),
        ("tenant_changed", '{"state":"active"}'),
        ("plugin_switched", '{"on":true}'),
        ("setting_changed", f'{{"day":"{today()}"}}'),
    ]


async def test_a_change_of_the_registry_and_its_entry_commit_together_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether the log or the registry fails last, nothing of either is left (control 23)."""
    before = await service.create_tenant("donghu", "东湖区", "district")
    monkeypatch.setattr(log, "_ADD", log._ADD.replace("audit_entry", "no_such_table"))
    with pytest.raises(asyncpg.PostgresError):
        await service.create_tenant("xishan", "西山区", "district")
    with pytest.raises(asyncpg.PostgresError):
        await service.change_tenant("donghu", name="东湖新区", kind="district", parent=None)
    monkeypatch.undo()
    assert await queries.all_tenants() == [before]
    monkeypatch.setattr(service, "_CHANGE", service._CHANGE.replace("tenant", "no_such_table"))
    with pytest.raises(asyncpg.PostgresError):
        await service.change_tenant("donghu", name="东湖新区", kind="district", parent=None)
    with tenant_scope(before.id):
        told = await db.fetch("select event from audit_entry where tenant_id = $1", before.id)
    assert [row["event"] for row in told] == ["tenant_created"]


async def test_the_operator_writes_into_the_log_of_the_tenant_it_entered_and_reads_none(
    two_tenants: tuple[int, int],
) -> None:
    async with db.operator_transaction() as opened:
        assert await db.fetch("select seq from audit_head") == []
        await opened.enter(two_tenants[0])
        assert len(await db.fetch("select seq from audit_head")) == 1
        with pytest.raises(db.NestedTransaction):
            await opened.enter(two_tenants[1])
        for statement in (
            "select event from audit_entry",
            "delete from audit_entry",
            "insert into audit_head (tenant_id, id) values (9, gen_random_uuid())",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with db.savepoint():
                    await db.execute(statement)
