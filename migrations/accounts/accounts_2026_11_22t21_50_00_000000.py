from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from jiceng.accounts.signing_in.vouching import vouch_for_all
from jiceng.kernel.database import execute, fetch, tenant_scope

ID = "2026-11-22T21:50:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "check values for what was stored before there were any"
READ = ("account", "second_factor", "recovery_code", "data_key", "counter")


async def vouch_once() -> None:
    """In the migrating transaction, every tenant; `protect` forces row security again before COMMIT."""
    tenants = await fetch("select id from tenant order by id")
    if not tenants:
        return
    for table in READ:
        await execute(f'alter table "{table}" no force row level security')
    for tenant in tenants:
        with tenant_scope(tenant["id"]):
            await vouch_for_all()


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)
    manager.add_raw(vouch_once)
    return manager
