from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from jiceng.accounts.signing_in.anchoring import anchor_all
from jiceng.kernel.database import execute, fetch, tenant_scope

ID = "2026-11-22T23:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "the log is told what people sign in with, where it was not told before"
READ = ("account", "second_factor", "recovery_code", "data_key", "counter", "audit_entry", "audit_head")


async def anchor_once() -> None:
    """In the migrating transaction, every tenant; `protect` forces row security again before COMMIT."""
    tenants = await fetch("select id from tenant order by id")
    if not tenants:
        return
    for table in READ:
        await execute(f'alter table "{table}" no force row level security')
    for tenant in tenants:
        with tenant_scope(tenant["id"]):
            await anchor_all()


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)
    manager.add_raw(anchor_once)
    return manager
